"""Following the log: dense, at the reader's own pace, and never over a hole."""

import asyncio
from contextlib import aclosing
from uuid import uuid4

import nats
import pytest

from schemas.subjects import stream_name
from services.shared.bus import (
    HoleInLog,
    Log,
    Stored,
)
from services.shared.embedded_nats import EmbeddedNats
from tests.flow.log_records import first, opening, settings_of


async def test_a_slow_follower_gets_every_entry_in_batches_no_larger_than_asked(log: Log, operation: str) -> None:
    records = [opening() for _ in range(2500)]
    await asyncio.gather(*(log.append(operation, record) for record in records))
    positions: list[int] = []

    async with aclosing(log.follow(operation, after=100, most=70)) as batches:
        async for batch in batches:
            assert len(batch) <= 70
            positions += [stored.position for stored in batch]
            await log.tail(operation)
            if len(positions) == 2400:
                break

    assert positions == list(range(101, 2501))


async def test_a_follower_waits_for_the_next_entry_and_gets_it_at_once(log: Log, operation: str) -> None:
    await log.append(operation, opening())
    async with aclosing(log.follow(operation, after=0)) as batches:
        await anext(batches)
        waiting = asyncio.ensure_future(anext(batches))
        record = opening()

        await log.append(operation, record)

        assert await asyncio.wait_for(waiting, 1) == [Stored(2, record.body)]


async def test_a_hole_in_the_log_stops_the_follower(nats_server: EmbeddedNats, log: Log) -> None:
    operation = f"op-{uuid4().hex[:12]}"
    client = await nats.connect(nats_server.url)
    tampered = client.jetstream()
    await tampered.add_stream(name=stream_name(operation), subjects=[f"vcp.{operation}.>"], allow_direct=True)
    for _ in range(5):
        await log.append(operation, opening())
    await tampered.delete_msg(stream_name(operation), 3)
    seen: list[int] = []

    with pytest.raises(HoleInLog) as alarm:
        async with asyncio.timeout(10), aclosing(log.follow(operation, after=0)) as batches:
            async for batch in batches:
                seen += [stored.position for stored in batch]

    assert seen == [1, 2]
    assert (alarm.value.after, alarm.value.found) == (2, 4)
    await client.close()


async def test_a_log_that_ends_before_the_follower_is_an_alarm(log: Log, operation: str) -> None:
    await log.append(operation, opening())

    with pytest.raises(HoleInLog) as alarm:
        await first(log, operation, 1, after=2)

    assert (alarm.value.after, alarm.value.found) == (2, None)


async def test_a_wake_reaches_who_asked_and_a_new_log_wakes_too(nats_server: EmbeddedNats, log: Log) -> None:
    listener = await Log.connect(settings_of(nats_server), name="listener")
    heard: asyncio.Queue[tuple[str, int]] = asyncio.Queue()
    stop = await listener.on_wake(lambda operation, position: heard.put_nowait((operation, position)))
    assert await listener.operations() is not None  # the server has the subscription once it answers this
    operation = f"op-{uuid4().hex[:12]}"

    await log.create(operation)
    await log.wake(operation, 7)

    assert [await asyncio.wait_for(heard.get(), 2) for _ in range(2)] == [(operation, 0), (operation, 7)]
    await stop()
    await listener.close()
