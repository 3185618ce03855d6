"""Lines that are counted from blocks, against the same counted one by one: at any position, for any viewer."""

from datetime import timedelta
from typing import Any

import pytest

from schemas.event import REGISTER
from services.gateway import last_lines
from services.gateway.asked import Filtered
from services.gateway.line_counts import blocks_to
from services.gateway.views import timeline
from services.gateway.views.map import MapCounted, by_country, by_crossing_point
from services.gateway.views.timeline import timeline_counts
from services.projector.runner import Runner
from services.projector.totals import Totals
from tests.projector.conftest import VIEWERS, Projected, Readers
from tests.projector.counted_again import counting_log
from tests.projector.random_log import WrittenLog


async def answers(readers: Readers, positions: range) -> list[Any]:
    found: list[Any] = []
    for position in positions:
        for code in VIEWERS:
            async with readers.at(code, position) as picture:
                found.append((position, code, await timeline_counts(picture, Filtered())))
            async with readers.at(code, position) as picture:
                found.append((position, code, await by_country(picture, MapCounted())))
            async with readers.at(code, position) as picture:
                found.append((position, code, await by_crossing_point(picture, MapCounted())))
    return found


@pytest.mark.parametrize("batch", [1, 23, 2_000])
async def test_blocks_change_no_answer(
    projected: Projected, readers: Readers, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The made-up log states facts before they have happened, which the door refuses and pages leave out.
    for module in (timeline, last_lines):
        monkeypatch.setattr(module, "AHEAD", timedelta(days=30))
    log = counting_log(240, seed=batch, operation=readers.operation)
    positions = range(3, 241, 13)
    await projected.take(log)
    async with readers.at("MD", 240) as picture:
        assert not await blocks_to(picture, Filtered())
    one_by_one = await answers(readers, positions)

    projected.forget()
    projected.runner = Runner(projected.writer, totals=Totals(every=3))
    await projected.take(log, batch=batch)

    assert await answers(readers, positions) == one_by_one
    if batch == 1:
        async with readers.at("MD", 240) as picture:
            assert await blocks_to(picture, Filtered())
    assert one_by_one[-3][2]["total"] > 50


async def test_what_is_made_secret_is_in_no_count_of_those_who_lost_it(projected: Projected, readers: Readers) -> None:
    log = WrittenLog(readers.operation)
    log.post(REGISTER["operation.created.v1"], by="FRONTEX", code=readers.operation)
    place = {"country": "BA", "crossing_point": "BA-1", "latitude": 44.123456, "longitude": 17.654321}
    arrest = log.post(REGISTER["arrest.made.v1"], by="BA", place=place)
    for _ in range(8):
        log.post(REGISTER["incident.reported.v1"], by="BA", place={**place, "crossing_point": None})
    projected.runner = Runner(projected.writer, totals=Totals(every=2))
    await projected.take(log, batch=1)
    async with readers.at("MD", 10) as picture:
        assert (await timeline_counts(picture, Filtered()))["by_type"]["arrest.made.v1"] == 1
        (before,) = (await by_crossing_point(picture, MapCounted()))["items"]

    named = {"scope": "named", "agencies": ["BA"]}
    log.post(REGISTER["handling.changed.v1"], by="BA", thing=arrest, target=str(arrest), new_audience=named)
    await projected.take(log, batch=1)

    for position in (10, 11):
        async with readers.at("MD", position) as picture:
            assert await blocks_to(picture, Filtered())
            assert "arrest.made.v1" not in (await timeline_counts(picture, Filtered()))["by_type"]
            assert (await by_crossing_point(picture, MapCounted()))["items"] == []
    assert before["records"] == 1 and before["middle"] == [17.65, 44.12]
