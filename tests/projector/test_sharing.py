"""Several projectors share the operations, and take over from one that dies."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest

from services.projector.leases import Leases
from services.projector.main import MOST_CONNECTIONS, Projector
from services.projector.writer import Writer
from services.shared.bus import Log
from services.shared.running import as_environment
from services.shared.settings import Settings
from tests.projector.conftest import Projected, append
from tests.projector.random_log import random_log

OPERATIONS = [f"shared-{number}" for number in range(6)]


async def test_each_process_takes_its_fair_share_and_what_another_leaves(own_settings: Settings) -> None:
    first = await Leases.connect(own_settings.projector_database_url)
    assert await first.share(OPERATIONS) == set()
    alone = set(first.held)

    second = await Leases.connect(own_settings.projector_database_url)
    assert await second.share(OPERATIONS) == set()
    none_yet = set(second.held)
    for operation in await first.share(OPERATIONS):
        await first.give_back(operation)
    await second.share(OPERATIONS)
    shared = (set(first.held), set(second.held))
    await first.close()
    await present(own_settings, 1)
    await second.share(OPERATIONS)

    assert alone == second.held == set(OPERATIONS)
    assert none_yet == set()
    assert [len(held) for held in shared] == [3, 3]
    assert shared[0] | shared[1] == set(OPERATIONS)
    await second.close()


@pytest.fixture
async def reaches(own_settings: Settings) -> AsyncIterator[dict[str, Projected]]:
    found = {}
    for operation in OPERATIONS:
        writer = await Writer.connect(own_settings.projector_database_url, operation)
        found[operation] = Projected(writer, own_settings.database_url)
    yield found
    for projected in found.values():
        await projected.writer.close()


async def test_when_a_projector_is_killed_another_goes_on_with_its_operations(
    own_settings: Settings, bus: Log, reaches: dict[str, Projected]
) -> None:
    logs = {operation: random_log(40, seed=21, operation=operation) for operation in OPERATIONS}
    firsts = {operation: random_log(40, seed=21, operation=operation) for operation in OPERATIONS}
    for first in firsts.values():
        first.stored = first.stored[:20]
        await append(bus, first)
    killed = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.cli",
        "projector",
        env=as_environment(own_settings),
        cwd=Path(__file__).parents[2],
        stderr=asyncio.subprocess.DEVNULL,
    )
    stopping = asyncio.Event()
    try:
        for projected in reaches.values():
            await projected.reaches(20)
        survivor = asyncio.create_task(Projector(own_settings, bus).run(stopping))
        await present(own_settings, 2)
    finally:
        killed.kill()
        await killed.wait()
    for log in logs.values():
        await append(bus, log, after=20)

    for projected in reaches.values():
        await projected.reaches(40)
    stopping.set()
    await survivor
    for operation, projected in reaches.items():
        rows = projected.rows()
        projected.forget()
        await projected.take(logs[operation])
        assert projected.rows() == rows


async def test_many_operations_need_few_connections(
    own_settings: Settings, bus: Log, followed: Projected, operation: str
) -> None:
    operations = [f"many-{number}" for number in range(3 * MOST_CONNECTIONS)]
    for code in operations:
        await append(bus, random_log(3, seed=22, operation=code))
    stopping = asyncio.Event()
    projecting = asyncio.create_task(Projector(own_settings, bus).run(stopping))
    for code in operations:
        await Projected(writer_of(followed, code), own_settings.database_url).reaches(3)

    with psycopg.connect(own_settings.database_url) as connection:
        (open_now,) = connection.execute(
            "select count(*) from pg_stat_activity where datname = current_database()"
            " and application_name in ('vcp projector', 'vcp projector leases')"
        ).fetchone() or (None,)
    stopping.set()
    await projecting

    assert open_now <= MOST_CONNECTIONS + 1


def writer_of(followed: Projected, operation: str) -> Writer:
    """A writer of another operation on the same connection, to look with."""
    return Writer(followed.writer.connection, operation)


async def present(settings: Settings, count: int) -> None:
    """Waits until so many projectors show that they are there."""
    async with asyncio.timeout(20):
        async with await psycopg.AsyncConnection.connect(settings.database_url, autocommit=True) as connection:
            shown = 0
            while shown != count:
                row = await (
                    await connection.execute(
                        "select count(*) from pg_stat_activity where datname = current_database()"
                        " and application_name = 'vcp projector leases'"
                    )
                ).fetchone()
                shown = row[0] if row else 0
                await asyncio.sleep(0.05)
