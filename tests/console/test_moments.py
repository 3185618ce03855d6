"""The page and the server agree on any moment, whoever looks."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.console.conftest import counted, counters, whole

Enter = Callable[..., Page]
BEGINNING = datetime(2022, 6, 20, 7, tzinfo=UTC)
SPAN = timedelta(days=14, hours=12)
MOMENTS = 50


@pytest.mark.parametrize("viewer", ["FRONTEX", "AL", "EUROPOL"])
def test_page_and_server_agree_on_moments_taken_at_random(danube: Any, enter: Enter, viewer: str) -> None:
    token = danube.desks.systems[viewer]
    page = enter(token=token)
    chance = random.Random(viewer)

    for _ in range(MOMENTS):
        moment = (BEGINNING + SPAN * chance.random()).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        page.evaluate(f"location.hash = '#/{danube.played.operation}/room?at={moment}'")
        expect(page.locator(".pill")).to_contain_text("AS OF")

        lines = whole(danube, "timeline", token=token, as_of=moment)
        expect(page.get_by_role("heading", name=f"Events {len(lines):,}", exact=True)).to_be_visible()
        located = [one for one in lines if one["latitude"] is not None and one["state"] != "retracted"]
        expect(page.get_by_role("region", name="Map")).to_have_attribute("data-points", str(len(located)))
        shown = counters(page)
        assert shown == counted(danube, shown, token=token, as_of=moment), moment
