"""The log: one JetStream stream an operation, as the gateway and the projector use it."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from uuid import UUID

import msgspec
from nats.aio.msg import Msg

from schemas.subjects import INTAKE, Id, agency_of, entry_prefix, id_filter, thing_prefix
from services.shared import atomic, fence, follower, publisher, stream
from services.shared.committer import Committer
from services.shared.connection import Connection, Stop
from services.shared.disclosures import Disclosures
from services.shared.durability import durability
from services.shared.fence import Lifecycle
from services.shared.inbox import NotSent, Unanswered
from services.shared.jetstream import read_nearby, stream_info
from services.shared.nats_rights import GATEWAY, SEALING, WAKE
from services.shared.records import Appended, Durability, Record, Stored
from services.shared.refusals import (
    BatchRefused,
    HoleInLog,
    LogRefused,
    LogSealed,
    LogUnavailable,
    NoSuchOperation,
    OutcomeUnknown,
    ThingMoved,
)
from services.shared.requests import Answer, Reply, Requests
from services.shared.settings import Settings

__all__ = [
    "Appended",
    "BatchRefused",
    "Durability",
    "HoleInLog",
    "Log",
    "LogRefused",
    "LogSealed",
    "LogUnavailable",
    "NoSuchOperation",
    "OutcomeUnknown",
    "Record",
    "Stored",
    "ThingMoved",
]

MOST_BYTES = 900_000  # below the server's max_payload, with room for headers
CONNECT_SECONDS = 30.0


class Log:
    """All operations' logs on one NATS server. An append is answered by what the log holds or a refusal."""

    def __init__(self, connection: Connection, settings: Settings, *, duplicate_window: float) -> None:
        self._connection = connection
        self._settings = settings
        self._duplicate_window = duplicate_window
        self._committers: dict[str, Committer] = {}

    @classmethod
    async def connect(
        cls,
        settings: Settings,
        *,
        name: str,
        patience: float = CONNECT_SECONDS,
        duplicate_window: float = stream.DUPLICATE_WINDOW_SECONDS,
    ) -> "Log":
        """The log, once its server answers. Raises LogUnavailable after `patience` seconds."""
        seed = settings.nats_seed_file.read_text() if settings.nats_seed_file else None
        connection = await Connection.open(settings.nats_url, name=name, patience=patience, seed=seed)
        return cls(connection, settings, duplicate_window=duplicate_window)

    async def close(self) -> None:
        for committer in self._committers.values():
            await committer.close()
        await self._connection.close()

    @property
    def healthy(self) -> bool:
        return self._connection.healthy

    @property
    def reason(self) -> str | None:
        """Why the log is not healthy."""
        return self._connection.reason

    async def durability(self) -> Durability:
        return await durability(self._settings)

    async def create(self, operation: str) -> None:
        """Make the operation's log and tell everybody; fine when it is there and as asked for.

        Raises LogRefused naming the difference when it is not; a log is never changed.
        """
        wanted = stream.definition(
            operation,
            max_bytes=self._settings.log_bytes,
            replicas=self._settings.nats_replicas,
            duplicate_window=self._duplicate_window,
        )
        if await stream.create(self._connection, wanted):
            await self.wake(operation, 0)

    async def disclosures(self) -> Disclosures:
        """The disclosure ledger on the same server, made where there is none. Raises LogRefused or LogUnavailable."""
        ledger = Disclosures(self._connection, self._settings)
        await ledger.open()
        return ledger

    async def adjust_disclosures(self) -> bool:
        """Has the ledger keep as much and as long as the settings say. Raises LogUnavailable."""
        return await Disclosures(self._connection, self._settings).adjust()

    async def operations(self) -> list[str]:
        return await stream.operations(self._connection)

    async def append(self, operation: str, record: Record) -> Appended:
        """Store one record, sharing the write with what else waits; it is in the log when this returns.

        Raises ThingMoved, LogSealed, NoSuchOperation, LogUnavailable or OutcomeUnknown.
        """
        _check_size(record)
        if self._settings.durability == "standard":
            # Where not every message waits for the disk, sharing a write gains nothing.
            return await publisher.write(self._connection, operation, record)
        return await self._committer(operation).put(record)

    async def append_each(self, operation: str, records: Sequence[Record]) -> list[Appended | BaseException]:
        """Store each record by itself, sharing the write: what became of each, or its refusal, in their order."""
        if self._settings.durability == "standard":
            writes = (self.append(operation, record) for record in records)
            return await asyncio.gather(*writes, return_exceptions=True)
        for record in records:
            _check_size(record)
        committer = self._committer(operation)
        outcomes: list[Appended | BaseException] = []
        # They are settled together, so waiting for one after the other costs less than one callback for each.
        for waiting in [committer.put(record) for record in records]:
            try:
                outcomes.append(await waiting)
            except Exception as refused:
                outcomes.append(refused)
        return outcomes

    async def append_all(self, operation: str, records: Sequence[Record]) -> list[Appended]:
        """Store all records, one after the other, or none.

        When the log has them all already, that is the answer too. Only the first record of each thing is held
        against its `expected`. Raises BatchRefused, and what `append` raises.
        """
        if len(records) > publisher.MOST_IN_A_BATCH:
            raise ValueError(f"at most {publisher.MOST_IN_A_BATCH} records at once")
        for record in records:
            _check_size(record)
        if not records:
            return []
        return await atomic.write_all(self._connection, operation, records)

    def _committer(self, operation: str) -> Committer:
        committer = self._committers.get(operation)
        if committer is None:
            committer = self._committers[operation] = Committer(self._connection, operation)
        return committer

    async def find(self, operation: str, *, thing: Id, entry: Id) -> Stored | None:
        query = {"last_by_subj": entry_prefix(operation, thing, entry)}
        return await read_nearby(self._connection, operation, query)

    async def find_by_id(self, operation: str, entry: UUID) -> Stored | None:
        """An entry of which the thing is not known; dear in a long log."""
        return await read_nearby(self._connection, operation, {"last_by_subj": id_filter(operation, entry)})

    async def last_of(self, operation: str, thing: Id) -> int:
        """The last position of a thing; 0 when it has none."""
        last = await read_nearby(self._connection, operation, {"last_by_subj": thing_prefix(operation, thing)})
        return last.position if last is not None else 0

    async def at(self, operation: str, position: int) -> Stored | None:
        if position < 1:
            return None
        return await read_nearby(self._connection, operation, {"seq": position})

    async def tail(self, operation: str) -> int:
        """The last position; 0 when the log is empty."""
        return int((await stream_info(self._connection, operation))["state"]["last_seq"])

    async def leader(self, operation: str) -> str:
        """The name of the server that orders the log. Raises LogUnavailable while the servers elect one."""
        cluster = (await stream_info(self._connection, operation)).get("cluster") or {}
        if not cluster.get("leader"):
            raise LogUnavailable("the log has no leader now")
        return str(cluster["leader"])

    async def seal(self, operation: str) -> None:
        await stream.seal(self._connection, operation)

    def follow(self, operation: str, *, after: int, most: int = 2000) -> AsyncGenerator[list[Stored], None]:
        """What comes after a position, in batches of what waits, for ever, without hole or double.

        Raises HoleInLog when the log itself lacks the next position.
        """
        return follower.follow(self._connection, operation, after=after, most=most)

    async def wake(self, operation: str, position: int) -> None:
        """Tell whoever waits that the picture is at a position. Best effort: one may miss it."""
        if await self._connection.up(within=0):
            await self._connection.publish(f"{WAKE}.{operation}", msgspec.json.encode({"position": position}))

    async def on_wake(self, callback: Callable[[str, int], None]) -> Stop:
        """Call back with operation and position at each wake; the answer ends it."""

        async def receive(message: Msg) -> None:
            callback(message.subject.removeprefix(f"{WAKE}."), msgspec.json.decode(message.data)["position"])

        return await self._connection.listen(f"{WAKE}.*", receive)

    async def take_in(self, answer: Answer, *, queue: str, busy: Reply, most: int) -> Requests:
        """Answer what agencies' systems ask on their subjects, until it is closed."""
        requests = Requests(self._connection, answer=answer, busy=busy, most=most, asker=agency_of)
        await requests.start(f"{INTAKE}.*.*", queue=queue)
        return requests

    async def ask_archivist(self, operation: str, wish: bytes) -> bool:
        """Ask for the log to be closed to facts, open to them or sealed; False when it is not."""
        try:
            answer = await self._connection.inbox.ask(f"{SEALING}.{operation}", wish)
        except (NotSent, Unanswered):
            return False
        return bool(answer.data == wish)

    async def serve_as_archivist(self, answer: Answer) -> Requests:
        """Answer the gateways that ask for a log to be closed, opened or sealed."""
        busy = Reply(b"", {})
        requests = Requests(self._connection, answer=answer, busy=busy, most=100, asker=lambda subject: GATEWAY)
        await requests.start(f"{SEALING}.*", queue="")
        return requests

    async def let_facts_in(self, operation: str, *, wanted: bool) -> None:
        """Have the log itself take facts, or refuse them."""
        await fence.put(self._connection, operation, closed=not wanted)

    async def lifecycle(self, operation: str) -> Lifecycle:
        """Whether the operation is closed or archived, as the log itself says."""
        return await fence.lifecycle(self._connection, operation)

    async def is_sealed(self, operation: str) -> bool:
        return bool((await stream_info(self._connection, operation))["config"].get("sealed"))


def _check_size(record: Record) -> None:
    if len(record.body) > MOST_BYTES:
        raise ValueError(f"a record has at most {MOST_BYTES} bytes")
