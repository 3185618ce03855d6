"""The projector as a whole: it finds operations by itself, goes on after a fall, and ends when it is asked to."""

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest

from services.projector.main import Projector
from services.shared.bus import Log
from services.shared.settings import Settings
from tests.projector.conftest import Projected, append
from tests.projector.random_log import random_log


@pytest.fixture
async def running(own_settings: Settings, bus: Log) -> AsyncIterator[None]:
    stopping = asyncio.Event()
    running = asyncio.create_task(Projector(own_settings, bus).run(stopping))
    yield
    stopping.set()
    async with asyncio.timeout(5):
        await running


async def test_a_new_operation_is_projected_as_soon_as_its_log_is_made(
    running: None, followed: Projected, bus: Log, operation: str
) -> None:
    woken: asyncio.Queue[tuple[str, int]] = asyncio.Queue()
    await bus.on_wake(lambda operation, position: woken.put_nowait((operation, position)))
    log = random_log(30, seed=11, operation=operation)
    await append(bus, log)

    await bus.wake(operation, 0)

    async with asyncio.timeout(4):  # sooner than the projector would have looked by itself
        while (await woken.get()) != (operation, 30):
            pass
    assert len(followed.rows()["entries"]) == 30


async def test_the_projection_goes_on_after_its_connection_was_cut(
    running: None, followed: Projected, own_settings: Settings, bus: Log, operation: str
) -> None:
    log = random_log(60, seed=12, operation=operation)
    first = random_log(60, seed=12, operation=operation)
    first.stored = first.stored[:30]
    await append(bus, first)
    await bus.wake(operation, 0)
    await followed.reaches(30)
    own_id = followed.writer.connection.info.backend_pid

    with psycopg.connect(own_settings.database_url) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where datname = current_database() and usename = 'vcp_projector' and pid <> %s",
            (own_id,),
        )
    await append(bus, log, after=30)

    await followed.reaches(60)
    rows = followed.rows()
    followed.forget()
    await followed.take(log)
    assert followed.rows() == rows
