"""The log when its server dies: acknowledged is stored, stored is once, and followers notice nothing."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from pathlib import Path

import pytest

from services.shared.bus import (
    Appended,
    Log,
    LogUnavailable,
    OutcomeUnknown,
    Record,
    Stored,
)
from services.shared.embedded import free_port
from services.shared.embedded_nats import EmbeddedNats
from services.shared.settings import Settings
from tests.flow.log_records import opening

OPERATION = "op-restarts"
KILLS = 3
ENTRIES_BETWEEN_KILLS = 150


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedNats]:
    """A nats-server of this test's own, to be killed."""
    server = EmbeddedNats(tmp_path, port=free_port())
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def log(server: EmbeddedNats) -> AsyncIterator[Log]:
    log = await Log.connect(Settings(nats_url=server.url, log_bytes=64 * 2**20), name="test")
    await log.create(OPERATION)
    yield log
    await log.close()


async def append_until_answered(log: Log, record: Record) -> Appended:
    """What every client does: the same report again until there is a receipt."""
    while True:
        try:
            return await log.append(OPERATION, record)
        except (LogUnavailable, OutcomeUnknown):
            continue


@pytest.mark.parametrize("writers", [3, 20, 60])
async def test_what_was_acknowledged_before_a_kill_is_stored_once_and_followed_without_a_hole(
    server: EmbeddedNats, log: Log, writers: int
) -> None:
    receipts: dict[bytes, Appended] = {}
    came = asyncio.Semaphore(0)
    done = asyncio.Event()

    async def write() -> None:
        while not done.is_set():
            record = opening()
            receipts[record.body] = await append_until_answered(log, record)
            came.release()

    async def follow() -> list[Stored]:
        """Until the end of the log, once the writers are done."""
        followed: list[Stored] = []
        async with aclosing(log.follow(OPERATION, after=0)) as batches:
            async for batch in batches:
                followed += batch
                if len(followed) >= len(receipts) and done.is_set() and followed[-1].body == last.body:
                    break
        return followed

    async def grow() -> None:
        for _ in range(ENTRIES_BETWEEN_KILLS):
            await came.acquire()

    last = opening()
    follower = asyncio.create_task(follow())
    tasks = [asyncio.create_task(write()) for _ in range(writers)]
    for _ in range(KILLS):
        await grow()
        server.kill()
        server.start()
    await grow()
    done.set()
    await asyncio.gather(*tasks)
    receipts[last.body] = await append_until_answered(log, last)
    followed = await asyncio.wait_for(follower, 20)

    assert [stored.position for stored in followed] == list(range(1, await log.tail(OPERATION) + 1))
    assert {each.body: each.position for each in followed} == {
        body: receipt.position for body, receipt in receipts.items()
    }
    assert len(followed) == len(receipts)


@pytest.mark.parametrize("records", [1, 50])
async def test_entries_whose_answers_were_lost_are_read_back_and_still_fresh(
    server: EmbeddedNats, log: Log, records: int
) -> None:
    sent = [opening() for _ in range(records)]

    answers = [asyncio.create_task(log.append(OPERATION, record)) for record in sent]
    await asyncio.sleep(0)  # they are on their way now, and the server is gone before it can answer
    server.kill()
    server.start()

    appended = await asyncio.gather(*answers)
    assert all(answer.fresh for answer in appended)
    assert sorted(answer.position for answer in appended) == list(range(1, records + 1))


async def test_an_atomic_batch_whose_answer_was_lost_is_all_there_once(server: EmbeddedNats, log: Log) -> None:
    batch = [opening() for _ in range(200)]

    answer = asyncio.create_task(log.append_all(OPERATION, batch))
    await asyncio.sleep(0)
    server.kill()
    server.start()

    assert await answer == [Appended(n, True, record.body) for n, record in enumerate(batch, start=1)]
    assert await log.tail(OPERATION) == 200


async def test_without_a_server_an_append_is_refused_and_the_log_says_that_it_is_not_healthy(
    server: EmbeddedNats, log: Log
) -> None:
    assert log.healthy
    server.kill()

    with pytest.raises((LogUnavailable, OutcomeUnknown)):
        await log.append(OPERATION, opening())

    assert not log.healthy
    assert log.reason == "not connected"
