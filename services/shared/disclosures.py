"""The disclosure ledger: who was given whose records, when and why. A stream of its own; nothing is taken out of it.

A line is in the ledger before the answer leaves. Lines of answers that are made at the same time share one disk write.
"""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

import msgspec

from services.shared import stream
from services.shared.connection import Connection
from services.shared.inbox import NotSent, Unanswered
from services.shared.jetstream import NO_SUCH_STREAM, ApiRefused, call
from services.shared.nats_rights import LEDGER, LEDGER_SUBJECTS
from services.shared.refusals import LogUnavailable
from services.shared.settings import Settings
from services.shared.together import Together

Act = Literal["consultation", "combination", "export", "live", "replay", "audit", "erasure"]
WITHOUT_RECORDS: tuple[Act, ...] = ("audit", "erasure")
"""Of these a line gives nobody a record: it says who read the ledger, or what was destroyed."""
_MOST_AT_ONCE = 1000  # the server's own limit of an atomic batch
_MOST_BYTES = 8 * 2**20
_NO_MORE, _NONE_THERE = "204", "404"
_NANOSECONDS_OF_A_DAY = 86_400 * 10**9


class LedgerUnavailable(Exception):
    """The line may not be on disk, so the answer must not leave."""


class Disclosure(msgspec.Struct, frozen=True):
    """One line: records of one originator, given to one desk in one answer."""

    at: datetime
    operation: str
    act: Act
    originator: str
    agency: str
    actor: str
    purpose: str
    entries: tuple[UUID, ...]
    upto: int = 0
    """The position of the log that the answer showed: whether it had what came later, a correction say."""
    about: str = ""
    """Of an audit: what of the ledger was asked for, as names of filters and their codes. Of an erasure, or of a
    combination that was reported: its entry."""


class _Error(msgspec.Struct):
    err_code: int = 0


class _Ack(msgspec.Struct):
    error: _Error | None = None
    count: int = 1


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Disclosure).decode
_decode_ack = msgspec.json.Decoder(_Ack).decode


class Disclosures:
    """Writes and reads the ledger."""

    def __init__(self, connection: Connection, settings: Settings) -> None:
        self._connection = connection
        self._settings = settings
        self._gathered: Together[Disclosure, None] = Together(self._write)

    async def open(self) -> None:
        """Makes the stream where there is none. Raises LogRefused when it is another than the settings ask for.

        How much and how long it keeps is changed by the archivist alone; until then it goes on as it was made.
        """
        wanted = stream.definition(
            "", max_bytes=self._settings.ledger_bytes, replicas=self._settings.nats_replicas, duplicate_window=120
        )
        own = {"name": LEDGER, "subjects": [f"{LEDGER_SUBJECTS}.>"], **self._limits()}
        await stream.create(self._connection, {**wanted, **own}, adjustable=self._limits())

    async def adjust(self) -> bool:
        """Has the stream keep as much and as long as the settings say; True when that was otherwise.

        Raises LogUnavailable.
        """
        try:
            config = (await call(self._connection, f"STREAM.INFO.{LEDGER}"))["config"]
            # The server leaves out what is nothing.
            if all((config.get(name) or 0) == value for name, value in self._limits().items()):
                return False
            await call(self._connection, f"STREAM.UPDATE.{LEDGER}", config | self._limits())
        except ApiRefused as refused:
            if refused.err_code == NO_SUCH_STREAM:
                return False
            raise LogUnavailable(str(refused)) from refused
        return True

    def _limits(self) -> dict[str, int]:
        days = self._settings.ledger_days
        return {"max_bytes": self._settings.ledger_bytes, "max_age": days * _NANOSECONDS_OF_A_DAY}

    async def write(self, lines: list[Disclosure]) -> None:
        """The lines are on disk when this returns. Raises LedgerUnavailable when that is not certain."""
        await self._gathered(lines)

    async def read(
        self, operation: str = "*", *, originator: str = "*", reader: str = "*", after: int = 0
    ) -> AsyncIterator[tuple[int, Disclosure]]:
        """The lines after a position, oldest first, each with its own. Raises LedgerUnavailable."""
        subject = f"{LEDGER_SUBJECTS}.{operation}.{originator}.{reader}"
        while True:
            query = {"seq": after + 1, "next_by_subj": subject, "batch": _MOST_AT_ONCE, "max_bytes": _MOST_BYTES}
            try:
                found, last = await self._connection.inbox.ask_for_several(
                    f"$JS.API.DIRECT.GET.{LEDGER}", _encode(query)
                )
            except (NotSent, Unanswered) as silence:
                raise LedgerUnavailable(str(silence)) from silence
            status = (last.headers or {})["Status"]
            if status == _NONE_THERE:
                return
            if status != _NO_MORE or not found:
                raise LedgerUnavailable(f"the ledger answered {status}")
            for message in found:
                after = int((message.headers or {})["Nats-Sequence"])
                yield after, _decode(message.data)

    async def extent(self) -> tuple[int, int]:
        """The positions of the first and the last line. Raises LedgerUnavailable."""
        try:
            state = (await call(self._connection, f"STREAM.INFO.{LEDGER}"))["state"]
        except (LogUnavailable, ApiRefused) as silence:
            raise LedgerUnavailable(str(silence)) from silence
        return int(state["first_seq"]), int(state["last_seq"])

    async def _write(self, lines: list[Disclosure]) -> dict[Disclosure, None]:
        try:
            for start in range(0, len(lines), _MOST_AT_ONCE):
                await self._write_at_once(lines[start : start + _MOST_AT_ONCE])
        except (NotSent, Unanswered) as silence:
            raise LedgerUnavailable(str(silence)) from silence
        return {}

    async def _write_at_once(self, lines: list[Disclosure]) -> None:
        """All of them or none, with one disk write. A try of which nothing is heard may leave lines too many."""
        batch = uuid4().hex
        *before, last = lines
        headers: dict[str, str] = {}
        for number, line in enumerate(before, start=1):
            headers = {"Nats-Batch-Id": batch, "Nats-Batch-Sequence": str(number)}
            await self._connection.publish(_subject(line), _encode(line), headers=headers)
        if before:
            headers = {"Nats-Batch-Id": batch, "Nats-Batch-Sequence": str(len(lines)), "Nats-Batch-Commit": "1"}
        answer = await self._connection.inbox.ask(_subject(last), _encode(last), headers=headers or None)
        ack = _decode_ack(answer.data)
        if ack.error is not None:
            raise LedgerUnavailable(f"the ledger refuses ({ack.error.err_code})")
        if before and ack.count != len(lines):
            raise LedgerUnavailable("the ledger counts another number of lines")


def _subject(line: Disclosure) -> str:
    return f"{LEDGER_SUBJECTS}.{line.operation}.{line.originator}.{line.agency}"
