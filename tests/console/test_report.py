"""The after-action report in the browser: made for the moment that is looked at, and printed to A4."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.console.conftest import faults_of_access

Enter = Callable[..., Page]
A4_POINTS = (595, 842)


def paper(page: Page, danube: Any, *, at: str = "") -> Any:
    page.evaluate(f"location.hash = '#/{danube.played.operation}/afterwards{at}'")
    page.locator("[data-made=true]").wait_for()
    return page.get_by_role("article", name="After-action report")


def printed(page: Page) -> PdfReader:
    return PdfReader(BytesIO(page.pdf(prefer_css_page_size=True, print_background=True)))


def words(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("ﬃ", "ffi").replace("ﬁ", "fi").replace("ﬀ", "ff"))


def test_the_report_prints_to_numbered_and_stamped_pages(danube: Any, enter: Enter) -> None:
    page = enter()
    paper(page, danube)

    pdf = printed(page)

    assert len(pdf.pages) > 5
    for number, sheet in enumerate(pdf.pages, start=1):
        said = words(sheet.extract_text())
        assert f"Page {number} of {len(pdf.pages)}" in said
        assert "Handling H0 H1 H2" in said
        assert "jad-danube-2022 · after-action report · EXERCISE" in said
        assert [round(side) for side in (sheet.mediabox.width, sheet.mediabox.height)] == list(A4_POINTS)
    whole = words(" ".join(sheet.extract_text() for sheet in pdf.pages))
    assert "Arrests 83 83" in whole
    assert "of which Fugitives arrested 1 1" in whole
    assert "Cross-checks by Europol 947 947" in whole
    assert "1 arrest: fugitive, red notice" in whole
    assert "Boards" not in whole
    assert "What was known" not in whole


def test_what_is_printed_is_the_page_that_the_gateway_makes(danube: Any, enter: Enter) -> None:
    page = enter()
    shown = paper(page, danube)

    hashed = re.search(r"\b[0-9a-f]{64}\b", shown.inner_text())
    assert hashed
    assert hashed.group() in danube_page(danube)


def danube_page(danube: Any, **asked: Any) -> str:
    import httpx

    headers = {"Authorization": f"Bearer {danube.desks.lead_token}"}
    answer = httpx.get(f"{danube.stack.base_url}{danube.path}/report", params=asked, headers=headers, timeout=30)
    assert answer.status_code == 200
    return answer.text


def test_the_report_of_an_earlier_moment_is_of_that_moment(danube: Any, enter: Enter) -> None:
    page = enter()

    shown = paper(page, danube, at="?at=2022-06-27T07:04:00Z")

    expect(shown).to_contain_text("as known 27 Jun 2022 09:04")
    then = danube.get("figures/arrests", as_of="2022-06-27T07:04:00Z")["deduplicated"]["value"]
    expect(shown.get_by_role("row", name=re.compile(rf"^Arrests {then} {then} "))).to_be_visible()


def test_nobody_is_kept_out_of_the_report(danube: Any, enter: Enter) -> None:
    page = enter(scheme="dark")
    paper(page, danube)

    assert faults_of_access(page) == []
