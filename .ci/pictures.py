"""Takes the pictures of the console that the README shows: `make pictures`. Look at them before you keep them."""

import asyncio
import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

from services.cli.desks import hand_out
from services.cli.playing import DRILL
from services.drill import play
from services.shared.embedded import free_port, held
from services.shared.settings import Settings
from services.stack import Stack

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
NOON_OF_DAY_ONE = "at=2022-06-24T10:00:00.000Z"


def main() -> None:
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory(prefix="vcp-pictures-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with held(folder), Stack(folder, settings=Settings(port=free_port()), throwaway=True) as stack:
            desks = hand_out(stack.settings, drill=DRILL)
            asyncio.run(play(stack.base_url, drill=DRILL, tokens=desks.systems))
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
                take(browser, stack.base_url, desks.lead_token)
                browser.close()


def take(browser: Browser, address: str, token: str) -> None:
    page = opened(browser, address, token, scheme="dark")
    picture(page, "live")
    page.get_by_role("link", name="Arrests").click()
    page.get_by_text("By agency").wait_for()
    picture(page, "figures")
    goes(page, "afterwards")
    page.locator("[data-made=true]").wait_for()
    picture(page, "report")

    page = opened(browser, address, token, scheme="light")
    picture(page, "live-light")
    goes(page, f"room?{NOON_OF_DAY_ONE}")
    page.get_by_label("Find in the list").fill("fugitive")
    page.locator("button.line").first.click()
    page.get_by_role("article").get_by_text("Reported by").wait_for()
    picture(page, "noon-of-day-one")

    picture(opened(browser, address, token, scheme="dark", width=360, height=740), "narrow")

    page = opened(browser, address, token, scheme="light")
    page.get_by_label("Language").select_option("sr")
    page.get_by_role("heading", name="Догађаји").wait_for()
    picture(page, "serbian")


def picture(page: Page, name: str) -> None:
    page.locator("[aria-busy=true]").first.wait_for(state="detached")
    page.wait_for_timeout(1000)
    page.screenshot(path=FOLDER / f"{name}.png")


def goes(page: Page, where: str) -> None:
    page.evaluate(f"location.hash = '#/jad-danube-2022/{where}'")


def opened(
    browser: Browser,
    address: str,
    token: str,
    *,
    scheme: Literal["dark", "light"],
    width: int = 1440,
    height: int = 860,
) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce", locale="en-GB"
    )
    page = context.new_page()
    page.goto(f"{address}/")
    page.get_by_text("Use a token").click()
    page.get_by_label("Your token").fill(token)
    page.get_by_role("button", name="Use it").click()
    page.get_by_role("link", name="EMPACT JAD Danube").click()
    page.locator("[data-ready=true]").wait_for()
    page.locator("section[aria-busy=false]").wait_for()
    page.locator("[data-metric] svg").first.wait_for(state="attached")
    return page


if __name__ == "__main__":
    main()
