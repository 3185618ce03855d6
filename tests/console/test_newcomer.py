"""Somebody who sits down for the first time: from the door to the fugitive wanted by Israel, in six steps."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.console.conftest import sign_in_by_token

NOON_OF_DAY_ONE = "2022-06-24T12:00"


def test_a_newcomer_finds_the_fugitive_and_what_was_known_at_noon_of_day_one(
    danube: Any, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    page.goto(f"{danube.stack.base_url}/")

    sign_in_by_token(page, danube.desks.other_token)
    page.get_by_role("link", name="EMPACT JAD Danube").click()
    page.get_by_label("Find in the list").fill("Israel")
    expect(page.locator("li .headline").last).to_have_text("Hit in Nominals: person, record of IL")
    page.locator("button.line").last.click()
    event = page.get_by_role("article", name="The chosen event")
    expect(event.get_by_role("heading", name="What became of it")).to_be_visible()
    event.get_by_role("link", name="Its file").click()
    file = page.get_by_role("article", name="The file")
    expect(file.get_by_text("1 arrest: fugitive, red notice").first).to_be_visible()
    page.get_by_label("Go to a moment, by the operation’s clock").fill(NOON_OF_DAY_ONE)
    page.get_by_label("Go to a moment, by the operation’s clock").press("Tab")

    expect(page.locator(".pill")).to_have_text("AS OF Fri 24 Jun 2022 12:00 Vienna")
    expect(file.get_by_text("1 arrest: fugitive, red notice").first).to_be_visible()
    expect(file.get_by_text("extradition", exact=False)).to_have_count(0)
    page.get_by_role("button", name="Back to live").click()
    expect(file.get_by_text("extradition", exact=False).first).to_be_visible()
