"""Whether what a report names is there for its poster: looked up under the poster's own rights."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from schemas.naming import Named
from services.gateway.problems import Fault, NotAcceptable
from services.gateway.progress import Progress
from services.gateway.sessions import SET_VIEWER, must_show
from services.shared.bus import Log
from services.shared.tables import OPEN

_LOOK_UP = """
select e.key, case when e.thing = e.key then t.kind end
  from entries e
  join things t on t.operation = e.operation and t.key = e.thing and t.line = 0 and t.until = %s
 where e.operation = %s and e.key = any(%s)
"""

Kinds = Mapping[UUID, str | None]
"""Entries, and which kind of thing each opened; None where it opened none."""
NOTHING: Kinds = {}


class Links:
    """Looks up what reports name beside the thing that a command changes."""

    def __init__(self, pool: AsyncConnectionPool, log: Log, progress: Progress) -> None:
        self._pool = pool
        self._log = log
        self._progress = progress

    async def check(
        self, named: Sequence[Named], *, operation: str, tokens: tuple[str, ...], beside: Kinds, below: str = "/data"
    ) -> None:
        """Raises NotAcceptable at each member that names nothing that the poster can see, in the same words for both.

        `beside`: what is stored together with the report. Raises PictureBehind while nobody can tell.
        """
        if not named:
            return
        faults = await self._faults(named, operation, tokens, beside, below)
        if faults:
            # What was posted a moment ago is in the log, and in the picture soon.
            tail = await self._log.tail(operation)
            await self._progress.reach(operation, tail)
            faults = await self._faults(named, operation, tokens, beside, below, shown=tail)
        if faults:
            raise NotAcceptable(faults)

    async def _faults(
        self,
        named: Sequence[Named],
        operation: str,
        tokens: tuple[str, ...],
        beside: Kinds,
        below: str,
        *,
        shown: int = 0,
    ) -> list[Fault]:
        found = {**await self._look_up([one.entry for one in named], operation, tokens, shown=shown), **beside}
        return [
            {"pointer": below + one.pointer, "detail": f"This names no {one.kind or 'entry'} that you can see."}
            for one in named
            if one.entry not in found or one.kind not in (None, found[one.entry])
        ]

    async def _look_up(
        self, entries: list[UUID], operation: str, tokens: tuple[str, ...], *, shown: int
    ) -> dict[UUID, str | None]:
        async with self._pool.connection() as connection, connection.transaction():
            await connection.execute(SET_VIEWER, (",".join(tokens), operation))
            if shown:
                await must_show(connection, operation, shown)
            rows = await connection.execute(_LOOK_UP, (OPEN, operation, entries))
            return dict(await rows.fetchall())
