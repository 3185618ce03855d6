"""The console in a real Chromium, on the real stack with the Danube drill played."""

import asyncio
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect, sync_playwright

from services.cli.desks import Desks, hand_out
from services.drill import Played, play
from services.shared.embedded import free_port, held
from services.shared.settings import Settings
from services.stack import Stack
from tests.flow.conftest import Room

PROJECT = Path(__file__).parents[2]
DANUBE = PROJECT / "drills" / "jad-danube-2022"
AXE = PROJECT / "services" / "console" / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
PATIENCE_MS = 20_000
"""How long is waited for what must come: no test is about how fast this machine is."""
expect.set_options(timeout=PATIENCE_MS)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@dataclass
class Danube:
    """A stack on which the drill was played, and who may look at it."""

    stack: Stack
    desks: Desks
    played: Played

    @property
    def path(self) -> str:
        return f"/v1/operations/{self.played.operation}"

    def get(self, view: str, *, token: str | None = None, **asked: Any) -> Any:
        """What the API itself answers, to the lead when nobody else is named."""
        headers = {"Authorization": f"Bearer {token or self.desks.lead_token}"}
        answer = httpx.get(f"{self.stack.base_url}{self.path}/{view}", params=asked, headers=headers, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture(scope="session")
def danube() -> Iterator[Danube]:
    with TemporaryDirectory(prefix="vcp-console-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with held(folder), Stack(folder, settings=Settings(port=free_port()), throwaway=True) as stack:
            desks = hand_out(stack.settings, drill=DANUBE)
            played = asyncio.run(play(stack.base_url, drill=DANUBE, tokens=desks.systems))
            yield Danube(stack, desks, played)


@pytest.fixture(scope="module")  # While it is open it holds the thread's event loop, which other tests need.
def browser() -> Iterator[Browser]:
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    assert program, "The console is tested in a real browser: apt-get install chromium, or name one in CHROMIUM."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page that fails its test for whatever goes wrong in it, and for any request beyond this machine."""
    wrong: list[str] = []
    contexts: list[BrowserContext] = []

    def make(
        *,
        scheme: Any = "dark",
        width: int = 1440,
        height: int = 860,
        expecting: str = "no error",
        locale: str = "en-GB",
    ) -> Page:
        """`expecting`: words of an error that the test itself brings about."""
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce", locale=locale
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"error in the page: {error.stack or error}"))
        page.on("console", lambda said: _quiet(said, wrong, expecting))
        page.on("request", lambda asked: _only_here(asked.url, wrong))
        return page

    yield make
    for context in contexts:
        context.close()
    assert not wrong, wrong


def _quiet(said: ConsoleMessage, wrong: list[str], expecting: str) -> None:
    if said.type == "error" and expecting not in said.text:
        wrong.append(f"console: {said.text}")


def _only_here(url: str, wrong: list[str]) -> None:
    if not url.startswith(("http://127.0.0.1:", "data:", "blob:")):
        wrong.append(f"a request to {url}")


@pytest.fixture
def room(danube: Danube) -> Iterator[Room]:
    """An operation of the test's own, beside Danube: led by AT, with BA, MD, FRONTEX and INTERPOL."""
    made = Room(danube.stack, f"jad-{uuid4().hex[:10]}")
    named = {"code": made.operation, "name": f"Room {made.operation}", "lead": ["AT"], "exercise": False}
    opened = made.report("operation.created.v1", **named)
    media = {"Content-Type": "application/cloudevents+json"}
    answer = made.as_agency("AT").post("/v1/operations", json=opened, headers=media)
    assert answer.status_code == 201, answer.text
    for code in ("BA", "MD", "FRONTEX", "INTERPOL"):
        national = len(code) == 2
        members = {"kind": "national", "country": code} if national else {"kind": code.lower(), "country": None}
        made.take("AT", "participant.joined.v1", agency=code, role="participant", name=None, **members)
    yield made
    for client in made.clients.values():
        client.close()


@pytest.fixture
def enter(danube: Danube, new_page: Callable[..., Page]) -> Callable[..., Page]:
    """Signs in as an officer and goes into a room, as a person does; into that of Danube when none is named."""

    def into(*, token: str | None = None, name: str = "EMPACT JAD Danube", **screen: Any) -> Page:
        page = new_page(**screen)
        page.goto(f"{danube.stack.base_url}/")
        sign_in_by_token(page, token or danube.desks.lead_token)
        page.get_by_role("link", name=name).click()
        page.locator("[data-ready=true]").wait_for()
        page.locator("section[aria-busy=false]").wait_for()
        return page

    return into


@pytest.fixture
def enter_as(room: Room, enter: Callable[..., Page]) -> Callable[..., Page]:
    """Goes into the test's own room as an officer of an agency."""

    def into(agency: str, **screen: Any) -> Page:
        token = room.as_agency(agency).headers["Authorization"].removeprefix("Bearer ")
        return enter(token=token, name=f"Room {room.operation}", **screen)

    return into


def sign_in_by_token(page: Page, token: str) -> None:
    page.get_by_text("Use a token").click()
    page.get_by_label("Your token").fill(token)
    page.get_by_label("Your token").press("Enter")


def faults_of_access(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 A and AA."""
    page.evaluate(AXE.read_text() + "; undefined")  # As a tool of the browser: the page's own policy forbids it.
    found = page.evaluate(f"axe.run(document, {{runOnly: {RULES}}})")
    return [f"{one['id']}: {node['html'][:120]}" for one in found["violations"] for node in one["nodes"]]


def counters(page: Page) -> dict[str, str]:
    """The numbers of the first row, once they are those of the moment."""
    page.locator("section[aria-busy=false]").wait_for()
    tiles = page.locator("[data-metric]").all()
    return {str(tile.get_attribute("data-metric")): tile.locator(".value").inner_text() for tile in tiles}


def counted(danube: Danube, metrics: Iterable[str], **asked: Any) -> dict[str, str]:
    """The same numbers as the API says them."""
    found = {one["metric"]: one["deduplicated"]["value"] for one in danube.get("figures", **asked)["items"]}
    return {metric: f"{found.get(metric, 0):,}" for metric in metrics}


def whole(danube: Danube, view: str, **asked: Any) -> list[dict[str, Any]]:
    """All pages of a list."""
    items: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = danube.get(view, limit=1000, **asked, **cursor)
        items += page["items"]
        if page["next"] is None:
            return items
        cursor = {"cursor": page["next"]}


def choose_waiting(page: Page) -> None:
    page.get_by_role("tab", name="Waiting for").click()
    page.get_by_role("list", name="What waits for you, oldest first").get_by_role("button").first.click()


def value_of(event: Locator, member: str) -> Locator:
    return event.locator("dt", has_text=re.compile(f"^{member}$")).locator("+ dd")
