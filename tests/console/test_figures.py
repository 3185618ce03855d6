"""Figures in the browser: every number with the events behind it, at any moment."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.console.conftest import faults_of_access

Enter = Callable[..., Page]


def table(page: Page) -> dict[str, str]:
    page.locator("section[aria-busy=false]").wait_for()
    rows = page.get_by_role("region", name="Figures").locator("tbody tr").all()
    return {row.locator("th a").inner_text(): row.locator(".counted").inner_text() for row in rows}


def test_a_number_leads_to_its_events_which_sum_to_it(danube: Any, enter: Enter) -> None:
    page = enter()

    page.get_by_role("link", name=re.compile("^Arrests")).click()

    behind = page.get_by_role("complementary", name="The events behind the figure")
    expect(behind.locator(".sum")).to_have_text("83 = 78 lines, together 83")
    assert len(danube.get("figures/arrests/events", limit=1000)["items"]) == 78
    assert table(page)["of which Fugitives arrested"] == "1"
    assert table(page)["Stolen vehicles"] == "not stated"

    behind.get_by_role("link", name=re.compile("fugitive")).click()

    event = page.get_by_role("article", name="The chosen event")
    expect(event.get_by_role("heading", name="1 arrest: fugitive, red notice")).to_be_visible()


def test_the_table_of_an_earlier_moment_is_the_servers(danube: Any, enter: Enter) -> None:
    page = enter()

    page.evaluate(f"location.hash = '#/{danube.played.operation}/figures?at=2022-06-27T07:04:00Z&metric=arrests'")

    expect(page.locator(".pill.past")).to_be_visible()
    then = danube.get("figures/arrests", as_of="2022-06-27T07:04:00Z")["deduplicated"]["value"]
    expect(page.locator(".sum strong")).to_have_text(str(then))
    expect(page.locator(".sum")).to_contain_text(f"together {then}")
    assert table(page)["Arrests"] == str(then) != "83"


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_nobody_is_kept_out_of_the_figures(enter: Enter, scheme: str) -> None:
    page = enter(scheme=scheme)
    page.get_by_role("link", name=re.compile("^Cross-checks")).click()
    page.get_by_text("By agency").wait_for()

    assert faults_of_access(page) == []


def test_a_narrow_screen_shows_the_same(enter: Enter) -> None:
    page = enter(width=360, height=740)

    assert page.evaluate("document.documentElement.scrollWidth") == 360
    expect(page.get_by_role("link", name=re.compile("^Arrests"))).to_contain_text("83")
    assert faults_of_access(page) == []


def test_two_reports_of_one_arrest_are_found_suggested_and_decided(room: Any, enter_as: Callable[..., Page]) -> None:
    when = {"from": "2022-06-24T10:10:00Z", "precision": "minute"}
    place = {"country": "BA", "crossing_point": "BA-1"}
    for agency in ("BA", "MD"):
        room.take(agency, "arrest.made.v1", occurred=when, place=place, count=1, audience={"scope": "all"})
    page = enter_as("BA")
    page.get_by_role("link", name=re.compile("^Arrests")).click()
    behind = page.get_by_role("complementary", name="The events behind the figure")
    expect(behind.locator(".sum strong")).to_have_text("2")

    twice = behind.get_by_role("region", name="What may be counted twice")
    expect(twice).to_contain_text("same place, same time")
    twice.get_by_role("button", name="Have it decided").click()
    form = page.get_by_role("dialog", name="Possible duplicate")
    form.get_by_role("radio", name="all", exact=True).check()
    form.get_by_role("checkbox", name="H0").check()
    form.get_by_role("button", name="Send as BA").click()
    twice.get_by_role("link", name="Suggested: to the decision").click()
    page.get_by_role("button", name="Duplicate confirmed", exact=True).click()
    form = page.get_by_role("dialog", name="Duplicate confirmed")
    kept = form.get_by_label("Kept")
    # Which of two of one time comes first, their ids decide.
    ours = form.locator("datalist option", has_text=re.compile("^1 arrest: .* · BA · ")).first
    kept.fill(ours.get_attribute("value") or "")
    expect(form.locator("span").filter(has_text="1 arrest: fugitive, red notice · BA")).to_be_visible()
    form.get_by_role("button", name="Send as BA").click()

    expect(page.locator('[data-metric="arrests"] .value')).to_have_text("1")


def test_a_lead_validates_and_releases_what_is_counted(room: Any, enter_as: Callable[..., Page]) -> None:
    room.take("BA", "arrest.made.v1", count=3, audience={"scope": "all"})
    page = enter_as("AT")
    page.get_by_role("link", name=re.compile("^Arrests")).click()
    stated = page.get_by_role("region", name="What is stated of it")

    for title, public in (("Figure validated", None), ("Figure released", "press")):
        stated.get_by_role("button", name=title).click()
        form = page.get_by_role("dialog", name=title)
        if public:
            form.get_by_role("radio", name=public).check()
        form.get_by_role("group", name="Audience").get_by_role("radio", name="all", exact=True).check()
        form.get_by_role("checkbox", name="H0").check()
        form.get_by_role("button", name="Send as AT").click()
        expect(page.get_by_role("status").filter(has_text=f"{title}: it is in the log.")).to_be_visible()

    expect(stated.get_by_role("link", name="Validated 3 · AT")).to_be_visible()
    expect(stated.get_by_role("link", name="Released to: press 3 · AT")).to_be_visible()
    room.take("BA", "arrest.made.v1", count=1, audience={"scope": "all"})
    expect(stated.get_by_text("+1 since")).to_have_count(2)
    (released,) = room.get("AT", "figures/arrests")["released"]
    assert (released["value"], released["released_to"]) == (3, "press")
