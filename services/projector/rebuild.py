"""Rebuild: a second set of read models, filled from the whole log beside the live one, compared, switched to or not."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, create_engine

from services.projector.compare import differences, snapshot
from services.projector.projection import find_views
from services.projector.runner import MOST, Runner
from services.projector.writer import Writer
from services.shared import picture_set
from services.shared.bus import Log
from services.shared.database import engine_url
from services.shared.settings import Settings

# Gateways may be in the midst of reading the old set; none of their transactions lasts this long.
KEEP_OLD_SECONDS = 60.0

# Each pass is shorter than the one before, as long as less comes than is read.
_PASSES = 5

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
    async with _second_set(settings) as (bus, rebuilt):
        await _compare_all(settings, bus, rebuilt, progress)
        if rebuilt.differences and not accept_differences:
            raise RebuildDiffers(rebuilt.differences)
        # Meanwhile more has come; the less is missing when it is switched to, the shorter the picture lags.
        for _ in range(_PASSES):
            if not await _catch_up(settings, bus, rebuilt):
                break
        # Runners find their checkpoint moved, and go on in the new set from where it is.
        await _as_owner(settings, lambda connection: picture_set.switch(connection, rebuilt.schema))
    await asyncio.sleep(keep_old_seconds)
    await _as_owner(settings, lambda connection: _drop_older(connection, rebuilt.schema))
    return rebuilt


async def verify(settings: Settings, progress: Progress | None = None) -> Rebuilt:
    """Make the read models anew from the log, say how the live ones differ, and leave those as they are."""
    async with _second_set(settings, keep=False) as (bus, rebuilt):
        await _compare_all(settings, bus, rebuilt, progress)
    return rebuilt


@asynccontextmanager
async def _second_set(settings: Settings, *, keep: bool = True) -> AsyncIterator[tuple[Log, Rebuilt]]:
    """An empty set beside the live one, which goes again when the block fails, or if it is not to be kept."""
    find_views()
    bus = await Log.connect(settings, name="rebuild")
    rebuilt = Rebuilt(await _as_owner(settings, _make))
    try:
        yield bus, rebuilt
    except BaseException:
        keep = False
        raise
    finally:
        await bus.close()
        if not keep:
            await _as_owner(settings, lambda connection: picture_set.drop_set(connection, rebuilt.schema))


async def _compare_all(settings: Settings, bus: Log, rebuilt: Rebuilt, progress: Progress | None) -> None:
    """Fills the new set, each operation exactly to where the live set is, and compares the two there."""
    url = settings.projector_database_url
    for operation in await bus.operations():
        async with snapshot(url, operation) as live:
            new = await Writer.connect(url, operation, schema=rebuilt.schema)
            try:
                await _fill(bus, new, upto=live.position, progress=progress)
            finally:
                await new.close()
            rebuilt.entries += live.position
            async with snapshot(url, operation, schema=rebuilt.schema) as made:
                rebuilt.differences += [str(one) for one in await differences(live, made)]


async def _catch_up(settings: Settings, bus: Log, rebuilt: Rebuilt) -> int:
    """What came since into the new set; how many entries that were."""
    caught = 0
    for operation in await bus.operations():
        new = await Writer.connect(settings.projector_database_url, operation, schema=rebuilt.schema)
        try:
            caught += await _fill(bus, new, upto=await bus.tail(operation))
        finally:
            await new.close()
    rebuilt.entries += caught
    return caught


async def _fill(bus: Log, writer: Writer, *, upto: int, progress: Progress | None = None) -> int:
    """From where the set is to a position, and no further; how many entries that were."""
    runner = Runner(writer)
    checkpoint = await writer.checkpoint()
    began = checkpoint.position
    if began < upto:
        async for stored in bus.follow(writer.operation, after=began, most=MOST):
            checkpoint = await runner.take(checkpoint, [one for one in stored if one.position <= upto])
            if progress:
                progress(writer.operation, checkpoint.position, upto)
            if checkpoint.position >= upto:
                break
    return checkpoint.position - began


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
