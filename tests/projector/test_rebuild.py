"""The read models come anew from the log, beside the live ones."""

import asyncio

import psycopg
import pytest
from sqlalchemy import create_engine, text

from schemas.events.arrest import ArrestMade
from services.projector.rebuild import RebuildDiffers, rebuild, verify
from services.projector.runner import Runner
from services.projector.totals import EVERY
from services.projector.writer import Writer
from services.shared import picture_set
from services.shared.bus import Log
from services.shared.database import engine_url
from services.shared.migrate import migrate
from services.shared.settings import Settings
from tests.projector.conftest import Projected, append
from tests.projector.random_log import random_log


def sets(settings: Settings) -> tuple[str, list[str]]:
    """The live set, and all sets that there are."""
    engine = create_engine(engine_url(settings.database_url))
    with engine.connect() as connection:
        live = connection.execute(text("select schema from desk.live")).scalar_one()
        found = picture_set.sets(connection)
    engine.dispose()
    return live, found


async def test_a_rebuild_gives_the_same_rows_and_the_runner_goes_on_in_them(
    own_settings: Settings, bus: Log, followed: Projected, operation: str
) -> None:
    log = random_log(120, seed=8, operation=operation, handling_changes=True)
    await append(bus, log)
    writer = await Writer.connect(own_settings.projector_database_url, operation)
    following = asyncio.create_task(Runner(writer).run(bus))
    await followed.reaches(120)
    before = followed.rows()

    rebuilt = await rebuild(own_settings, keep_old_seconds=0)

    assert (rebuilt.entries, rebuilt.differences) == (120, [])
    assert sets(own_settings) == (rebuilt.schema, [rebuilt.schema])
    assert followed.rows() == before
    log.post(ArrestMade)
    await append(bus, log, after=120)
    await followed.reaches(121)
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    await writer.close()


async def test_a_rebuild_that_says_something_else_is_switched_to_only_when_asked(
    own_settings: Settings, bus: Log, followed: Projected, operation: str
) -> None:
    log = random_log(40, seed=9, operation=operation)
    await append(bus, log)
    await followed.take(log)
    live, _ = sets(own_settings)
    with psycopg.connect(own_settings.projector_database_url) as connection:
        connection.execute(f"delete from {live}.facts")

    with pytest.raises(RebuildDiffers):
        await rebuild(own_settings, keep_old_seconds=0)

    assert sets(own_settings) == (live, [live])
    rebuilt = await rebuild(own_settings, keep_old_seconds=0, accept_differences=True)
    assert rebuilt.differences
    assert sets(own_settings)[0] == rebuilt.schema


async def test_other_tables_get_a_fresh_set_that_the_runner_fills(
    own_settings: Settings, bus: Log, followed: Projected, operation: str
) -> None:
    log = random_log(40, seed=10, operation=operation)
    await append(bus, log)
    await followed.take(log)
    before = followed.rows()
    live, _ = sets(own_settings)
    with psycopg.connect(own_settings.database_url) as connection:
        connection.execute("update desk.live set shape = 'of an older version'")

    migrate(own_settings)

    fresh, found = sets(own_settings)
    assert found == [live, fresh]
    assert followed.rows()["timeline"] == []
    await followed.take(log)
    assert followed.rows() == before
    migrate(own_settings)
    assert sets(own_settings) == (fresh, [fresh])


async def test_what_arrives_during_a_rebuild_is_in_both_sets(
    own_settings: Settings, bus: Log, followed: Projected, operation: str
) -> None:
    log = random_log(300, seed=13, operation=operation, handling_changes=True)
    whole, log.stored = log.stored, log.stored[:150]
    await append(bus, log)
    writer = await Writer.connect(own_settings.projector_database_url, operation)
    following = asyncio.create_task(Runner(writer).run(bus))
    await followed.reaches(150)
    log.stored = whole

    rebuilt, _ = await asyncio.gather(rebuild(own_settings, keep_old_seconds=0), append(bus, log, after=150))
    await followed.reaches(300)

    assert rebuilt.differences == []
    assert sets(own_settings) == (rebuilt.schema, [rebuilt.schema])
    assert (await verify(own_settings)).differences == []
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    await writer.close()


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        (
            "update {}.timeline set headline = 'invented' where since = 2",
            "timeline: 1 rows that",
        ),
        ("delete from {}.facts", "facts: 0 rows that the log does not give"),
        ("update {}.things set until = 9 where since = 3", "things: "),
        (
            "update {}.entries set audience_id = 1 where since = 4",
            "entries: 1 rows that",
        ),
    ],
)
async def test_verifying_finds_each_row_that_the_log_does_not_give_and_changes_nothing(
    own_settings: Settings, bus: Log, followed: Projected, operation: str, spoilt: str, said: str
) -> None:
    log = random_log(40, seed=9, operation=operation)
    await append(bus, log)
    await followed.take(log)
    verified = await verify(own_settings)
    live, _ = sets(own_settings)
    with psycopg.connect(own_settings.projector_database_url) as connection:
        connection.execute(spoilt.format(live))
    before = followed.rows()

    spoiled = await verify(own_settings)

    assert (verified.entries, verified.differences) == (40, [])
    (difference,) = spoiled.differences
    assert difference.startswith(f"{operation} at 40: {said}")
    assert followed.rows() == before
    assert sets(own_settings) == (live, [live])


@pytest.mark.parametrize("spoilt_at", ["totals set total = total + 1", "line_totals set lines = lines + 1"])
async def test_verifying_finds_a_total_that_is_not_the_sum_of_its_facts(
    own_settings: Settings, bus: Log, followed: Projected, operation: str, spoilt_at: str
) -> None:
    table, _, _ = spoilt_at.partition(" ")
    log = random_log(EVERY + 20, seed=14, operation=operation)
    await append(bus, log)
    await followed.take(log)
    verified = await verify(own_settings)
    live, _ = sets(own_settings)
    with psycopg.connect(own_settings.projector_database_url) as connection:
        row = connection.execute(f"update {live}.{spoilt_at} where ctid = (select min(ctid) from {live}.{table})")

    spoilt = await verify(own_settings)

    assert row.rowcount == 1
    assert verified.differences == []
    assert [difference.partition(": ")[2].partition(":")[0] for difference in spoilt.differences] == [table]
