"""The API's page runs under its own policy."""

from typing import Any

from playwright.sync_api import expect

READS_ALL_MS = 60_000
"""The page reads the description of all routes before it shows any."""


def test_the_page_of_the_api_is_shown_whole_under_its_policy(danube: Any, new_page: Any) -> None:
    page = new_page()  # Its fixture fails for whatever the browser complains of, a refused script or style as well.
    page.goto(f"{danube.stack.base_url}/docs")

    expect(page.get_by_role("heading", name="Virtual Command Post")).to_be_visible(timeout=READS_ALL_MS)
    page.locator("#operations-tag-figures").click()
    page.get_by_text("/v1/operations/{operation}/figures/{metric}", exact=True).click(timeout=READS_ALL_MS)
    expect(page.get_by_role("button", name="Try it out").first).to_be_visible(timeout=READS_ALL_MS)
