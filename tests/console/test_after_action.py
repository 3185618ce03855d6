"""The after-action report: the views' own numbers, as far as its reader may see, on pages that print."""

from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from typing import Any

import httpx
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from tests.console.conftest import Danube

A4_POINTS = (595, 842)
NOON = "2022-06-24T12:00:00+02:00"


def fetched(danube: Danube, token: str, **asked: Any) -> httpx.Response:
    address = f"{danube.stack.base_url}{danube.path}/report"
    answer = httpx.get(address, params=asked, headers={"Authorization": f"Bearer {token}"}, timeout=30)
    assert answer.status_code == 200, answer.text
    return answer


def shown(page: Page, html: str) -> Page:
    page.set_content(html)
    return page


def figure(page: Page, title: str) -> list[str]:
    """What stands in the row of a figure: reported and counted."""
    row = page.locator("#figures ~ div tr", has=page.locator("th", has_text=title)).first
    return row.locator("td.number").all_inner_texts()


def test_the_report_prints_on_a4_with_its_stamp_and_page_numbers(danube: Danube, browser: Browser) -> None:
    page = browser.new_page()
    shown(page, fetched(danube, danube.desks.lead_token).text)
    printed = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    page.close()
    texts = [one.extract_text() for one in printed.pages]
    for number, (one, text) in enumerate(zip(printed.pages, texts, strict=True), start=1):
        assert (round(one.mediabox.width), round(one.mediabox.height)) == A4_POINTS
        assert f"Page {number} of {len(texts)}" in text
        assert "handling H0, H1, H2" in text
    whole = " ".join(texts)
    for said in ("EMPACT JAD Danube 2022", "24 June 2022 to 04 July 2022", "Searches and hits", "What it rests on"):
        assert said in whole


def test_its_figures_are_those_of_the_picture(danube: Danube, new_page: Callable[..., Page]) -> None:
    page = shown(new_page(), fetched(danube, danube.desks.lead_token).text)
    for counted in danube.get("figures")["items"]:
        said = counted["deduplicated"]
        if said["value"]:
            assert figure(page, counted["title"])[1] == f"{said['value']:,}".replace(",", "\u202f"), counted["metric"]
    assert figure(page, "Stolen vehicles") == ["not stated", "not stated"]


def test_it_shows_the_moment_that_is_asked_for(danube: Danube, new_page: Callable[..., Page]) -> None:
    page = shown(new_page(), fetched(danube, danube.desks.lead_token, as_of=NOON).text)
    arrests = danube.get("figures/arrests", as_of=NOON)["deduplicated"]["value"]
    assert figure(page, "Arrests")[1] == str(arrests)
    assert "24 Jun 2022 12:00:00" in page.locator("main").inner_text()


def test_each_reader_is_told_what_they_may_see_and_can_work_the_hash_out(
    danube: Danube, new_page: Callable[..., Page]
) -> None:
    hashes = set()
    for token in (danube.desks.lead_token, danube.desks.other_token):
        page = shown(new_page(), fetched(danube, token).text)
        lines, cursor = [], None
        while not lines or cursor:
            more = {"cursor": cursor} if cursor else {}
            log = danube.get("events", token=token, limit=1000, **more)
            lines += [f"{entry['entry']} {entry['digest']}\n" for entry in log["items"]]
            cursor = log["next"]
        told = page.locator("code.range").inner_text()
        assert told == sha256("".join(lines).encode()).hexdigest()
        assert f"{len(lines)} of the log" in page.locator("main").inner_text()
        hashes.add(told)
    assert len(hashes) == 2


def test_nothing_in_it_runs_or_is_fetched(danube: Danube) -> None:
    answer = fetched(danube, danube.desks.lead_token)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "<script" not in answer.text and " style=" not in answer.text and "http://" not in answer.text
    assert answer.headers["vcp-handling"] == "H0, H1, H2"
