"""Several records as one: all are stored or none, and when none, it is said why."""

import asyncio
from collections.abc import Sequence

from services.shared.connection import Connection
from services.shared.inbox import NotSent, Unanswered
from services.shared.publisher import (
    KNOWN_ID,
    PATIENCE_SECONDS,
    PAUSE_SECONDS,
    RECONNECT_SECONDS,
    SEALED,
    BatchNotStored,
    check_that_it_takes,
    last_position,
    read_back,
    write_batch,
)
from services.shared.records import Appended, Record
from services.shared.refusals import BatchRefused, LogSealed, LogUnavailable, OutcomeUnknown, ThingMoved

_READS_AT_ONCE = 50


async def write_all(connection: Connection, operation: str, records: Sequence[Record]) -> list[Appended]:
    """Store all records in this order, without others between them; or find them all stored before.

    Raises BatchRefused with the reason for each that cannot be stored, or what `write` raises.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE_SECONDS
    perhaps_sent = False
    why = "not connected"
    while loop.time() < deadline and await connection.up(within=RECONNECT_SECONDS):
        try:
            positions = await write_batch(connection, operation, records)
            return [Appended(position, True, each.body) for position, each in zip(positions, records, strict=True)]
        except BatchNotStored as refused:
            why = str(refused)
            try:
                known = await _explain(connection, operation, records, refused=refused, ours=perhaps_sent)
            except LogUnavailable as silence:
                why = str(silence)
            else:
                if known is not None:
                    return known
        except Unanswered as silence:
            perhaps_sent, why = True, str(silence)
        except NotSent as silence:
            why = str(silence)
            await check_that_it_takes(connection, operation, records)
        await asyncio.sleep(PAUSE_SECONDS)
    raise OutcomeUnknown(why) if perhaps_sent else LogUnavailable(why)


async def _explain(
    connection: Connection, operation: str, records: Sequence[Record], *, refused: BatchNotStored, ours: bool
) -> list[Appended] | None:
    """The records as the log has them, if it has them all; None when it may be tried again."""
    if refused.err_code == SEALED:
        raise LogSealed(operation)
    found = await _read_back_all(connection, operation, records, ours=ours)
    if len(found) == len(records):
        return [found[index] for index in range(len(records))]
    faults: dict[int, Appended | ThingMoved] = dict(found)
    seen = set()
    for index, record in enumerate(records):
        if index not in found and record.thing not in seen:
            last = await last_position(connection, operation, record)
            if last != record.expected:
                faults[index] = ThingMoved(last)
        seen.add(record.thing)
    # A known id whose entry is not found stands under another thing: final too, but it cannot be named.
    if faults or refused.err_code == KNOWN_ID:
        raise BatchRefused(faults)
    await check_that_it_takes(connection, operation, records)
    return None


async def _read_back_all(
    connection: Connection, operation: str, records: Sequence[Record], *, ours: bool
) -> dict[int, Appended]:
    found: dict[int, Appended] = {}
    for start in range(0, len(records), _READS_AT_ONCE):
        some = records[start : start + _READS_AT_ONCE]
        answers = await asyncio.gather(*(read_back(connection, operation, each, ours=ours) for each in some))
        found |= {start + offset: answer for offset, answer in enumerate(answers) if answer is not None}
    return found
