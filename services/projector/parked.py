"""Parked things: entries whose views could not be worked out, and how they are drained once that is mended."""

from typing import NamedTuple
from uuid import UUID

from psycopg import AsyncConnection

from services.projector.changes import Changes, Known
from services.projector.projection import find_views
from services.projector.totals import forget_totals
from services.projector.writer import Writer
from services.shared.settings import Settings


class Parked(NamedTuple):
    """One entry that waits, and the class of the error that its thing first met."""

    operation: str
    position: int
    thing: UUID
    error: str


class Drained(NamedTuple):
    """What a retry did, in entries."""

    drained: int
    still_parked: int


async def list_parked(settings: Settings) -> list[Parked]:
    """What waits, in all operations."""
    connection = await AsyncConnection.connect(settings.projector_database_url)
    async with connection:
        await connection.execute("select set_config('search_path', (select schema from desk.live), true)")
        cursor = await connection.execute(
            "select operation, position, thing, error from parked order by operation, position"
        )
        return [Parked(*row) for row in await cursor.fetchall()]


async def retry_parked(settings: Settings) -> dict[str, Drained]:
    """Apply what waits, in order and at its own positions; a rebuild would give the same rows."""
    find_views()
    result = {}
    for operation in sorted({parked.operation for parked in await list_parked(settings)}):
        writer = await Writer.connect(settings.projector_database_url, operation)
        try:
            result[operation] = await drain(writer)
        finally:
            await writer.close()
    return result


async def drain(writer: Writer) -> Drained:
    """One operation's parked entries, in one transaction, while its runner waits."""
    async with writer.transaction(wait=True):
        first = await writer.parked_since()
        changes = Changes()
        retried = 0
        for thing, history in (await writer.histories(list(first))).items():
            before = tuple(line for line in history if line.position < first[thing])
            known = changes.known[thing] = Known(before)
            for line in history[len(before) :]:
                retried += 1
                changes.refold(known, line)
            await writer.unpark(thing)
        await writer.write(changes)
        for known in changes.known.values():
            await writer.move(known)
        if first:
            await forget_totals(writer, since=min(first.values()))
    return Drained(retried - len(changes.parked), len(changes.parked))
