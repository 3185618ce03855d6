"""The log on three replicas: what was acknowledged is there, once, whichever server dies."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing
from functools import partial
from typing import TypeVar
from uuid import uuid4

import pytest

from services.shared import inbox, publisher
from services.shared.bus import Appended, Log, LogUnavailable, OutcomeUnknown, Record, Stored, ThingMoved
from services.shared.embedded import free_port
from services.shared.embedded_nats import EmbeddedNats
from services.shared.nats_config import Member
from services.shared.refusals import LogClosed
from services.shared.settings import Settings
from tests.flow.log_records import opening

OPERATION = "op-cluster"
WRITERS = 10
KILLS = 2
ENTRIES_BETWEEN_KILLS = 100

T = TypeVar("T")


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, EmbeddedNats]]:
    """Three servers of one cluster on this machine, by name."""
    ports = {f"log-{number}": free_port() for number in (1, 2, 3)}
    routes = [f"nats://127.0.0.1:{port}" for port in ports.values()]
    made = {
        name: EmbeddedNats(tmp_path_factory.mktemp(name), port=free_port(), member=Member(name, port, routes))
        for name, port in ports.items()
    }
    try:
        for server in made.values():
            server.start()
        yield made
    finally:
        for server in made.values():
            server.stop()


@pytest.fixture(scope="module")
async def log(servers: dict[str, EmbeddedNats]) -> AsyncIterator[Log]:
    urls = ",".join(server.url for server in servers.values())
    log = await Log.connect(Settings(nats_url=urls, nats_replicas=3, log_bytes=64 * 2**20), name="test")
    await until_answered(lambda: log.create(OPERATION))
    yield log
    await log.close()


async def until_answered(asked: Callable[[], Awaitable[T]]) -> T:
    """What every client does: the same again until there is an answer. Servers elect their leaders meanwhile."""
    async with asyncio.timeout(25):
        while True:
            try:
                return await asked()
            except (LogUnavailable, OutcomeUnknown):
                await asyncio.sleep(0.05)


async def all_followed(log: Log) -> list[Stored]:
    tail = await until_answered(lambda: log.tail(OPERATION))
    followed: list[Stored] = []
    async with asyncio.timeout(20), aclosing(log.follow(OPERATION, after=0)) as batches:
        async for batch in batches:
            followed += batch
            if followed[-1].position >= tail:
                break
    return followed


async def test_what_was_acknowledged_is_stored_once_while_leaders_die(
    servers: dict[str, EmbeddedNats], log: Log
) -> None:
    receipts: dict[bytes, Appended] = {}
    sent: list[Record] = []
    came = asyncio.Semaphore(0)
    done = asyncio.Event()

    async def write() -> None:
        while not done.is_set():
            record = opening()
            sent.append(record)
            receipts[record.body] = await until_answered(partial(log.append, OPERATION, record))
            came.release()

    async def grow() -> None:
        for _ in range(ENTRIES_BETWEEN_KILLS):
            await came.acquire()

    writers = [asyncio.create_task(write()) for _ in range(WRITERS)]
    killed = set()
    for _ in range(KILLS):
        await grow()
        leader = servers[await until_answered(lambda: log.leader(OPERATION))]
        leader.kill()
        killed.add(leader.port)
        await grow()  # two of three go on
        await asyncio.to_thread(leader.start)
    done.set()
    await asyncio.gather(*writers)

    followed = await all_followed(log)
    assert killed
    assert [stored.position for stored in followed] == list(range(1, len(followed) + 1))
    assert {each.body: each.position for each in followed} == {body: each.position for body, each in receipts.items()}
    assert len(followed) == len(receipts) == len(sent)

    some = sent[:: max(1, len(sent) // 20)]
    for record in some:
        again = await until_answered(partial(log.append, OPERATION, record))
        assert again == Appended(receipts[record.body].position, False, record.body)


async def test_an_entry_and_an_atomic_batch_sent_again_are_answered_with_their_first_positions(log: Log) -> None:
    one, many = opening(), [opening() for _ in range(50)]
    first = await until_answered(lambda: log.append(OPERATION, one))
    stored = await until_answered(lambda: log.append_all(OPERATION, many))

    again = await until_answered(lambda: log.append(OPERATION, one))
    at_once = await until_answered(lambda: log.append_each(OPERATION, [one] * 30))
    whole = await until_answered(lambda: log.append_all(OPERATION, many))

    assert again == Appended(first.position, False, one.body)
    assert at_once == [again] * 30
    assert whole == [Appended(each.position, False, each.body) for each in stored]


async def test_of_many_commands_at_once_on_one_thing_one_is_stored(log: Log) -> None:
    arrest = opening()
    first = await until_answered(lambda: log.append(OPERATION, arrest))
    commands = [Record(arrest.thing, str(uuid4()), "BA", "arrest.updated.v1", b"{}", first.position) for _ in range(30)]

    answers = await log.append_each(OPERATION, commands)

    assert len([each for each in answers if isinstance(each, Appended)]) == 1
    assert len([each for each in answers if isinstance(each, ThingMoved)]) == 29


async def test_a_closed_log_takes_no_fact_whichever_server_leads_it(servers: dict[str, EmbeddedNats], log: Log) -> None:
    closed = "op-closed"
    await until_answered(lambda: log.create(closed))
    stored: list[int] = []
    enough = asyncio.Event()

    async def write() -> None:
        while True:
            record = opening()
            try:
                stored.append((await until_answered(partial(log.append, closed, record))).position)
            except LogClosed:
                return
            if len(stored) >= ENTRIES_BETWEEN_KILLS:
                enough.set()

    async with asyncio.TaskGroup() as group:
        for _ in range(WRITERS):
            group.create_task(write())
        await enough.wait()
        await until_answered(lambda: log.let_facts_in(closed, wanted=False))
        closing = Record(str(uuid4()), str(uuid4()), "AT", "operation.closed.v1", b"{}", 0)
        position = (await until_answered(lambda: log.append(closed, closing))).position
    assert max(stored) < position

    leader = servers[await until_answered(lambda: log.leader(closed))]
    leader.kill()
    for _ in range(WRITERS):
        with pytest.raises(LogClosed):
            await until_answered(lambda: log.append(closed, opening()))
    await asyncio.to_thread(leader.start)
    assert await until_answered(lambda: log.tail(closed)) == position


async def test_with_one_server_of_three_nothing_is_acknowledged(
    servers: dict[str, EmbeddedNats], log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publisher, "PATIENCE_SECONDS", 1.0)
    monkeypatch.setattr(inbox, "ANSWER_SECONDS", 1.0)
    leader = await until_answered(lambda: log.leader(OPERATION))
    others = [server for name, server in servers.items() if name != leader]
    record = opening()
    for server in others:
        server.kill()

    with pytest.raises((LogUnavailable, OutcomeUnknown)):
        await log.append(OPERATION, record)

    for server in others:
        await asyncio.to_thread(server.start)
    stored = await until_answered(lambda: log.append(OPERATION, record))
    again = await until_answered(lambda: log.append(OPERATION, record))
    assert again.position == stored.position
    assert [each.body for each in await all_followed(log)].count(record.body) == 1
