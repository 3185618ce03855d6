"""The log when answers do not arrive: nothing is guessed, and what was stored is read back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from msgspec.structs import replace

from services.shared import connection as connections
from services.shared import inbox, publisher
from services.shared.bus import Appended, Log, OutcomeUnknown
from services.shared.connection import Connection
from services.shared.embedded_nats import EmbeddedNats
from services.shared.publisher import write
from services.shared.settings import Settings
from tests.flow.log_records import opening


class Wire:
    """A network between the log and its server whose standing connections can lose all answers, or break."""

    def __init__(self, server: EmbeddedNats) -> None:
        self._server = server
        self._deaf: set[asyncio.StreamWriter] = set()
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._listener: asyncio.Server | None = None
        self.url = ""

    async def start(self) -> None:
        self._listener = await asyncio.start_server(self._join, "127.0.0.1", 0)
        self.url = f"nats://127.0.0.1:{self._listener.sockets[0].getsockname()[1]}"

    def lose_answers(self) -> None:
        self._deaf |= self._open

    def break_connections(self) -> None:
        for writer in self._open:
            writer.close()

    async def stop(self) -> None:
        assert self._listener is not None
        self._listener.close()
        self.break_connections()
        await asyncio.gather(*self._tasks)

    async def _join(self, from_log: asyncio.StreamReader, to_log: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_connection("127.0.0.1", self._server.port)
        self._open.add(to_log)
        for reader, writer in ((from_log, to_server), (from_server, to_log)):
            task = asyncio.create_task(self._pump(reader, writer))
            self._tasks.add(task)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while chunk := await reader.read(65536):
                if writer not in self._deaf:
                    writer.write(chunk)
                    await writer.drain()
        self._open.discard(writer)
        writer.close()


@pytest.fixture
async def wire(nats_server: EmbeddedNats) -> AsyncIterator[Wire]:
    wire = Wire(nats_server)
    await wire.start()
    yield wire
    await wire.stop()


@pytest.fixture
async def far(wire: Wire, log: Log) -> AsyncIterator[Log]:
    """The log as a gateway behind the wire has it; `log` is the same log without the wire."""
    far = await Log.connect(Settings(nats_url=wire.url), name="far")
    yield far
    await far.close()


async def stored(log: Log, operation: str, count: int) -> None:
    async with asyncio.timeout(10):
        while await log.tail(operation) < count:
            pass


@pytest.mark.parametrize("records", [1, 50])
async def test_entries_that_were_stored_and_never_answered_are_read_back_as_fresh(
    wire: Wire, far: Log, log: Log, operation: str, records: int
) -> None:
    sent = [opening() for _ in range(records)]
    wire.lose_answers()

    answers = asyncio.gather(*(far.append(operation, record) for record in sent))
    await stored(log, operation, records)
    wire.break_connections()

    assert {answer.fresh for answer in await answers} == {True}
    assert sorted(answer.position for answer in await answers) == list(range(1, records + 1))
    assert await log.tail(operation) == records


async def test_an_atomic_batch_that_was_stored_and_never_answered_is_found_whole_and_fresh(
    wire: Wire, far: Log, log: Log, operation: str
) -> None:
    batch = [opening() for _ in range(50)]
    wire.lose_answers()

    answer = asyncio.create_task(far.append_all(operation, batch))
    await stored(log, operation, 50)
    wire.break_connections()

    assert await answer == [Appended(n, True, record.body) for n, record in enumerate(batch, start=1)]
    assert await log.tail(operation) == 50


async def test_an_unanswered_entry_that_the_log_has_is_ours_only_when_its_bytes_are(
    nats_server: EmbeddedNats, log: Log, operation: str
) -> None:
    """Another gateway may have stored the same entry meanwhile, sealed otherwise."""
    ours, theirs = opening(), opening()
    await log.append(operation, ours)
    await log.append(operation, theirs)
    connection = await Connection.open(nats_server.url, name="second gateway", patience=5)

    settled = [
        await write(connection, operation, ours, perhaps_sent=True),
        await write(connection, operation, replace(theirs, body=b"sealed otherwise"), perhaps_sent=True),
    ]

    assert settled == [Appended(1, True, ours.body), Appended(2, False, theirs.body)]
    await connection.close()


async def test_while_no_answer_comes_at_all_the_outcome_is_unknown_and_a_retry_tells(
    wire: Wire, far: Log, log: Log, operation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publisher, "PATIENCE_SECONDS", 0.3)
    monkeypatch.setattr(inbox, "SWEEP_SECONDS", 0.05)
    monkeypatch.setattr(inbox, "ANSWER_SECONDS", 0.2)
    record = opening()
    wire.lose_answers()

    with pytest.raises(OutcomeUnknown):
        await far.append(operation, record)
    wire.break_connections()

    # A second try at the door is stamped anew, so its bytes are others.
    again = await far.append(operation, replace(record, body=b"stamped anew"))
    assert again == Appended(1, False, record.body)


async def test_a_connection_that_stands_and_says_nothing_is_noticed_and_made_anew(
    wire: Wire, far: Log, operation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "BEAT_SECONDS", 0.3)
    wire.lose_answers()

    async with asyncio.timeout(10):
        while far.healthy:  # noqa: ASYNC110 (health is a state that a watchdog finds; it tells nobody)
            await asyncio.sleep(0.01)
        while not far.healthy:  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    assert (await far.append(operation, opening())).fresh


async def test_a_follower_on_a_connection_that_says_nothing_goes_on_without_a_hole(
    wire: Wire, far: Log, log: Log, operation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "BEAT_SECONDS", 0.3)
    records = [opening() for _ in range(20)]
    positions: list[int] = []
    batches = far.follow(operation, after=0)
    await log.append(operation, records[0])
    positions += [each.position for each in await anext(batches)]
    wire.lose_answers()

    for record in records[1:]:
        await log.append(operation, record)
    async with asyncio.timeout(15):
        while len(positions) < 20:
            positions += [each.position for each in await anext(batches)]

    assert positions == list(range(1, 21))
    await batches.aclose()
