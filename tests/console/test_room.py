"""The room as a liaison officer finds it: what is known now, and what was known at any moment."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.console.conftest import counted, counters, faults_of_access, sign_in_by_token, value_of, whole

Enter = Callable[..., Page]


def test_a_token_opens_the_room_and_is_in_no_address(danube: Any, new_page: Any) -> None:
    page = new_page()
    page.goto(f"{danube.stack.base_url}/")

    sign_in_by_token(page, danube.desks.lead_token)

    expect(page.get_by_role("heading", name="Operations of FRONTEX")).to_be_visible()
    assert danube.desks.lead_token not in page.url


def test_the_room_shows_what_is_known_now(danube: Any, enter: Enter) -> None:
    page = enter()

    shown = counters(page)
    assert shown == counted(danube, shown)
    assert len(shown) == 7
    assert shown["arrests"] == "83"
    expect(page.get_by_text("LIVE", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Events 2,526")).to_be_visible()
    assert int(page.locator("[data-clusters]").get_attribute("data-clusters") or 0) > 5


def test_an_officer_who_sees_less_is_shown_less(danube: Any, enter: Enter) -> None:
    page = enter(token=danube.desks.other_token)

    seen = len(danube.get("events", token=danube.desks.other_token, limit=1000)["items"])
    assert seen == 1000
    shown = page.get_by_role("heading", name=re.compile("Events")).inner_text()
    assert 2400 < int(re.sub(r"\D", "", shown)) < 2526
    expect(page.get_by_text("AL · participant")).to_be_visible()


def test_the_first_moment_is_reached_by_keyboard_and_cannot_be_taken_for_now(danube: Any, enter: Enter) -> None:
    page = enter()

    page.get_by_role("slider", name="The moment that is looked at").focus()
    page.keyboard.press("Home")

    expect(page.locator(".pill")).to_contain_text("AS OF Mon 20 Jun 2022 09:00 Vienna")
    expect(page.get_by_role("heading", name="Events 1")).to_be_visible()
    assert counters(page)["arrests"] == "0"
    page.keyboard.press("End")
    expect(page.get_by_text("LIVE", exact=True)).to_be_visible()
    assert counters(page)["arrests"] == "83"


@pytest.mark.parametrize("by", ["known", "happened"])
def test_page_and_server_agree_on_moments(danube: Any, enter: Enter, by: str) -> None:
    page = enter()
    days = ("06-24T10:00:00", "06-27T07:05:00", "06-28T06:14:59", "07-01T00:00:00")
    for moment in (f"2022-{day}.000Z" for day in days):
        asked = {"as_of" if by == "known" else "at": moment}

        page.evaluate(f"location.hash = '#/{danube.played.operation}/room?at={moment}&by={by}'")
        expect(page.locator(".pill.past")).to_be_visible()

        shown = counters(page)
        assert shown == counted(danube, shown, **asked)
        lines = [item["headline"] for item in whole(danube, "timeline", **asked)]
        expect(page.get_by_role("heading", name=re.compile(rf"^Events {len(lines):,}$"))).to_be_visible()
        newest = page.locator("li .headline").first.inner_text()
        assert newest in lines


def test_an_event_says_where_it_comes_from_and_what_became_of_it(danube: Any, enter: Enter) -> None:
    page = enter()
    page.get_by_label("Find in the list").fill("corrected")

    page.locator("button.line").last.click()

    event = page.get_by_role("article", name="The chosen event")
    expect(event.get_by_text("Reported by")).to_be_visible()
    expect(event.get_by_text("all participants")).to_be_visible()
    expect(event.get_by_role("heading", name="What became of it")).to_be_visible()
    event.get_by_text("Provenance").click()
    expect(event.get_by_text("Digest")).to_be_visible()
    page.keyboard.press("Escape")
    expect(event).to_be_hidden()


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("moment", ["now", "past"])
def test_nobody_is_kept_out_of_the_room(enter: Enter, scheme: str, moment: str) -> None:
    page = enter(scheme=scheme)
    if moment == "past":
        page.get_by_role("slider").focus()
        page.keyboard.press("PageUp")
        page.locator("button.line").first.click()
        page.get_by_text("Provenance").wait_for()

    assert faults_of_access(page) == []


def test_an_event_tells_no_more_than_was_known_at_the_moment(danube: Any, enter: Enter) -> None:
    fugitive = next(one for one in whole(danube, "timeline", type="arrest.made.v1") if one["category"] == "fugitive")
    page = enter()
    event = page.get_by_role("article", name="The chosen event")
    room = f"#/{danube.played.operation}/room?entry={fugitive['entry']}"

    page.evaluate(f"location.hash = '{room}'")
    expect(event.get_by_role("heading", name="What became of it")).to_be_visible()

    page.evaluate(f"location.hash = '{room}&at={fugitive['recorded_at']}'")
    expect(value_of(event, "Basis")).to_have_text("red notice")
    expect(event.get_by_role("heading", name="What became of it")).to_be_hidden()

    page.evaluate(f"location.hash = '{room}&at=2022-06-23T10:00:00Z'")
    expect(event.get_by_text("It was not known at this moment.")).to_be_visible()


def test_on_a_telephone_time_stands_in_one_row_until_it_is_wanted(danube: Any, enter: Enter) -> None:
    page = enter(width=360, height=740)
    bar = page.get_by_role("contentinfo", name="Time")
    box = bar.bounding_box()
    assert box is not None
    assert box["height"] < 740 / 10
    moment = page.get_by_label("Go to a moment, by the operation’s clock")
    expect(moment).to_be_hidden()

    page.get_by_role("button", name="Choose a moment and play").click()
    moment.fill("2022-06-24T12:00")
    moment.press("Tab")
    page.get_by_role("button", name="Choose a moment and play").click()

    expect(page.locator(".pill")).to_contain_text("AS OF Fri 24 Jun 2022 12:00 Vienna")
    expect(moment).to_be_hidden()
    bar.get_by_role("button", name="Back to live").click()
    expect(page.get_by_text("LIVE", exact=True)).to_be_visible()


def test_on_a_telephone_every_place_begins_at_its_top(enter: Callable[..., Page]) -> None:
    page = enter(width=360, height=740)
    page.get_by_role("link", name="Figures").click()
    page.get_by_role("row", name=re.compile("^Arrests")).first.wait_for()
    page.evaluate("scrollTo(0, 300)")
    assert page.evaluate("scrollY") > 0

    page.get_by_role("link", name="Room").click()

    page.locator("button.line").first.wait_for()
    assert page.evaluate("scrollY") == 0


def test_the_counters_follow_the_country_that_is_chosen_on_the_map(danube: Any, enter: Callable[..., Page]) -> None:
    page = enter()
    whole_row = counters(page)

    page.get_by_label("Country").select_option("RO")
    expect(page.locator('[data-metric="arrests"] .title')).to_have_text("Arrests · Romania")
    narrowed = counters(page)

    assert narrowed == {**narrowed, **counted(danube, ["arrests", "irregular_migrants", "cross_checks"], country="RO")}
    assert narrowed["arrests"] != whole_row["arrests"]
    page.get_by_role("link", name="Figures", exact=True).click()
    expect(page.get_by_role("row", name=re.compile("^Arrests")).first).to_contain_text(whole_row["arrests"])
