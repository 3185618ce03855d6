"""Sweeping: what the log says is erased is erased, whoever died in between and whatever backup brought a key back."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from psycopg_pool import AsyncConnectionPool

from schemas.events.person import PersonErased
from services.gateway.erasing import Erasing, Erasure
from services.gateway.outage import OUT_OF_REACH
from services.gateway.problems import Problem
from services.gateway.sessions import checkpoint_of
from services.shared.bus import Log, NoSuchOperation
from services.shared.lines import read_line
from services.shared.refusals import LogUnavailable

EVERY_SECONDS = 15.0
_PENDING = "select since, body from desk.erasures_pending(%s, %s)"

log = logging.getLogger(__name__)


class Sweep:
    """Destroys the keys that outlived their erasure."""

    def __init__(self, pool: AsyncConnectionPool, log: Log, erasing: Erasing) -> None:
        self._pool = pool
        self._log = log
        self._erasing = erasing
        self._swept: dict[str, int] = {}
        """How far the picture of each operation was looked through."""

    async def once(self) -> None:
        """Looks through what came into the pictures since the last time; what fails now is tried the next time."""
        try:
            operations = await self._log.operations()
        except LogUnavailable:
            log.warning("erasures wait for the log")
            return
        for operation in operations:
            try:
                await self._operation(operation)
            except (*OUT_OF_REACH, Problem, LogUnavailable, NoSuchOperation) as fault:
                log.warning("erasures wait", extra={"operation": operation, "error": type(fault).__name__})

    async def run(self) -> None:
        """Goes on until it is cancelled."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            await self.once()

    async def _operation(self, operation: str) -> None:
        reached = await checkpoint_of(self._pool, operation)
        after = self._swept.get(operation, 0)
        if reached == after:
            return
        # A picture that is made anew begins again.
        async with self._pool.connection() as connection:
            rows = await connection.execute(_PENDING, (operation, after if after < reached else 0))
            found = await rows.fetchall()
        for since, body in found:
            line = read_line(since, body.encode())
            if isinstance(line.event, PersonErased):
                await self._erasing.erase(Erasure.of_line(line, line.event))
                log.info("an erasure was made up for", extra={"operation": operation, "entry": str(line.entry)})
        self._swept[operation] = reached


@asynccontextmanager
async def sweeping(sweep: Sweep) -> AsyncIterator[None]:
    """Sweeps once before the block, so that nobody is shown who was erased, and goes on while it runs."""
    await sweep.once()
    task = asyncio.create_task(sweep.run(), name="sweeping")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
