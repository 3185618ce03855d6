"""Serving one agency: its share of the operations, which other engines attend otherwise, and all of its lists."""

import asyncio
import logging
from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from schemas.events.listing import is_list
from services.crosscheck.attending import Attendance
from services.crosscheck.desk import DelegationEnded, Desk
from services.crosscheck.lists import Lists
from services.crosscheck.status import Status
from services.crosscheck.weights import Weights
from services.shared.ending import end

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.5, 30.0
LEAVING_SECONDS = 2.0


class _Share(NamedTuple):
    """What this engine attends now."""

    operations: list[str]
    lists: list[str]


class Serving:
    """One delegation. What an engine that died attended is attended by another within seconds; it reads the log."""

    def __init__(self, desk: Desk, *, engine: UUID, agency: str, by: Weights, status: Status) -> None:
        self._desk = desk
        self._path = f"/v1/engines/{engine}"
        self._agency = agency
        self._by = by
        self._status = status
        self._lists = Lists()
        self._attended: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """For ever."""
        try:
            while True:
                try:
                    await self._attend_all(await self._share())
                except DelegationEnded:
                    log.warning("a delegation has ended", extra={"agency": self._agency})
                    await self._stop(list(self._attended))
                    await asyncio.sleep(LONGEST_PAUSE_SECONDS)
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            await self._stop(list(self._attended))

    async def leave(self) -> None:
        """The last word. Where it cannot be said, the others notice the silence in a few seconds."""
        try:
            async with asyncio.timeout(LEAVING_SECONDS):
                await self._desk.delete(self._path)
        except (TimeoutError, DelegationEnded):
            log.info("left without a word", extra={"agency": self._agency})
        finally:
            await self._desk.close()

    async def _share(self) -> _Share:
        """Says that this engine is there, and hears what to attend. Raises DelegationEnded."""
        told: Mapping[str, Any] = await self._desk.put(self._path)
        self._status.engines[self._agency] = told["engines"]
        return _Share(told["operations"], told["lists"])

    async def _attend_all(self, share: _Share) -> None:
        await self._stop(self._attended.keys() - {*share.operations, *share.lists})
        # Nothing is answered before every list was read: a line that is not known yet is no answer.
        # What cannot be read does not stop all operations for ever.
        waits = any(self._lists.waits_for(code) for code in share.lists)
        for operation in (*share.lists, *(share.operations if not waits else ())):
            if operation not in self._attended or self._attended[operation].done():
                self._attended[operation] = asyncio.create_task(self._attend(operation))

    async def _stop(self, operations: set[str] | list[str]) -> None:
        """Others attend these now, or nobody."""
        await end([self._attended.pop(operation) for operation in operations])
        for operation in operations:
            self._lists.leave(operation)
            self._status.left(self._agency, operation)

    async def _attend(self, operation: str) -> None:
        """Attend, and attend again after a fall, with growing pauses."""
        pause = SHORTEST_PAUSE_SECONDS
        standing = self._status.of(self._agency, operation)
        if is_list(operation):
            standing.left_out = partial(self._lists.leaves_out, operation)
        while True:
            try:
                await Attendance(
                    self._desk,
                    agency=self._agency,
                    operation=operation,
                    lists=self._lists,
                    by=self._by,
                    standing=standing,
                ).run()
            except DelegationEnded:
                self._lists.fell(operation)
                return
            except Exception:
                self._lists.fell(operation)
                log.exception("attending fell", extra={"operation": operation, "again_in_seconds": pause})
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
