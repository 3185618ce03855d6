"""The live stream: what changes, to each viewer exactly what they may see, without gap or double.

Viewers with the same rights share one reader: what it reads is encoded once and handed to each of them. A viewer who
reads too slowly is told to resync, never silently skipped.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import msgspec

from services.gateway.cursors import Seals
from services.gateway.opened import open_entries
from services.gateway.outage import OUT_OF_REACH
from services.gateway.picture import Pictures, Viewer
from services.gateway.problems import PictureBehind
from services.gateway.progress import Progress
from services.gateway.views.log import log_between
from services.shared.vault import Vault

HEARTBEAT_SECONDS = 10.0
_SLICE = 200
_QUEUED = 1000
"""How many frames may wait for one viewer before they are told to resync."""
_TICK_SECONDS = 0.1
_LOOK_AGAIN_SECONDS = 0.5

logger = logging.getLogger(__name__)
_encode = msgspec.json.Encoder(decimal_format="number").encode


class Live:
    """All live streams of this process."""

    def __init__(self, pictures: Pictures, progress: Progress, *, seals: Seals, vault: Vault) -> None:
        self._pictures = pictures
        self._progress = progress
        self._seals = seals
        self._vault = vault
        self._readers: dict[tuple[str, ...], _Reader] = {}

    async def frames(self, viewer: Viewer, cursor: str | None) -> AsyncIterator[bytes]:
        """Frames of `text/event-stream`, from the cursor on, or from now. Raises Malformed for a foreign cursor."""
        position = await self._start(viewer, cursor)
        reader = self._readers.get(viewer.binding)
        if reader is None or not reader.reads:
            reader = self._readers[viewer.binding] = _Reader(self, viewer, position)
        queue = reader.join()
        try:
            # What lies between the cursor and where the shared reader stands is read for this viewer alone.
            joined_at = reader.position
            yield self.now_frame(viewer, position)
            while position < joined_at:
                read, position = await self.read(viewer, after=position, most=joined_at)
                if not read:
                    break
                for _, frame in read:
                    yield frame
            while True:
                try:
                    found = await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    if reader.reads:
                        yield self.now_frame(viewer, reader.position)
                        continue
                    found = None
                if found is None:
                    yield b"event: resync\ndata: {}\n\n"
                    return
                at, frame = found
                if at > position:
                    yield frame
        finally:
            if reader.leave(queue) and self._readers.get(viewer.binding) is reader:
                self._readers.pop(viewer.binding, None)

    async def read(self, viewer: Viewer, *, after: int, most: int | None = None) -> tuple[list[tuple[int, bytes]], int]:
        """Frames after a position, and the position up to which everything has been read."""
        upto = most if most is not None else await self._pictures.checkpoint(viewer)
        async with self._pictures.at_position(viewer, upto) as picture:
            rows = await log_between(picture, after=after, limit=_SLICE)
            entries = await open_entries([row["body"] for row in rows], self._vault)
        frames = [
            (row["since"], self._frame(viewer, row["since"], entry)) for row, entry in zip(rows, entries, strict=True)
        ]
        return frames, rows[-1]["since"] if rows else after

    async def wait(self, operation: str) -> None:
        await self._progress.next(operation, seconds=1.0)

    def now_frame(self, viewer: Viewer, position: int) -> bytes:
        """A heartbeat: it moves the cursor on, and says nothing of what the viewer may not see."""
        return b"id: " + self._cursor(viewer, position) + b"\nevent: now\ndata: {}\n\n"

    async def _start(self, viewer: Viewer, cursor: str | None) -> int:
        if cursor is None:
            return await self._pictures.seen(viewer)
        content = self._seals.read(cursor, bound_to=("live", *viewer.binding))
        return int.from_bytes(content[:8], "big")

    def _frame(self, viewer: Viewer, position: int, entry: dict[str, Any]) -> bytes:
        return b"id: " + self._cursor(viewer, position) + b"\nevent: entry\ndata: " + _encode(entry) + b"\n\n"

    def _cursor(self, viewer: Viewer, position: int) -> bytes:
        return self._seals.cursor(position.to_bytes(8, "big"), bound_to=("live", *viewer.binding)).encode()


class _Reader:
    """Reads once for all viewers with the same rights."""

    def __init__(self, live: Live, viewer: Viewer, position: int) -> None:
        self._live = live
        self._viewer = viewer
        self.position = position
        self._queues: set[asyncio.Queue[tuple[int, bytes] | None]] = set()
        self._task = asyncio.create_task(self._run())

    @property
    def reads(self) -> bool:
        """False once it has met a fault: nothing would come any more."""
        return not self._task.done()

    def join(self) -> "asyncio.Queue[tuple[int, bytes] | None]":
        queue: asyncio.Queue[tuple[int, bytes] | None] = asyncio.Queue(_QUEUED + 1)
        self._queues.add(queue)
        return queue

    def leave(self, queue: "asyncio.Queue[tuple[int, bytes] | None]") -> bool:
        """True when nobody is left; the reader has stopped then."""
        self._queues.discard(queue)
        if not self._queues:
            self._task.cancel()
        return not self._queues

    async def _run(self) -> None:
        while True:
            try:
                frames, position = await self._live.read(self._viewer, after=self.position)
            except (*OUT_OF_REACH, PictureBehind) as lost:
                # Whoever listens goes on listening: what came meanwhile is read when the database is back.
                logger.warning("a live stream waits for the database", extra={"error": type(lost).__name__})
                await asyncio.sleep(_LOOK_AGAIN_SECONDS)
                continue
            for frame in frames:
                for queue in list(self._queues):
                    self._hand(queue, frame)
            moved = position > self.position
            self.position = position
            if moved:
                await asyncio.sleep(0 if len(frames) < _SLICE // 4 else _TICK_SECONDS)
            else:
                await self._live.wait(self._viewer.operation)

    def _hand(self, queue: "asyncio.Queue[tuple[int, bytes] | None]", frame: tuple[int, bytes]) -> None:
        if queue.qsize() < _QUEUED:
            queue.put_nowait(frame)
        elif queue.qsize() == _QUEUED:
            queue.put_nowait(None)
            self._queues.discard(queue)
