"""Ids under which commands were stored: an opening event with such an id is other content, for ever.

The log's own guard finds an opening entry by its id, but a command stands under the thing that it changes. Within the
server's window the message id catches that; before it this memory does, which is read from the picture.
"""

import asyncio
import logging
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from psycopg import OperationalError
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from services.gateway.progress import Progress
from services.gateway.sessions import checkpoint_of, commands_after, known_entries
from services.shared.bus import Log, LogUnavailable, NoSuchOperation
from services.shared.lines import thing_of
from services.shared.stream import DUPLICATE_WINDOW_SECONDS

logger = logging.getLogger(__name__)

_TRUSTED_SECONDS = DUPLICATE_WINDOW_SECONDS / 2
"""What came later than so long ago the log's server still knows by its message id."""
_LOOK_AGAIN_SECONDS = 15.0
_PATIENCE_SECONDS = 1.0
_MOST_REMEMBERED = 200_000
"""A hundred bytes each. An operation with more commands is asked about in the database."""


@dataclass(slots=True)
class _Memory:
    ids: set[UUID] = field(default_factory=set)
    position: int = 0
    complete_at: float = -float("inf")
    """Until when every command is among them, by the monotonic clock."""
    look_again_at: float = -float("inf")


class CommandIds:
    """Remembers each operation's commands, in the memory of this process."""

    def __init__(self, pool: AsyncConnectionPool, log: Log, progress: Progress) -> None:
        self._pool = pool
        self._log = log
        self._progress = progress
        self._memories: dict[str, _Memory] = {}
        self._reading: dict[str, asyncio.Task[None]] = {}

    async def among(self, operation: str, entries: Collection[UUID]) -> Collection[UUID]:
        """Those of the ids that commands have."""
        memory = self._memories.setdefault(operation, _Memory())
        now = time.monotonic()
        if memory.look_again_at <= now:
            memory.look_again_at = now + _LOOK_AGAIN_SECONDS
            self._reading[operation] = asyncio.create_task(self._read(operation, memory))
        if memory.complete_at < now - _TRUSTED_SECONDS:
            await asyncio.wait([self._reading[operation]])
            if memory.complete_at < now - _TRUSTED_SECONDS:
                return await self._in_log(operation, entries)
        if len(memory.ids) < _MOST_REMEMBERED:
            return memory.ids.intersection(entries)
        known = await known_entries(self._pool, [(operation, entry) for entry in entries])
        return {entry for (_, entry), thing in known.items() if thing != entry}

    async def _read(self, operation: str, memory: _Memory) -> None:
        try:
            asked_at = time.monotonic()
            tail = await self._log.tail(operation)
            await self._progress.reach(operation, tail, seconds=_PATIENCE_SECONDS)
            # Asked of the database itself: a crash may have set the picture back behind what was told of it.
            complete = await self._remember(operation, memory) >= tail
        except (LogUnavailable, NoSuchOperation, OperationalError, PoolTimeout) as failed:
            logger.warning("commands not read", extra={"operation": operation, "error": type(failed).__name__})
        else:
            if complete:
                memory.complete_at = asked_at

    async def _remember(self, operation: str, memory: _Memory) -> int:
        """Up to which position of the picture its commands are remembered now."""
        upto, most = await checkpoint_of(self._pool, operation), _MOST_REMEMBERED - len(memory.ids)
        if most > 0 and upto > memory.position:
            memory.ids.update(await commands_after(self._pool, operation, after=memory.position, upto=upto, most=most))
            memory.position = upto
        return upto

    async def _in_log(self, operation: str, entries: Collection[UUID]) -> Collection[UUID]:
        """Asks the log itself: slow, and needed only while the picture is far behind."""
        found = set()
        for entry in entries:
            stored = await self._log.find_by_id(operation, entry)
            if stored is not None and thing_of(stored.body) != entry:
                found.add(entry)
        return found
