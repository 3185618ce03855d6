"""The room while things happen: news, bad days, and hostile text."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

EnterAs = Callable[..., Page]
HOSTILE = [
    "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>",
    "{@html '<b>bold</b>'} ${7*7} javascript:alert(1)",
    "\u202egnp.elif\u202c שלום عليكم",
    "e\u0301" * 60 + " \U0001f469\u200d\U0001f469\u200d\U0001f467",
    "W" * 190,
]


def test_an_event_is_seen_without_asking_for_it(room: Any, enter_as: EnterAs) -> None:
    page = enter_as("AT")
    expect(page.locator('[data-metric="arrests"] .value')).to_have_text("0")

    room.take("BA", "arrest.made.v1", count=2)

    expect(page.locator("li.fresh .headline").first).to_have_text("2 arrests: fugitive, red notice")
    expect(page.locator('[data-metric="arrests"] .value')).to_have_text("2")
    expect(page.get_by_role("status").get_by_role("button", name="1 new")).to_be_visible()
    slider = page.get_by_role("slider", name="The moment that is looked at")
    assert slider.evaluate("one => one.value === one.max")


def test_what_was_new_is_new_after_the_page_was_loaded_again(room: Any, enter_as: EnterAs) -> None:
    page = enter_as("AT")
    room.take("BA", "arrest.made.v1")
    page.get_by_role("button", name="1 new").click()
    expect(page.locator("li.fresh")).to_have_count(0)

    room.take("BA", "arrest.made.v1", count=2)
    room.take("BA", "arrest.made.v1", count=3)
    page.reload()

    expect(page.get_by_role("button", name="2 new")).to_be_visible()
    expect(page.locator("li.fresh")).to_have_count(2)


def test_what_is_not_for_one_never_reaches_the_page(room: Any, enter_as: EnterAs) -> None:
    page = enter_as("MD")
    said: list[str] = []
    page.on("response", lambda answer: said.append(answer.url))

    room.take("BA", "arrest.made.v1", count=7, audience={"scope": "named", "agencies": ["INTERPOL"]})
    room.take("BA", "arrest.made.v1", count=2)

    expect(page.locator('[data-metric="arrests"] .value')).to_have_text("2")
    assert "7 arrests" not in page.content()


def test_a_record_that_is_no_longer_for_one_leaves_the_page(room: Any, enter_as: EnterAs) -> None:
    arrest = room.take("BA", "arrest.made.v1", count=7)
    page = enter_as("MD")
    expect(page.locator("li .headline", has_text="7 arrests")).to_be_visible()

    narrower = {"new_audience": {"scope": "named", "agencies": ["INTERPOL"]}, "new_handling": {"codes": ["H1"]}}
    room.take("BA", "handling.changed.v1", etag=arrest["etag"], target=arrest["entry"], **narrower)

    expect(page.locator("li .headline", has_text="7 arrests")).to_be_hidden()
    expect(page.locator('[data-metric="arrests"] .value')).to_have_text("0")
    assert "7 arrests" not in page.content()


def test_an_open_event_is_read_once_whatever_else_happens(room: Any, enter_as: EnterAs) -> None:
    """Each reading of persons is a line of the ledger, and must be a person's look at them."""
    arrest = room.take("BA", "arrest.made.v1")
    page = enter_as("AT")
    page.locator("button.line").first.click()
    page.get_by_text("Reported by").wait_for()

    for count in (2, 3, 4):
        room.take("BA", "arrest.made.v1", count=count)
        expect(page.locator("li .headline", has_text=f"{count} arrests")).to_be_visible()

    given = room.get("BA", f"disclosures/{arrest['entry']}")["given"]
    assert [one["agency"] for one in given] == ["AT"]


@pytest.mark.parametrize("text", HOSTILE, ids=["script", "templates", "right to left", "combining", "long"])
def test_hostile_text_is_text(room: Any, enter_as: EnterAs, text: str) -> None:
    place = {"country": "BA", "text": text, "latitude": 44.0, "longitude": 18.0}
    room.take("BA", "arrest.made.v1", place=place)
    page = enter_as("AT")

    page.locator("button.line").first.click()

    page.get_by_text("Reported by").wait_for()
    expect(page.locator("li .where").first).to_contain_text(text)
    assert page.title() == "Virtual command post"
    assert page.locator("article img, article script, article b").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_gateway_that_went_away_is_told_and_nothing_is_lost(room: Any, enter_as: EnterAs) -> None:
    page = enter_as("AT", expecting="Failed to load resource")
    stack = room.stack
    room.take("BA", "arrest.made.v1", count=2)
    expect(page.locator('[data-metric="arrests"] .value')).to_have_text("2")

    stack.gateway.stop()

    expect(page.get_by_text("NOT CONNECTED")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("What you see is what was known before")
    expect(page.locator("li .headline").first).to_have_text("2 arrests: fugitive, red notice")

    stack.gateway.start()
    while not stack.is_ready():
        page.wait_for_timeout(100)
    room.take("BA", "arrest.made.v1", count=3)

    expect(page.get_by_text("LIVE", exact=True)).to_be_visible(timeout=20_000)
    expect(page.locator('[data-metric="arrests"] .value')).to_have_text("5")
    expect(page.locator("li .headline", has_text="arrests: fugitive")).to_have_count(2)


def test_a_token_that_ended_leads_back_to_the_door(room: Any, enter_as: EnterAs, danube: Any) -> None:
    from sqlalchemy import create_engine

    from services.shared import desk
    from services.shared.database import engine_url

    page = enter_as("MD", expecting="401")
    engine = create_engine(engine_url(danube.stack.settings.gateway_database_url))
    with engine.begin() as connection:
        desk.revoke(connection, "MD", actor="system")
    engine.dispose()

    expect(page.get_by_label("Your token")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("alert")).to_contain_text("This token is not valid, or it has ended.")
    assert room.operation not in page.locator("body").inner_text()
