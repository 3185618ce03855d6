"""The console in a browser without a graphics card: first picture, scrubbing, panning, news, memory, size.

`uv run python -m benchmarks console [entries ...]`: asked are a first picture under 3 s at 5,000 entries and 4 s at
50,000, 30 frames a second while scrubbing and panning, a post seen within 300 ms (p95), and 150 KB of JavaScript. The
floor beside the frames is an empty page, which does nothing but count them. CHROMIUM names another browser.
"""

import gzip
import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.load import percentile
from benchmarks.mixture import mixed_log, write_into
from benchmarks.rooms import STRUCTURED, Room, report, room
from benchmarks.table import show
from benchmarks.views import OPERATION, wait_for

SCRIPTS = Path(__file__).parents[1] / "services" / "console" / "dist" / "assets"
SIZES = (5_000, 50_000)
ASKED_SECONDS = {5_000: "under 3", 50_000: "under 4"}
RATE = 10
POSTS = 600
COUNT_FRAMES = """async ({milliseconds, scrub}) => {
  const slider = document.querySelector('input[type=range]');
  const [from, to] = slider ? [Number(slider.min), Number(slider.max)] : [0, 0];
  const began = performance.now();
  let frames = 0;
  await new Promise((done) => {
    const frame = (now) => {
      const passed = now - began;
      if (passed >= milliseconds) return done();
      frames++;
      if (scrub && slider) {
        slider.value = String(from + (to - from) * (0.02 + 0.9 * passed / milliseconds));
        slider.dispatchEvent(new Event('input', { bubbles: true }));
      }
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  return frames * 1000 / milliseconds;
}"""
FRAMES_GO_BY = """() => {
  window.frames_seen = 0;
  const on = () => { window.frames_seen++; requestAnimationFrame(on); };
  on();
}"""
WATCH_NEWS = """() => {
  window.seen = {};
  const list = document.querySelector('ol');
  const look = () => {
    for (const [mark] of list.textContent.matchAll(/seen-\\d+-/g)) window.seen[mark] ??= Date.now();
  };
  new MutationObserver(look).observe(list, { childList: true, subtree: true, characterData: true });
}"""


def main() -> None:
    sizes = [int(one) for one in sys.argv[1:]] or list(SIZES)
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    script = sum(len(gzip.compress(path.read_bytes())) for path in SCRIPTS.glob("*.js")) / 1e3
    show("JavaScript of the console", ("", "KB gzip", "asked"), [("all of it", script, "under 150")])
    for entries in sizes:
        with room() as opened:
            wait_for(opened, write_into(opened.stack, mixed_log(OPERATION, entries))[-1])
            with sync_playwright() as playwright:
                flags = ["--no-sandbox", "--disable-gpu"]
                _measure(playwright.chromium.launch(executable_path=program, args=flags), opened, entries)


def _measure(browser: Browser, opened: Room, entries: int) -> None:
    page = browser.new_page(viewport={"width": 1600, "height": 900})
    floor = page.evaluate(COUNT_FRAMES, {"milliseconds": 2000, "scrub": False})
    page.goto(f"{opened.stack.base_url}/")
    page.get_by_text("Use a token").click()
    page.get_by_label("Your token").fill(opened.token)
    page.get_by_label("Your token").press("Enter")
    page.locator(f"a[href*={OPERATION}]").click()
    _until_pictured(page)
    firsts = [_first_picture(page) for _ in range(5)]
    scrubbing = page.evaluate(COUNT_FRAMES, {"milliseconds": 4000, "scrub": True})
    page.get_by_role("button", name="Back to live").click()
    _until_pictured(page)
    panning = _pan(page)
    waits, grown = _news(page, opened)
    rows: list[tuple[Any, ...]] = [
        ("first picture, s", percentile(firsts, 0.5), max(firsts), ASKED_SECONDS.get(entries, "")),
        ("scrubbing, frames/s", scrubbing, f"empty page {floor:.0f}", "30 or more"),
        ("panning, frames/s", panning, f"empty page {floor:.0f}", "30 or more"),
        ("post to feed, ms (p50, p95)", percentile(waits, 0.5), percentile(waits, 0.95), "p95 under 300"),
        (f"heap grown by {POSTS} events, KiB each", grown / POSTS / 1024, "", ""),
    ]
    show(f"{entries:,} entries", ("", "median", "beside", "asked"), rows)
    browser.close()


def _until_pictured(page: Page) -> None:
    page.locator("[data-ready=true]").wait_for()
    page.locator("section[aria-busy=false]").wait_for()
    page.locator("button.line").first.wait_for()


def _first_picture(page: Page) -> float:
    """From loading the page anew to a map with events, figures and a list."""
    began = time.perf_counter()
    page.reload(wait_until="commit")
    _until_pictured(page)
    return time.perf_counter() - began


def _pan(page: Page) -> float:
    box = page.locator(".map").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.evaluate(
        "() => { window.frames_seen = 0; const on = () => { window.frames_seen++; requestAnimationFrame(on); }; on(); }"
    )
    page.mouse.move(x, y)
    page.mouse.down()
    before, began = page.evaluate("window.frames_seen"), time.perf_counter()
    for step in range(150):
        page.mouse.move(x + 200 * (step % 50) / 50 - 100, y + step % 30)
    frames = page.evaluate("window.frames_seen") - before
    seconds = time.perf_counter() - began
    page.mouse.up()
    return float(frames / seconds)


def _news(page: Page, opened: Room) -> tuple[list[float], float]:
    """Milliseconds from each post to its line in the feed, at a steady rate; and how much the page's heap grew."""
    browser = page.context.new_cdp_session(page)
    browser.send("HeapProfiler.enable")
    page.evaluate(WATCH_NEWS)
    before, sent = _heap(browser), {}
    start = time.time()
    with opened.client() as client:
        for index in range(POSTS):
            time.sleep(max(start + index / RATE - time.time(), 0))
            place = {"country": "BA", "text": f"seen-{index}-"}
            body = report("arrest.made.v1", f"seen-{index}", place=place)
            sent[f"seen-{index}-"] = time.time() * 1e3
            path = f"/v1/operations/{OPERATION}/events"
            client.post(path, content=body, headers={"Content-Type": STRUCTURED}).raise_for_status()
    page.get_by_text(f"seen-{POSTS - 1}-").wait_for()
    grown = _heap(browser) - before
    seen = page.evaluate("window.seen")
    return [seen[mark] - at for mark, at in sent.items()], grown


def _heap(browser: Any) -> float:
    browser.send("HeapProfiler.collectGarbage")
    return float(browser.send("Runtime.getHeapUsage")["usedSize"])


if __name__ == "__main__":
    main()
