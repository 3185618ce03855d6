"""A view that cannot take an entry stops its thing alone, and is made good later at the entry's own position."""

from collections.abc import Iterator

import psycopg
import pytest

from schemas.events.arrest import ArrestMade, ArrestUpdated
from schemas.events.handling import HandlingChanged
from services.projector import projection
from services.projector.parked import drain
from services.projector.projection import Row
from services.shared.thing import Thing
from tests.projector.conftest import Projected
from tests.projector.random_log import WrittenLog


class Faulty(Exception):
    """What a broken view raises; its text must not be kept anywhere."""


@pytest.fixture
def broken_view() -> Iterator[list[str]]:
    """A view of arrests that raises as long as this list says at which state."""
    states: list[str] = []

    def broken(thing: Thing) -> Iterator[Row]:
        updated = thing.last(ArrestUpdated)
        if updated and updated.event.status in states:
            raise Faulty("what was posted")
        yield from ()

    views = projection._views.setdefault(ArrestMade, [])
    views.append(broken)
    yield states
    views.remove(broken)


@pytest.fixture
def log(operation: str) -> WrittenLog:
    log = WrittenLog(operation)
    arrest = log.post(ArrestMade)
    other = log.post(ArrestMade)
    log.post(ArrestUpdated, thing=arrest, status="detained")
    log.post(ArrestUpdated, thing=arrest, status="charged")
    log.post(ArrestUpdated, thing=other, status="charged")
    change = {"new_audience": {"scope": "eu"}, "new_handling": {"codes": ["H1"]}}
    log.post(HandlingChanged, thing=arrest, target=str(arrest), **change)
    log.post(ArrestUpdated, thing=arrest, status="released")
    return log


def parked(projected: Projected) -> list[tuple[int, str]]:
    with psycopg.connect(projected.owner_url) as connection:
        connection.execute("select set_config('search_path', (select schema from desk.live), true)")
        return connection.execute(
            "select position, error from parked where operation = %s order by position",
            (projected.writer.operation,),
        ).fetchall()


@pytest.mark.parametrize("batch", [1, 3, 100])
async def test_a_fault_parks_the_thing_and_nothing_else(
    projected: Projected, log: WrittenLog, broken_view: list[str], batch: int
) -> None:
    broken_view.append("detained")

    await projected.take(log, batch=batch)

    states = sorted(row["state"] for row in projected.as_of(7, "things"))
    assert states == ["charged", "made"]
    assert parked(projected) == [(position, "Faulty") for position in (3, 4, 6, 7)]
    assert len(projected.rows()["entries"]) == 7
    # Who may see it follows at once, also while it is parked.
    assert len({row["audience_id"] for row in projected.rows()["entries"]}) == 2


@pytest.mark.parametrize("batch", [1, 3, 100])
async def test_what_was_parked_is_made_good_as_if_it_had_never_failed(
    projected: Projected, log: WrittenLog, broken_view: list[str], batch: int
) -> None:
    await projected.take(log, batch=batch)
    wanted = projected.rows()
    projected.forget()
    broken_view.append("detained")
    await projected.take(log, batch=batch)
    broken_view.clear()

    drained = await drain(projected.writer)

    assert drained == (4, 0)
    assert projected.rows() == wanted
    assert parked(projected) == []


async def test_what_still_fails_stays_parked(projected: Projected, log: WrittenLog, broken_view: list[str]) -> None:
    broken_view.append("detained")
    await projected.take(log)
    broken_view[:] = ["charged"]

    drained = await drain(projected.writer)

    assert drained == (1, 3)
    assert [position for position, _ in parked(projected)] == [4, 6, 7]
