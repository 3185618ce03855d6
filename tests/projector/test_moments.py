"""Any moment of the past is the projection of the log cut there, however the log came."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from schemas.events.arrest import ArrestMade, ArrestUpdated
from services.projector import projection
from services.projector.changes import MissingOpening
from services.projector.runner import UnreadableEntry
from services.projector.writer import VIEWS, AnotherWrites
from services.shared.lines import Line
from services.shared.records import Stored
from services.shared.refusals import HoleInLog
from services.shared.thing import Thing
from tests.projector.conftest import Projected
from tests.projector.random_log import BEGIN, WrittenLog, random_log

SPAN = ("operation", "key", "line", "since", "until", "audience_id")
REFOLDED = tuple(table for table in VIEWS if table != "entries")
"""What follows from the histories of things; an entry is written once."""


@pytest.mark.parametrize("seed", [1, 2])
async def test_the_picture_as_of_any_position_is_a_projection_of_the_log_cut_there(
    projected: Projected, operation: str, seed: int
) -> None:
    log = random_log(300, seed=seed, operation=operation)

    await projected.take(log, batch=37)

    stored = projected.rows()
    lines = log.lines()
    for position in range(1, len(lines) + 1):
        assert as_of(stored, position) == cut(lines, position), f"at position {position}"


async def test_batches_of_any_size_give_the_same_rows(projected: Projected, operation: str) -> None:
    log = random_log(250, seed=3, operation=operation, handling_changes=True)
    seen = []

    for batch in (1, 7, 100, 2_000):
        projected.forget()
        await projected.take(log, batch=batch)
        seen.append(projected.rows())

    assert seen[0]["timeline"]
    for rows in seen[1:]:
        assert rows == seen[0]


async def test_a_projector_that_begins_anew_with_each_batch_gives_the_same_rows(
    projected: Projected, operation: str
) -> None:
    log = random_log(250, seed=3, operation=operation, handling_changes=True)
    await projected.take(log)
    rows = projected.rows()
    projected.forget()

    for position in range(25, 251, 25):
        await Projected(projected.writer, projected.owner_url).take(log, until=position)

    assert projected.rows() == rows


async def test_a_batch_that_comes_twice_changes_nothing(projected: Projected, operation: str) -> None:
    log = random_log(50, seed=4, operation=operation)
    before = await projected.writer.checkpoint()
    await projected.runner.take(before, log.stored)
    rows = projected.rows()

    with pytest.raises(AnotherWrites):
        await projected.runner.take(before, log.stored)

    assert projected.rows() == rows
    assert (await projected.writer.checkpoint()).position == 50


async def test_a_batch_that_fails_leaves_no_trace(projected: Projected, operation: str) -> None:
    log = random_log(50, seed=5, operation=operation)
    await projected.take(log, until=30)
    rows = projected.rows()
    checkpoint = await projected.writer.checkpoint()
    broken = Stored(41, log.stored[40].body.replace(b'"thing":"', b'"thing":"0', 1))

    with pytest.raises(UnreadableEntry):
        await projected.runner.take(checkpoint, [*log.stored[30:40], broken])
    assert projected.rows() == rows

    await projected.take(log)
    assert (await projected.writer.checkpoint()).position == 50


async def test_a_hole_in_the_log_is_never_stepped_over(projected: Projected, operation: str) -> None:
    log = random_log(10, seed=6, operation=operation)
    checkpoint = await projected.writer.checkpoint()

    with pytest.raises(HoleInLog):
        await projected.runner.take(checkpoint, [*log.stored[:4], *log.stored[5:]])

    assert (await projected.writer.checkpoint()).position == 0


async def test_a_change_of_a_thing_that_nothing_opened_stops_the_projection(
    projected: Projected, operation: str
) -> None:
    log = WrittenLog(operation)
    log.post(ArrestUpdated, thing=uuid4())

    with pytest.raises(MissingOpening):
        await projected.take(log)


async def test_moments_never_run_backwards(projected: Projected, operation: str) -> None:
    log = WrittenLog(operation)
    for minutes in (10, 5, 20):
        log.post(ArrestMade, at=BEGIN + timedelta(minutes=minutes))

    await projected.take(log, batch=2)

    entries = sorted(projected.rows()["entries"], key=lambda row: row["since"])
    assert [row["moment"] - BEGIN for row in entries] == [timedelta(minutes=minutes) for minutes in (10, 10, 20)]


def cut(lines: list[Line], position: int) -> dict[str, dict[Any, Any]]:
    """The picture worked out in memory from the first lines alone."""
    histories: dict[Any, list[Line]] = {}
    found: dict[str, dict[Any, Any]] = {table: {} for table in REFOLDED}
    for line in lines[:position]:
        histories.setdefault(line.thing, []).append(line)
    for history in histories.values():
        for row in projection.rows(Thing(tuple(history))).values():
            found[row.table][row.key, row.line] = plain(row.values)
    return found


def as_of(stored: dict[str, list[dict[str, Any]]], position: int) -> dict[str, dict[Any, Any]]:
    return {
        table: {
            (row["key"], row["line"]): plain({name: value for name, value in row.items() if name not in SPAN})
            for row in stored[table]
            if row["since"] <= position < row["until"]
        }
        for table in REFOLDED
    }


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """As the same Python values, whether they come from a view or from Postgres."""
    json = {
        name: msgspec.json.decode(values[name]) for name in ("detail", "steps") if isinstance(values.get(name), str)
    }
    return {**values, **json}
