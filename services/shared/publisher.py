"""Writing to an operation's stream: one record or an atomic batch, and never a guess about the outcome.

Every record carries two guards. `Nats-Msg-Id` catches a retry for as long as the server's window; for ever,
an opening entry expects nothing under its own id, and a command expects the thing's last position. So a
record can be sent again as often as need be, and is stored once.
"""

import asyncio
import logging
from collections.abc import Sequence
from uuid import uuid4

import msgspec

from schemas.subjects import entry_prefix, entry_subject, log_prefix, thing_prefix
from services.shared.connection import Connection
from services.shared.fence import lets_in
from services.shared.frames import framed
from services.shared.inbox import NotSent, Unanswered
from services.shared.jetstream import read_certainly, read_nearby, stream_info
from services.shared.records import Appended, Record
from services.shared.refusals import LogClosed, LogSealed, LogUnavailable, OutcomeUnknown, ThingMoved

log = logging.getLogger(__name__)

MOST_IN_A_BATCH = 1000  # the server's own limit
PATIENCE_SECONDS = 8.0  # the longest an append takes to say that it does not know
RECONNECT_SECONDS = 2.0
PAUSE_SECONDS = 0.05
_FRAMES_BYTES = 256 * 1024  # sent in one go

SEALED = 10109
_GUARD_FAILED = {10071, 10164}
KNOWN_ID = 10201
PERHAPS_STORED = {KNOWN_ID, *_GUARD_FAILED}
"""Why a batch is refused when a record of it is in the log already."""
_IN_PROGRESS = {10158, 10163}


class _Error(msgspec.Struct):
    code: int = 0
    err_code: int = 0
    description: str = ""


class _Ack(msgspec.Struct):
    seq: int = 0
    duplicate: bool = False
    count: int = 0
    error: _Error | None = None


_decode_ack = msgspec.json.Decoder(_Ack).decode


class _Refused(Exception):
    """The server will not store the record now, whoever asks: the stream is full or frozen."""


class BatchNotStored(Exception):
    """The server refused the batch as a whole and does not say because of which record."""

    def __init__(self, err_code: int, description: str) -> None:
        super().__init__(f"{description} ({err_code})")
        self.err_code = err_code


async def write(connection: Connection, operation: str, record: Record, *, perhaps_sent: bool = False) -> Appended:
    """Store one record and say what became of it. Retries and reads back until the outcome is certain.

    `perhaps_sent`: the record went out before and no answer came.
    Raises ThingMoved, LogSealed, NoSuchOperation, LogUnavailable or OutcomeUnknown.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE_SECONDS
    why = "not connected"
    while loop.time() < deadline and await connection.up(within=RECONNECT_SECONDS):
        try:
            if perhaps_sent and (settled := await read_back(connection, operation, record, ours=True)):
                return settled
            ack = await _publish(connection, operation, record)
            if ack.error is None and not ack.duplicate:
                return Appended(ack.seq, True, record.body)
            return await _explain(connection, operation, record, ack=ack, ours=perhaps_sent)
        except Unanswered as silence:
            perhaps_sent, why = True, str(silence)
        except NotSent as silence:
            why = str(silence)
            await check_that_it_takes(connection, operation, [record])
            await asyncio.sleep(PAUSE_SECONDS)
        except LogUnavailable as silence:
            why = str(silence)
            await asyncio.sleep(PAUSE_SECONDS)
        except _Refused as refused:
            why = str(refused)
            break
    raise OutcomeUnknown(why) if perhaps_sent else LogUnavailable(why)


async def write_batch(connection: Connection, operation: str, records: Sequence[Record]) -> list[int]:
    """Store all records or none, with one fsync for all; the answer is their positions.

    Raises BatchNotStored when refused, NotSent when nothing happened, Unanswered when nobody knows.
    """
    batch = uuid4().hex
    guarded: set[str] = set()
    frames, size = [], 0
    *most, last = records
    for number, record in enumerate(most, start=1):
        # The batch is one step: what the first record of a thing expects holds for the others too.
        guard = _guarded(operation, record)
        frames.append(framed(operation, record, batch=batch, number=number, guard=None if guard in guarded else guard))
        guarded.add(guard)
        size += len(frames[-1])
        if size > _FRAMES_BYTES:
            await connection.publish_framed(b"".join(frames))
            frames, size = [], 0
    await connection.publish_framed(b"".join(frames))
    headers = {
        "Nats-Msg-Id": last.entry,
        "Nats-Batch-Id": batch,
        "Nats-Batch-Sequence": str(len(records)),
        "Nats-Batch-Commit": "1",
    }
    if (guard := _guarded(operation, last)) not in guarded:
        headers |= _guard(guard, last.expected)
    message = await connection.inbox.ask(_subject(operation, last), last.body, headers=headers)
    ack = _decode_ack(message.data)
    if ack.error is not None:
        raise BatchNotStored(ack.error.err_code, ack.error.description)
    if ack.count != len(records):
        raise BatchNotStored(0, "the server counts another number of records")
    return list(range(ack.seq - len(records) + 1, ack.seq + 1))


async def _publish(connection: Connection, operation: str, record: Record) -> _Ack:
    headers = {
        "Nats-Msg-Id": record.entry,
        **_guard(_guarded(operation, record), record.expected),
    }
    message = await connection.inbox.ask(_subject(operation, record), record.body, headers=headers)
    return _decode_ack(message.data)


async def _explain(connection: Connection, operation: str, record: Record, *, ack: _Ack, ours: bool) -> Appended:
    """Why a record was not stored just now: it is in the log already, or it cannot be."""
    error = ack.error
    if error is None:
        # By position, for the same id may stand under another thing; the caller sees that by the digest.
        stored = await read_certainly(connection, operation, {"seq": ack.seq})
        if stored is None:
            raise LogUnavailable("the log names a position that it does not have")
        return Appended(stored.position, ours and stored.body == record.body, stored.body)
    if error.err_code in _IN_PROGRESS:
        raise LogUnavailable(error.description)
    if error.err_code not in _GUARD_FAILED and error.err_code != SEALED:
        raise _Refused(f"{error.description} ({error.err_code})")
    if known := await read_back(connection, operation, record, ours=ours):
        return known
    if error.err_code == SEALED:
        raise LogSealed(operation)
    raise ThingMoved(await last_position(connection, operation, record))


async def read_back(connection: Connection, operation: str, record: Record, *, ours: bool) -> Appended | None:
    query = {"last_by_subj": entry_prefix(operation, record.thing, record.entry)}
    stored = await read_certainly(connection, operation, query)
    if stored is None:
        return None
    return Appended(stored.position, ours and stored.body == record.body, stored.body)


async def read_quickly(connection: Connection, operation: str, record: Record) -> Appended | None:
    """The record as the log has it. From whichever replica is at hand: what is found is stored, the rest is open."""
    stored = await read_nearby(
        connection, operation, {"last_by_subj": entry_prefix(operation, record.thing, record.entry)}
    )
    return Appended(stored.position, False, stored.body) if stored is not None else None


async def last_position(connection: Connection, operation: str, record: Record) -> int:
    """The thing's last position, from the stream's leader."""
    last = await read_certainly(connection, operation, {"last_by_subj": thing_prefix(operation, record.thing)})
    return last.position if last is not None else 0


async def check_that_it_takes(connection: Connection, operation: str, records: Sequence[Record]) -> None:
    """Nobody listens: raises NoSuchOperation when there is no stream, LogClosed when it takes no such records now.

    Else it has no leader now.
    """
    try:
        config = (await stream_info(connection, operation))["config"]
    except LogUnavailable as silence:
        log.debug("nobody says whether the log exists", extra={"operation": operation, "why": str(silence)})
    else:
        if not all(lets_in(config, operation, record.type) for record in records):
            raise LogClosed(operation)


def _subject(operation: str, record: Record) -> str:
    return entry_subject(operation, record.thing, record.entry, agency=record.agency, type=record.type)


def _guarded(operation: str, record: Record) -> str:
    """The subjects on which nothing may have come since."""
    return log_prefix(operation) if record.first else thing_prefix(operation, record.thing)


def _guard(subjects: str, expected: int) -> dict[str, str]:
    return {
        "Nats-Expected-Last-Subject-Sequence": str(expected),
        "Nats-Expected-Last-Subject-Sequence-Subject": subjects,
    }
