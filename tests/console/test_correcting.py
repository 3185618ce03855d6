"""What became of a record: corrected, taken back, narrowed; and what its readers are told of it."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.console.conftest import value_of

EnterAs = Callable[..., Page]


def test_one_s_own_record_is_corrected_from_what_it_says(room: Any, enter_as: EnterAs) -> None:
    room.take("BA", "arrest.made.v1", count=3)
    page = enter_as("BA")
    page.locator("button.line", has_text="3 arrests").click()

    page.get_by_role("button", name="Record corrected").click()
    form = page.get_by_role("dialog", name="Record corrected")
    form.get_by_label("Count", exact=True).fill("2")
    form.get_by_label("Reason").fill("Two persons, not three.")
    form.get_by_role("button", name="Send as BA").click()

    expect(page.get_by_role("status").filter(has_text="it is in the log")).to_be_visible()
    expect(page.locator("button.line", has_text="2 arrests")).to_contain_text("corrected")
    assert room.figure("AT", "arrests")["value"] == 2


def test_a_record_is_made_narrower_from_what_it_is(room: Any, enter_as: EnterAs) -> None:
    arrest = room.take("BA", "arrest.made.v1", audience={"scope": "all"})
    page = enter_as("BA")
    page.evaluate(f"location.hash = '#/{room.operation}/room?entry={arrest['entry']}'")
    page.get_by_role("button", name="Handling changed", exact=True).click()
    form = page.get_by_role("dialog", name="Handling changed")
    audience = form.get_by_role("group", name="New audience")
    expect(audience.get_by_role("radio", name="all", exact=True)).to_be_checked()
    expect(form.get_by_role("group", name="New handling").get_by_role("checkbox", name="H0")).to_be_checked()

    audience.get_by_role("radio", name="named").check()
    audience.get_by_role("checkbox", name="AT Austria").check()
    form.get_by_role("button", name="Send as BA").click()

    expect(page.get_by_role("status").filter(has_text="it is in the log")).to_be_visible()
    expect(page.get_by_role("article", name="The chosen event")).to_contain_text("the owner, AT")
    assert [len(room.get(agency, "arrests")["items"]) for agency in ("BA", "AT", "MD")] == [1, 1, 0]


def test_a_correction_is_read_and_acknowledged_by_whoever_had_it_before(room: Any, enter_as: EnterAs) -> None:
    arrest = room.take("BA", "arrest.made.v1", count=3, audience={"scope": "all"})
    reading = enter_as("MD")
    reading.locator("button.line", has_text="3 arrests").click()
    event = reading.get_by_role("article", name="The chosen event")
    expect(value_of(event, "Count")).to_have_text("3")

    data = {**room.report("arrest.made.v1")["data"], "count": 2, "audience": {"scope": "all"}}
    changed = {"target": arrest["entry"], "corrected": data, "audience": {"scope": "all"}}
    room.take("BA", "record.corrected.v1", etag=arrest["etag"], **changed)

    expect(event).to_contain_text("Corrected by BA")
    expect(value_of(event, "Count").first).to_have_text("2")
    event.get_by_text("What it said at first").click()
    expect(value_of(event, "Count").last).to_have_text("3")
    reading.get_by_role("tab", name=re.compile("Waiting for MD")).click()
    expect(reading.get_by_role("list", name="What waits for you, oldest first")).to_contain_text(
        "Acknowledge: corrected"
    )
    reading.get_by_role("button", name="Record acknowledged").click()
    reading.get_by_role("dialog", name="Record acknowledged").get_by_role("button", name="Send as MD").click()

    expect(reading.get_by_text("Nothing waits for your agency.")).to_be_visible()


def test_a_second_correction_begins_with_the_first(room: Any, enter_as: EnterAs) -> None:
    arrest = room.take("BA", "arrest.made.v1", count=3)
    data = {**room.report("arrest.made.v1")["data"], "count": 2}
    room.take("BA", "record.corrected.v1", etag=arrest["etag"], target=arrest["entry"], corrected=data)
    page = enter_as("BA")
    page.locator("button.line", has_text="2 arrests").click()

    page.get_by_role("button", name="Record corrected", exact=True).click()

    form = page.get_by_role("dialog", name="Record corrected")
    expect(form.get_by_label("Count", exact=True)).to_have_value("2")


def test_one_s_own_record_is_taken_back_and_says_so(room: Any, enter_as: EnterAs) -> None:
    room.take("BA", "arrest.made.v1", count=3)
    page = enter_as("BA")
    page.locator("button.line", has_text="3 arrests").click()

    page.get_by_role("button", name="Record retracted").click()
    form = page.get_by_role("dialog", name="Record retracted")
    form.get_by_role("radio", name="wrong").check()
    form.get_by_role("button", name="Send as BA").click()

    expect(page.get_by_role("article", name="The chosen event")).to_contain_text("Taken back: it counts no more.")
    expect(page.locator('[data-metric="arrests"] .value')).to_have_text("0")
    page.get_by_role("tab", name=re.compile("^Waiting")).click()
    expect(page.get_by_text("Nothing waits for your agency.")).to_be_visible()
