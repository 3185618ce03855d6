"""Bad days: a gateway that is killed, a network that is slow or gone, a wrong clock, ten thousand events at once."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.console.conftest import counted, counters, sign_in_by_token
from tests.console.wire import Wire, wire_to

EnterAs = Callable[..., Page]
LOST = "ERR_"
BATCH = 1000
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 60_000, "uploadThroughput": 30_000}


def post_many(room: Any, agency: str, count: int, *, first: int = 0) -> None:
    """Arrests, each with a number of its own in its place's name."""
    for start in range(first, first + count, BATCH):
        numbers = range(start, min(start + BATCH, first + count))
        batch = [
            room.report("arrest.made.v1", place={"country": "BA", "text": f"invented point {number}"})
            for number in numbers
        ]
        headers = {"Content-Type": "application/cloudevents-batch+json"}
        answer = room.as_agency(agency).post(f"{room.path}/events", json=batch, headers=headers)
        assert answer.status_code == 207, answer.text
        assert {one["status"] for one in answer.json()["results"]} == {201}


@pytest.fixture
def wire(danube: Any) -> Iterator[Wire]:
    with wire_to(danube.stack.settings.port) as made:
        yield made


@pytest.fixture
def wired(room: Any, wire: Wire, new_page: Callable[..., Page]) -> Page:
    """The test's own room, by a wire of its own."""
    page = new_page(expecting=LOST)
    page.goto(f"{wire.url}/")
    sign_in_by_token(page, room.as_agency("AT").headers["Authorization"].removeprefix("Bearer "))
    page.get_by_role("link", name=f"Room {room.operation}").click()
    page.locator("section[aria-busy=false]").wait_for()
    return page


def places_shown(page: Page) -> list[str]:
    """The places of the arrests in the feed, as often as they stand there."""
    said = page.locator("li .where").all_text_contents()
    return sorted(found.group() for text in said if (found := re.search(r"invented point \d+", text)))


def test_a_gateway_that_is_killed_amid_news_loses_and_doubles_nothing(room: Any, enter_as: EnterAs) -> None:
    page = enter_as("AT", expecting=LOST)
    stack = room.stack
    post_many(room, "BA", 15)
    page.locator("li .headline").nth(14).wait_for()

    stack.gateway.kill()
    expect(page.get_by_text("NOT CONNECTED")).to_be_visible()
    stack.gateway.start()
    while not stack.is_ready():
        page.wait_for_timeout(100)
    post_many(room, "BA", 15, first=15)
    expect(page.get_by_text("LIVE", exact=True)).to_be_visible(timeout=20_000)
    post_many(room, "BA", 15, first=30)

    expect(page.locator('[data-metric="arrests"] .value')).to_have_text("45")
    expect(page.locator("li .where", has_text="invented point")).to_have_count(45)
    assert places_shown(page) == sorted(f"invented point {number}" for number in range(45))


def test_a_network_that_was_gone_is_made_up_for(room: Any, wired: Page, wire: Wire) -> None:
    post_many(room, "BA", 3)
    expect(wired.locator('[data-metric="arrests"] .value')).to_have_text("3")

    wire.cut()
    expect(wired.get_by_text("NOT CONNECTED")).to_be_visible()
    post_many(room, "BA", 3, first=3)
    wire.mend()

    expect(wired.get_by_text("LIVE", exact=True)).to_be_visible(timeout=20_000)
    expect(wired.locator('[data-metric="arrests"] .value')).to_have_text("6")
    assert places_shown(wired) == [f"invented point {number}" for number in range(6)]


def test_a_connection_that_says_nothing_any_more_is_given_up(room: Any, wired: Page, wire: Wire) -> None:
    """As where a cable was pulled: nothing ends, and nothing comes."""
    wire.hang()
    post_many(room, "BA", 2)

    expect(wired.get_by_text("NOT CONNECTED")).to_be_visible(timeout=40_000)
    wire.mend()

    expect(wired.get_by_text("LIVE", exact=True)).to_be_visible(timeout=20_000)
    expect(wired.locator('[data-metric="arrests"] .value')).to_have_text("2")
    assert places_shown(wired) == [f"invented point {number}" for number in range(2)]


def test_numbers_that_could_not_be_had_are_had_by_themselves(danube: Any, enter: Callable[..., Page]) -> None:
    page = enter(expecting="503")
    now = counters(page)
    moment = "2022-06-27T07:05:00.000Z"
    room = f"#/{danube.played.operation}/room"
    refused: list[str] = []

    def refuse(route: Any) -> None:
        refused.append(route.request.url)
        route.fulfill(status=503, json={"type": "/problems/unavailable", "title": "Not now", "detail": ""})

    page.route("**/figures?as_of=*", refuse)
    page.evaluate(f"location.hash = '{room}?at={moment}'")
    expect(page.locator('[data-metric="arrests"] .value')).to_have_text("–")
    page.evaluate(f"location.hash = '{room}'")
    assert counters(page) == now
    page.evaluate(f"location.hash = '{room}?at={moment}'")
    expect(page.locator('[data-metric="arrests"] .value')).to_have_text("–")
    page.unroute("**/figures?as_of=*")

    shown = counters(page)
    assert shown == counted(danube, shown, as_of=moment)
    assert len(refused) >= 2


def test_a_slow_network_says_that_it_is_loading_and_shows_the_last_moment_asked_for(
    danube: Any, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    page.goto(f"{danube.stack.base_url}/")
    page.get_by_text("Use a token").wait_for()
    slow = page.context.new_cdp_session(page)
    slow.send("Network.enable")
    slow.send("Network.emulateNetworkConditions", SLOW)
    sign_in_by_token(page, danube.desks.lead_token)
    page.get_by_role("link", name="EMPACT JAD Danube").click()

    expect(page.locator(".pill")).to_have_text("LOADING")
    expect(page.locator(".pill")).to_have_text("LIVE", timeout=60_000)
    first, last = "2022-06-24T10:00:00.000Z", "2022-06-28T06:15:00.000Z"
    for moment in (first, last):
        page.evaluate(f"location.hash = '#/{danube.played.operation}/room?at={moment}'")

    shown = counters(page)
    assert shown == counted(danube, shown, as_of=last)
    assert shown != counted(danube, shown, as_of=first)


def test_a_wrong_clock_is_told_and_changes_nothing(danube: Any, new_page: Callable[..., Page]) -> None:
    page = new_page()
    page.clock.install(time=datetime.now(UTC) + timedelta(hours=5))
    page.goto(f"{danube.stack.base_url}/")
    sign_in_by_token(page, danube.desks.lead_token)
    page.get_by_role("link", name="EMPACT JAD Danube").click()
    page.locator("section[aria-busy=false]").wait_for()

    page.get_by_title("The gateway’s clock").get_by_text(re.compile(r"\d\d:\d\d")).wait_for()
    said = page.get_by_title("The gateway’s clock").inner_text()[:5]
    now = datetime.now(UTC)
    assert said in {(now - timedelta(minutes=minute)).strftime("%H:%M") for minute in range(3)}
    page.evaluate(f"location.hash = '#/{danube.played.operation}/status'")
    expect(page.get_by_text(re.compile(r"^1[78],\d{3} s ahead of the gateway’s, which counts$"))).to_be_visible()


def test_ten_thousand_events_at_once_leave_the_room_usable(room: Any, enter_as: EnterAs) -> None:
    page = enter_as("AT")
    post_many(room, "BA", 10_000)

    expect(page.locator('[data-metric="arrests"] .value')).to_have_text("10,000", timeout=60_000)
    expect(page.get_by_role("heading", name=re.compile(r"^Events 10,0\d\d$"))).to_be_visible(timeout=60_000)
    page.get_by_label("Find in the list").fill("point 4711")
    expect(page.get_by_role("heading", name="Events 1", exact=True)).to_be_visible()
    page.locator("button.line").click()
    expect(page.get_by_role("article", name="The chosen event")).to_contain_text("invented point 4711")
    page.get_by_label("Find in the list").fill("")
    page.get_by_role("slider").focus()
    page.keyboard.press("Home")
    expect(page.locator(".pill")).to_contain_text("AS OF")
    expect(page.locator('[data-metric="arrests"] .value')).to_have_text("0")
    page.keyboard.press("End")
    expect(page.locator('[data-metric="arrests"] .value')).to_have_text("10,000")
