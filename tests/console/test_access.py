"""Every place of the console by its markup: WCAG 2.2 A and AA, in both themes, magnified, and on a telephone."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.console.conftest import faults_of_access, sign_in_by_token

SCREENS = {
    "dark": {"scheme": "dark"},
    "light": {"scheme": "light"},
    "at 200 %": {"width": 720, "height": 430},
    "telephone": {"scheme": "light", "width": 360, "height": 740},
}
VIEWS = (
    "changes",
    "search",
    "reviews",
    "participants",
    "disclosures",
    "afterwards",
    "status",
    "figures",
    "figures?metric=cross_checks",
)


def places(page: Page, danube: Any) -> Iterator[str]:
    """Goes from place to place as a person does; each is looked at before the next."""
    page.goto(f"{danube.stack.base_url}/")
    page.get_by_role("heading", name="Virtual command post").wait_for()
    yield "door"
    sign_in_by_token(page, danube.desks.lead_token)
    page.get_by_role("link", name="EMPACT JAD Danube").wait_for()
    yield "operations"
    page.get_by_role("button", name="Open an operation").click()
    page.get_by_role("button", name="Open as FRONTEX").wait_for()
    yield "new operation"
    page.get_by_role("link", name="EMPACT JAD Danube").click()
    page.locator("[data-ready=true]").wait_for()
    yield "room"
    page.locator("button.line").first.click()
    page.get_by_text("Provenance").click()
    yield "event"
    page.keyboard.press("Escape")
    page.get_by_role("tab", name=re.compile("^Waiting")).click()
    yield "queue"
    page.get_by_role("button", name="Help").click()
    page.get_by_role("dialog").wait_for()
    yield "help"
    page.keyboard.press("Escape")
    page.get_by_role("navigation", name="Rooms").get_by_role("link", name="Report").click()
    page.get_by_role("button", name=re.compile("^Arrest ")).click()
    page.get_by_role("dialog").get_by_role("group", name="Audience").wait_for()
    yield "form"
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")
    yield "report"
    case, incident = (danube.get(view, limit=1000)["items"][-1]["thing"] for view in ("cases", "incidents"))
    chosen = (f"incidents?thing={incident}", f"protection?thing={case}", f"entities?thing={incident}")
    for where in (*VIEWS, *chosen, "room?at=2022-06-24T10:00:00.000Z"):
        page.evaluate(f"location.hash = '#/{danube.played.operation}/{where}'")
        page.locator("main").wait_for()
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        expect(page.get_by_text("Looking up")).to_have_count(0)
        yield where


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
def test_nobody_is_kept_out_of_any_place(danube: Any, new_page: Callable[..., Page], screen: dict[str, Any]) -> None:
    page = new_page(**screen)
    faults = []

    for place in places(page, danube):
        # What lies behind the time line that stays in sight comes out by scrolling.
        page.evaluate("document.querySelectorAll('footer').forEach((one) => (one.style.position = 'static'))")
        faults += [f"{place}: {fault}" for fault in faults_of_access(page)]
        width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if width > 0:
            faults.append(f"{place}: {width} pixels wider than the screen")

    assert "\n".join(faults) == ""
