"""Mailbox: what waits for one viewer who may read slowly. It is bounded, and closes rather than lose a part."""

import asyncio
from collections import deque

MOST_BYTES = 8 * 2**20
"""The chunks are shared between mailboxes, so this bounds how far behind a viewer may be, and hardly memory."""


class Mailbox:
    """Chunks in their order. Once it is closed nothing more comes out of it."""

    def __init__(self, *, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._chunks: deque[bytes] = deque()
        self._bytes = 0
        self._changed = asyncio.Event()
        self.closed = False

    def put(self, chunk: bytes) -> None:
        """Adds a chunk, or closes the mailbox when too much waits already."""
        if self._chunks and self._bytes + len(chunk) > self._most:
            self.close()
        elif not self.closed:
            self._chunks.append(chunk)
            self._bytes += len(chunk)
            self._changed.set()

    def close(self) -> None:
        self.closed = True
        self._chunks.clear()
        self._changed.set()

    async def take(self, *, seconds: float) -> bytes | None:
        """All that waits, once something does; None when it is closed. Raises TimeoutError when nothing comes."""
        if not self._chunks and not self.closed:
            self._changed.clear()
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        if self.closed:
            return None
        taken = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
        self._chunks.clear()
        self._bytes = 0
        return taken
