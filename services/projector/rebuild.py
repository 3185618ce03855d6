"""Rebuild: a second set of read models, filled from the whole log beside the live one, compared, switched to."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from psycopg import sql
from sqlalchemy import Connection, create_engine

from services.projector.projection import find_views
from services.projector.runner import MOST, Runner
from services.projector.writer import VIEWS, Checkpoint, Writer
from services.shared import picture_set
from services.shared.bus import Log
from services.shared.database import engine_url
from services.shared.settings import Settings
from services.shared.tables import facts

# Gateways may be in the midst of reading the old set; none of their transactions lasts this long.
KEEP_OLD_SECONDS = 60.0

Progress = Callable[[str, int, int], None]
"""Told an operation, how far its new read models are, and how far its log goes."""


class RebuildDiffers(Exception):
    """The new set says something else than the live one. Nothing was switched."""

    def __init__(self, differences: list[str]) -> None:
        super().__init__("; ".join(differences))
        self.differences = differences


@dataclass
class Rebuilt:
    """What was made, and how it differs from what it replaced."""

    schema: str
    entries: int = 0
    differences: list[str] = field(default_factory=list)


async def rebuild(
    settings: Settings,
    progress: Progress | None = None,
    *,
    accept_differences: bool = False,
    keep_old_seconds: float = KEEP_OLD_SECONDS,
) -> Rebuilt:
    """Make the read models anew from the log while the live ones are read. Raises RebuildDiffers."""
    find_views()
    bus = await Log.connect(settings, name="rebuild")
    rebuilt = Rebuilt(await _as_owner(settings, _make))
    try:
        for operation in await bus.operations():
            await _rebuild_one(settings, bus, operation, rebuilt, progress)
        if rebuilt.differences and not accept_differences:
            raise RebuildDiffers(rebuilt.differences)
    except BaseException:
        await _as_owner(settings, lambda connection: picture_set.drop_set(connection, rebuilt.schema))
        raise
    finally:
        await bus.close()
    # Runners find their checkpoint moved, and go on in the new set from where it is.
    await _as_owner(settings, lambda connection: picture_set.switch(connection, rebuilt.schema))
    await asyncio.sleep(keep_old_seconds)
    await _as_owner(settings, lambda connection: _drop_older(connection, rebuilt.schema))
    return rebuilt


async def _rebuild_one(
    settings: Settings, bus: Log, operation: str, rebuilt: Rebuilt, progress: Progress | None
) -> None:
    live = await Writer.connect(settings.projector_database_url, operation)
    new = await Writer.connect(settings.projector_database_url, operation, schema=rebuilt.schema)
    try:
        reached = await _fill(bus, new, progress)
        rebuilt.entries += reached.position
        at = min(reached.position, (await live.checkpoint()).position)
        before, after = await _summary(live, at), await _summary(new, at)
        rebuilt.differences += [
            f"{operation} at {at}: {name} {before.get(name, 0)} -> {after.get(name, 0)}"
            for name in sorted(before.keys() | after.keys())
            if before.get(name, 0) != after.get(name, 0)
        ]
    finally:
        await new.close()
        await live.close()


async def _fill(bus: Log, writer: Writer, progress: Progress | None) -> Checkpoint:
    """From the first entry to the last there is."""
    runner = Runner(writer)
    checkpoint = await writer.checkpoint()
    tail = await bus.tail(writer.operation)
    if tail > checkpoint.position:
        async for stored in bus.follow(writer.operation, after=checkpoint.position, most=MOST):
            checkpoint = await runner.take(checkpoint, stored)
            tail = max(tail, checkpoint.position)
            if progress:
                progress(writer.operation, checkpoint.position, tail)
            if checkpoint.position >= tail:
                break
    return checkpoint


async def _summary(writer: Writer, position: int) -> dict[str, Any]:
    """What the figures say at a position, and how many rows each view has."""
    found: dict[str, Any] = {}
    true_then = sql.SQL("from {} where operation = %s and since <= %s and until > %s")
    values = (writer.operation, position, position)
    async with writer.transaction(wait=True):
        for table in VIEWS:
            query = sql.SQL("select count(*) ") + true_then.format(sql.Identifier(table))
            row = await (await writer.connection.execute(query, values)).fetchone()
            found[f"rows of {table}"] = row[0] if row else 0
        query = sql.SQL("select metric, unit, sum(quantity) ") + true_then.format(sql.Identifier(facts.name))
        cursor = await writer.connection.execute(query + sql.SQL(" group by metric, unit"), values)
        for metric, unit, quantity in await cursor.fetchall():
            found[f"sum of {metric} in {unit}"] = quantity
    return found


def _make(connection: Connection) -> str:
    schema = picture_set.next_schema(connection)
    picture_set.create_set(connection, schema)
    return schema


def _drop_older(connection: Connection, schema: str) -> None:
    existing = picture_set.sets(connection)
    for old in existing[: existing.index(schema)]:
        picture_set.drop_set(connection, old)


async def _as_owner(settings: Settings, work: Callable[[Connection], Any]) -> Any:
    def do() -> Any:
        engine = create_engine(engine_url(settings.database_url))
        try:
            with engine.begin() as connection:
                return work(connection)
        finally:
            engine.dispose()

    return await asyncio.to_thread(do)
