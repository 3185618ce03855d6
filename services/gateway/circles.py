"""Whether a confirmed pair closes a circle, in which each record would stand for another and none count by itself."""

from collections import defaultdict
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from schemas.event import Event
from schemas.events.duplicate import DuplicateConfirmed
from services.gateway.concerned import Target
from services.gateway.problems import CircleOfPairs
from services.gateway.progress import Progress
from services.gateway.sessions import SET_VIEWER
from services.shared.bus import Log
from services.shared.tables import OPEN

_CONFIRMED = """
select p.key, coalesce(a.thing, p.a), coalesce(b.thing, p.b), p.kept = p.a
  from pairs p
  left join entries a on a.operation = p.operation and a.key = p.a
  left join entries b on b.operation = p.operation and b.key = p.b
 where p.operation = %(operation)s and p.until = %(open)s and (p.state = 'confirmed' or p.key = %(pair)s)
"""
"""A side may be named by any entry of its record."""

_BEHIND_SECONDS = 1.0
"""How long the picture is waited for. Of decisions that cross each other, figures let the first stand."""


class Circles:
    """Looks at the pairs that whoever decides may see: a hidden one is no reason to refuse."""

    def __init__(self, pool: AsyncConnectionPool, log: Log, progress: Progress) -> None:
        self._pool = pool
        self._log = log
        self._progress = progress

    async def check(self, event: Event, target: Target, *, operation: str, tokens: tuple[str, ...]) -> None:
        """Raises CircleOfPairs when the side that is given up stands, over others, for the one that is kept."""
        if not isinstance(event, DuplicateConfirmed):
            return
        await self._progress.reach(operation, await self._log.tail(operation), seconds=_BEHIND_SECONDS)
        values = {"operation": operation, "open": OPEN, "pair": target.thing}
        async with self._pool.connection() as connection, connection.transaction():
            await connection.execute(SET_VIEWER, (",".join(tokens), operation))
            rows = await (await connection.execute(_CONFIRMED, values)).fetchall()
        stands_for: defaultdict[UUID, list[UUID]] = defaultdict(list)
        kept = given_up = target.thing
        for pair, a, b, keeps_a in rows:
            if pair == target.thing:
                kept, given_up = (a, b) if str(event.kept) == target.detail["a"] else (b, a)
            else:
                stands_for[a if keeps_a else b].append(b if keeps_a else a)
        if _reaches(stands_for, given_up, kept):
            raise CircleOfPairs


def _reaches(stands_for: defaultdict[UUID, list[UUID]], begin: UUID, end: UUID) -> bool:
    seen: set[UUID] = set()
    waiting = [begin]
    while waiting:
        record = waiting.pop()
        if record not in seen:
            seen.add(record)
            waiting.extend(stands_for[record])
    return begin != end and end in seen
