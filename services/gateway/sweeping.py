"""Sweeping: what the log says is erased is erased, whoever died in between and whatever backup brought a key back."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from psycopg_pool import AsyncConnectionPool

from schemas.events.person import PersonErased
from services.gateway.erasing import Erasing, Erasure
from services.gateway.outage import OUT_OF_REACH
from services.gateway.problems import PictureBehind, Problem
from services.gateway.progress import Progress
from services.gateway.sessions import checkpoint_of
from services.shared.bus import Log, NoSuchOperation
from services.shared.lines import read_line
from services.shared.refusals import LogUnavailable

EVERY_SECONDS = 15.0
_PATIENCE_SECONDS = 2.0
_PENDING = "select since, body from desk.erasures_pending(%s, %s)"

log = logging.getLogger(__name__)


class Sweep:
    """Destroys the keys that outlived their erasure. No key of an operation is used before that is done there."""

    def __init__(self, pool: AsyncConnectionPool, log: Log, progress: Progress, erasing: Erasing) -> None:
        self._pool = pool
        self._log = log
        self._progress = progress
        self._erasing = erasing
        self._tails: dict[str, int] = {}
        """Where each log ended when this gateway first looked. Of what comes later, who takes it in erases."""
        self._swept: dict[str, int] = {}
        """How far the picture of each operation was looked through."""
        self._clean: set[str] = set()
        """The operations that were looked through to the end of their log as it was then."""
        self._one_by_one: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def swept(self, operation: str) -> None:
        """Before a key of the operation is used. Raises PictureBehind while somebody erased may still have one."""
        if operation in self._clean:
            return
        await self._try(operation, seconds=_PATIENCE_SECONDS)
        if operation not in self._clean:
            raise PictureBehind("Persons are shown once it is known who was erased; try again.")

    async def once(self) -> None:
        """Looks through what came into the pictures since the last time; what fails now is tried the next time."""
        try:
            operations = await self._log.operations()
        except LogUnavailable:
            log.warning("erasures wait for the log")
            return
        for operation in operations:
            await self._try(operation, seconds=0)

    async def run(self) -> None:
        """Goes on until it is cancelled."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            await self.once()

    async def _try(self, operation: str, *, seconds: float) -> None:
        try:
            await self._operation(operation, seconds=seconds)
        except (*OUT_OF_REACH, Problem, LogUnavailable, NoSuchOperation) as fault:
            log.warning("erasures wait", extra={"operation": operation, "error": type(fault).__name__})

    async def _operation(self, operation: str, *, seconds: float) -> None:
        """Looks through the picture, once it has come to where the log ended at first; so long it is waited for."""
        if operation not in self._tails:
            self._tails.setdefault(operation, await self._log.tail(operation))
        tail = self._tails[operation]
        if not await self._progress.reach(operation, tail, seconds=seconds):
            raise PictureBehind("The picture is still being made.")
        async with self._one_by_one[operation]:
            reached = await checkpoint_of(self._pool, operation)
            await self._look(operation, reached)
            if reached >= tail:
                self._clean.add(operation)

    async def _look(self, operation: str, reached: int) -> None:
        after = self._swept.get(operation, 0)
        if reached == after:
            return
        # A picture that is made anew begins again.
        async with self._pool.connection() as connection:
            rows = await connection.execute(_PENDING, (operation, after if after < reached else 0))
            found = await rows.fetchall()
        for since, body in found:
            line = read_line(since, body.encode())
            # Of a record of which a part is erased, the rest keeps its keys, and stays among these.
            if isinstance(line.event, PersonErased) and await self._erasing.erase(Erasure.of_line(line, line.event)):
                log.info("an erasure was made up for", extra={"operation": operation, "entry": str(line.entry)})
        self._swept[operation] = reached


@asynccontextmanager
async def sweeping(sweep: Sweep) -> AsyncIterator[None]:
    """Sweeps once before the block, so that persons can be shown at once, and goes on while it runs."""
    await sweep.once()
    task = asyncio.create_task(sweep.run(), name="sweeping")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
