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
from services.shared.nats_rights import LEDGER, LEDGER_SUBJECTS
from services.shared.settings import Settings
from services.shared.together import Together

Act = Literal["consultation", "combination", "export", "live", "replay"]
_MOST_AT_ONCE = 1000  # the server's own limit of an atomic batch
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
        """Makes the stream where there is none. Raises LogRefused when it is another than the settings ask for."""
        wanted = stream.definition(
            "", max_bytes=self._settings.ledger_bytes, replicas=self._settings.nats_replicas, duplicate_window=120
        )
        own = {"name": LEDGER, "subjects": [f"{LEDGER_SUBJECTS}.>"]}
        await stream.create(
            self._connection, {**wanted, **own, "max_age": self._settings.ledger_days * _NANOSECONDS_OF_A_DAY}
        )

    async def write(self, lines: list[Disclosure]) -> None:
        """The lines are on disk when this returns. Raises LedgerUnavailable when that is not certain."""
        await self._gathered(lines)

    async def read(self, operation: str = "*", *, originator: str = "*") -> AsyncIterator[Disclosure]:
        """The lines, oldest first. Raises LedgerUnavailable."""
        query = {"seq": 1, "next_by_subj": f"{LEDGER_SUBJECTS}.{operation}.{originator}.*"}
        while True:
            try:
                message = await self._connection.inbox.ask(f"$JS.API.DIRECT.GET.{LEDGER}", _encode(query))
            except (NotSent, Unanswered) as silence:
                raise LedgerUnavailable(str(silence)) from silence
            headers = message.headers or {}
            if headers.get("Status") == "404":
                return
            if "Nats-Sequence" not in headers:
                raise LedgerUnavailable(f"the ledger answered {headers.get('Status')}")
            yield _decode(message.data)
            query["seq"] = int(headers["Nats-Sequence"]) + 1

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
