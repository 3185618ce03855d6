"""What a room owes to persons: found only by who may, looked at again, erased everywhere, and corrected for all."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.console.test_boards import board, person_of

EnterAs = Callable[..., Page]
NAME = "Sekulić"


def arrested(room: Any, **members: Any) -> dict[str, Any]:
    taken: dict[str, Any] = room.take("BA", "arrest.made.v1", person=person_of(NAME), **members)
    return taken


def test_a_name_is_found_in_another_script_and_stands_in_no_address(room: Any, enter_as: EnterAs) -> None:
    arrest = arrested(room)
    page = enter_as("AT", expecting="400")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    board(page, "Search")

    page.get_by_role("searchbox", name="Name").fill("Секулић Invented")
    page.get_by_label("Born").fill("3 Feb 1961")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Born").fill("1961-02-03")
    page.get_by_role("button", name="Search").click()
    found = page.get_by_role("list", name="Same name and date of birth")
    expect(found).to_contain_text("same birth date")
    found.get_by_role("link").click()

    expect(page.get_by_role("article", name="The chosen event")).to_contain_text(NAME)
    assert arrest["entry"] in page.url
    assert not [url for url in asked if "1961" in url or "%D0" in url or "Invented" in url]


def test_a_record_that_is_due_is_erased_and_says_so_at_every_moment(room: Any, enter_as: EnterAs) -> None:
    arrest = arrested(room, review_on="2024-03-01")
    known = room.get("BA", f"events/{arrest['entry']}")["recorded_at"]
    page = enter_as("BA")
    board(page, "Due for review")
    page.get_by_role("list", name="Records to look at again").get_by_role("link", name="was due on 2024-03-01").click()
    event = page.get_by_role("article", name="The chosen event")
    expect(event).to_contain_text(NAME)

    event.get_by_role("button", name="Person erased").click()
    form = page.get_by_role("dialog", name="Person erased")
    form.get_by_label("Ground").select_option("review")
    form.get_by_role("button", name="Send as BA").click()

    expect(page.locator("li .headline").first).to_have_text("Person erased: review")
    expect(event).not_to_contain_text(NAME)
    expect(event.get_by_text(re.compile(r"person .* review"))).to_be_visible()
    page.evaluate(f"location.hash = '#/{room.operation}/room?at={known[:23]}Z&entry={arrest['entry']}'")
    expect(page.locator(".pill")).to_contain_text("AS OF")
    expect(page.locator("li .headline").filter(has_text="Person erased")).to_have_count(0)
    expect(event.get_by_text(re.compile(r"person .* review"))).to_be_visible()
    expect(event).not_to_contain_text(NAME)


def test_a_correction_waits_until_whoever_had_the_record_says_that_it_is_known(room: Any, enter_as: EnterAs) -> None:
    arrest = arrested(room)
    room.get("MD", f"events/{arrest['entry']}")
    data = {**room.report("arrest.made.v1")["data"], "count": 2}
    correction = room.take("BA", "record.corrected.v1", target=arrest["entry"], corrected=data, etag=arrest["etag"])
    page = enter_as("MD")

    page.get_by_role("tab", name="Waiting for").click()
    waiting = page.get_by_role("list", name="What waits for you, oldest first")
    waiting.get_by_role("button", name="Acknowledge: corrected").click()
    page.get_by_role("button", name="Record acknowledged", exact=True).click()
    page.get_by_role("dialog", name="Record acknowledged").get_by_role("button", name="Send as MD").click()

    expect(page.get_by_text("Nothing waits for your agency.")).to_be_visible()
    assert [one["acknowledged"] is not None for one in room.get("MD", "recalls")["items"]] == [True]

    data["count"] = 3
    room.take("BA", "record.corrected.v1", target=arrest["entry"], corrected=data, etag=correction["etag"])
    expect(waiting.get_by_role("button", name="Acknowledge: corrected")).to_be_visible()
