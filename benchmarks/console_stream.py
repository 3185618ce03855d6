"""What an open room keeps of a long day: its heap, its nodes and its listeners while many thousand entries come in.

`uv run python -m benchmarks console_stream [entries] [a second]`: asked is that what the page keeps for an entry stays
the same however many came before, and that nodes and listeners do not grow. Garbage is collected before each look.
"""

import os
import shutil
import sys
import time
from itertools import pairwise
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.rooms import BATCH, OPERATION, Room, report, room
from benchmarks.table import show

LOOKS = 5
TOGETHER = 20


def main() -> None:
    entries, rate = (int(one) for one in (*sys.argv[1:3], *("50000", "200")[len(sys.argv) - 1 :]))
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with room() as opened, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1600, "height": 900})
        _enter(page, opened)
        looker = page.context.new_cdp_session(page)
        looker.send("HeapProfiler.enable")
        looks = [_look(looker, 0)]
        began = time.time()
        for part in range(LOOKS):
            _post(opened, range(part * entries // LOOKS, (part + 1) * entries // LOOKS), began=began, rate=rate)
            page.get_by_text(f"streamed-{(part + 1) * entries // LOOKS - 1}-").first.wait_for(timeout=60_000)
            looks.append(_look(looker, (part + 1) * entries // LOOKS))
        browser.close()
    rows = [
        (
            f"{after['entries']:,}",
            after["heap"] / 2**20,
            (after["heap"] - before["heap"]) / 1024 / (after["entries"] - before["entries"]),
            f"{after['nodes']:,}",
            f"{after['listeners']:,}",
        )
        for before, after in pairwise(looks)
    ]
    first = looks[0]
    title = f"{entries:,} entries at {rate} a second; before: {first['nodes']:,} nodes, {first['listeners']} listeners"
    show(title, ("entries", "heap, MiB", "KiB an entry since", "nodes", "listeners"), rows)


def _enter(page: Page, opened: Room) -> None:
    page.goto(f"{opened.stack.base_url}/")
    page.get_by_text("Use a token").click()
    page.get_by_label("Your token").fill(opened.token)
    page.get_by_label("Your token").press("Enter")
    page.locator(f"a[href*={OPERATION}]").click()
    page.locator("[data-ready=true]").wait_for()


def _post(opened: Room, numbers: range, *, began: float, rate: int) -> None:
    headers = {"Content-Type": BATCH}
    with opened.client() as client:
        for start in range(numbers.start, numbers.stop, TOGETHER):
            time.sleep(max(began + start / rate - time.time(), 0))
            some = range(start, min(start + TOGETHER, numbers.stop))
            reports = [_report(number) for number in some]
            body = b"[" + b",".join(reports) + b"]"
            client.post(f"{opened.path}/events", content=body, headers=headers).raise_for_status()


def _report(number: int) -> bytes:
    place = {"country": "BA", "text": f"streamed-{number}-", "latitude": 42 + number % 50 / 10, "longitude": 18.0}
    return report("arrest.made.v1", f"streamed-{number}", place=place)


def _look(looker: Any, entries: int) -> dict[str, float]:
    looker.send("HeapProfiler.collectGarbage")
    counted = looker.send("Memory.getDOMCounters")
    heap = looker.send("Runtime.getHeapUsage")["usedSize"]
    return {"entries": entries, "heap": heap, "nodes": counted["nodes"], "listeners": counted["jsEventListeners"]}


if __name__ == "__main__":
    main()
