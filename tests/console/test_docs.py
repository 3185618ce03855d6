"""The API's page runs under its own policy."""

from typing import Any

from playwright.sync_api import expect


def test_the_page_of_the_api_is_shown_whole_under_its_policy(danube: Any, new_page: Any) -> None:
    page = new_page()  # Its fixture fails for whatever the browser complains of, a refused script or style as well.
    page.goto(f"{danube.stack.base_url}/docs")

    expect(page.get_by_role("heading", name="Virtual Command Post")).to_be_visible()
    page.get_by_text("/v1/operations/{operation}/figures/{metric}", exact=True).click()
    expect(page.get_by_role("button", name="Try it out").first).to_be_visible()
