"""The live stream: what happens, to each viewer exactly what they may see, without gap or double."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass

from services.gateway.asked import Reading
from services.gateway.cursors import Seals
from services.gateway.disclosing import lines
from services.gateway.frames import RESYNC, Chosen, frames, given_in, heartbeat
from services.gateway.happenings import Happening, Happenings, Stretch
from services.gateway.outage import OUT_OF_REACH
from services.gateway.picture import Pictures, Viewer, live_cursor
from services.gateway.problems import PictureBehind
from services.gateway.progress import Progress
from services.gateway.reader import AFTER_FAULT_SECONDS, Reader
from services.shared.disclosures import LedgerUnavailable

HEARTBEAT_SECONDS = 10.0
_EVERYTHING = Chosen()

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Stand:
    """How far one stream is, and what its viewer had before it began.

    `seen` is the last position of which the viewer may know; `position` stays inside.
    """

    position: int
    seen: int
    rights_of: int = 0
    base: int = 0

    def had(self, one: Happening) -> bool:
        """Whether the snapshot had it: it was seen with rights that are told of only now."""
        return one.event == "entry" and one.position <= self.rights_of and one.entry_position <= self.base


class Live:
    """All live streams of this process: one reader an operation, whatever the number of viewers."""

    def __init__(self, pictures: Pictures, progress: Progress, *, seals: Seals) -> None:
        self._pictures = pictures
        self._progress = progress
        self._seals = seals
        self._happenings = Happenings()
        self._readers: dict[str, Reader] = {}
        self.resyncs = 0
        """How many viewers have been told to resync."""

    def watching(self) -> dict[str, int]:
        """How many follow each operation now."""
        return {operation: reader.watching for operation, reader in self._readers.items() if not reader.ended}

    async def frames(self, viewer: Viewer, cursor: str | None, *, chosen: Chosen = _EVERYTHING) -> AsyncIterator[bytes]:
        """`text/event-stream` from the cursor on, or from now. Raises Malformed for a cursor of somebody else."""
        stand = await self._stand(viewer, cursor)
        yield self._heartbeat(viewer, stand.seen)
        async for chunk in self._catch_up(viewer, stand, chosen):
            yield chunk
        reader = self._reader(viewer.operation, stand.position)
        watcher = reader.join(viewer, chosen, position=stand.position)
        try:
            while not (await asyncio.wait({watcher.begins}, timeout=HEARTBEAT_SECONDS))[0]:
                yield self._heartbeat(viewer, stand.seen)
            # What lies between here and where the reader is now is read for this viewer alone.
            async for chunk in self._catch_up(viewer, stand, chosen, upto=watcher.begins.result()):
                yield chunk
            while True:
                try:
                    taken = await watcher.mailbox.take(seconds=HEARTBEAT_SECONDS)
                except TimeoutError:
                    yield self._heartbeat(viewer, max(watcher.seen, stand.seen))
                    continue
                if taken is None:
                    self.resyncs += 1
                    yield RESYNC
                    return
                yield taken
        finally:
            reader.leave(watcher)

    async def _stand(self, viewer: Viewer, cursor: str | None) -> _Stand:
        if cursor is None:
            seen = await self._pictures.seen(viewer)
            return _Stand(seen, seen)
        content = self._seals.read(cursor, bound_to=("live", *viewer.binding))
        position, rights_of, base = (int.from_bytes(content[at : at + 8], "big") for at in (0, 8, 16))
        return _Stand(position, position, rights_of, base)

    async def _catch_up(
        self, viewer: Viewer, stand: _Stand, chosen: Chosen, *, upto: int | None = None
    ) -> AsyncIterator[bytes]:
        """What happened since, for one viewer, up to a position or up to now; moves where the stream stands."""
        tokens = frozenset(viewer.tokens)

        def cursor(position: int) -> str:
            return live_cursor(self._seals, viewer, position, rights_of=stand.rights_of, base=stand.base)

        is_last = upto is not None and stand.position >= upto
        while not is_last:
            try:
                stretch = await self._read(viewer, stand.position, upto=upto)
                told = [one for one in stretch.happenings if one.is_for(tokens) and not stand.had(one)]
                found = [one for one in told if chosen.has(one)]
                if found:
                    await self._pictures.ledger.write(lines(viewer, "live", given_in(found), upto=stretch.upto))
            except (*OUT_OF_REACH, PictureBehind, LedgerUnavailable) as fault:
                # The stream has begun; what came meanwhile is read when database and ledger are back.
                log.warning("cannot read what happened", extra={"error": type(fault).__name__})
                await asyncio.sleep(AFTER_FAULT_SECONDS)
                yield self._heartbeat(viewer, stand.seen)
                continue
            if found:
                yield frames(found, cursor)
            stand.position = max(stretch.upto, stand.position)
            stand.seen = told[-1].position if told else stand.seen
            is_last = stretch.is_last

    async def _read(self, viewer: Viewer, after: int, *, upto: int | None = None) -> Stretch:
        opened = self._pictures.open(viewer, Reading()) if upto is None else self._pictures.at_position(viewer, upto)
        async with opened as picture:
            return await self._happenings.after(after, picture)

    def _reader(self, operation: str, position: int) -> Reader:
        reader = self._readers.get(operation)
        if reader is None or reader.ended:
            reader = self._readers[operation] = Reader(
                operation,
                position=position,
                read=self._read,
                cursor=lambda viewer, at: live_cursor(self._seals, viewer, at),
                write_down=self._pictures.ledger.write,
                progress=self._progress,
            )
        return reader

    def _heartbeat(self, viewer: Viewer, seen: int) -> bytes:
        return heartbeat(live_cursor(self._seals, viewer, seen))
