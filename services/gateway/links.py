"""Whether what a report names is there for its poster: looked up under the poster's own rights."""

from collections.abc import Mapping, Sequence
from typing import Any, LiteralString
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from schemas.event import Event
from schemas.naming import Named
from schemas.vocabulary import Audience
from services.gateway import policy
from services.gateway.problems import Fault, NotAcceptable
from services.gateway.progress import Progress
from services.gateway.roster import Roster
from services.gateway.sessions import SET_VIEWER, must_show
from services.shared.audiences import members
from services.shared.bus import Log
from services.shared.tables import OPEN

_LOOK_UP = """
select e.key, case when e.thing = e.key then t.kind end
  from entries e
  join things t on t.operation = e.operation and t.key = e.thing and t.line = 0 and t.until = %s
 where e.operation = %s and e.key = any(%s)
"""

_AUDIENCES = """
select e.key, a.members
  from entries e
  join things t on t.operation = e.operation and t.key = e.thing and t.line = 0 and t.until = %s
  join audiences a on a.id = t.audience_id
 where e.operation = %s and e.key = any(%s)
"""

_OWNERS = """
select e.key, t.detail -> 'posters'
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

    async def check_shared(
        self, event: Event, audience: Audience, *, roster: Roster, tokens: tuple[str, ...], pointer: str
    ) -> None:
        """Raises NotAcceptable unless all of the audience may see each record that the event is about.

        Else it would tell others of a record that is hidden from them.
        """
        if not event.within_about:
            return
        about = list(event.about)
        audiences = await self._ask(_AUDIENCES, about, roster.operation, tokens)
        own = members(audience, posters=())
        if any(one not in audiences or not policy.is_within(own, audiences[one], roster) for one in about):
            fault: Fault = {"pointer": pointer, "detail": "Some of these do not see all that this is about."}
            raise NotAcceptable([fault])
        if event.for_owners:
            owners = await self._ask(_OWNERS, about, roster.operation, tokens)
            if not all(
                any(policy.is_within([f"agency:{owner}"], own, roster) for owner in owners[one]) for one in about
            ):
                fault = {"pointer": pointer, "detail": "Who owns the record must see this, for they decide."}
                raise NotAcceptable([fault])

    async def check_given(
        self, record: UUID, to: Sequence[str], *, roster: Roster, tokens: tuple[str, ...], pointer: str
    ) -> None:
        """Raises NotAcceptable unless all of these agencies that take part see the record already."""
        audience = (await self._ask(_AUDIENCES, [record], roster.operation, tokens)).get(record, ())
        here = [f"agency:{agency}" for agency in to if agency in roster.standings]
        if not policy.is_within(here, audience, roster):
            fault: Fault = {"pointer": pointer, "detail": "Give them the record first: handling.changed alone does."}
            raise NotAcceptable([fault])

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
        asked = [one.entry for one in named]
        found = {**await self._ask(_LOOK_UP, asked, operation, tokens, shown=shown), **beside}
        return [
            {"pointer": below + one.pointer, "detail": f"This names no {one.kind or 'entry'} that you can see."}
            for one in named
            if one.entry not in found or one.kind not in (None, found[one.entry])
        ]

    async def _ask(
        self, question: LiteralString, entries: list[UUID], operation: str, tokens: tuple[str, ...], *, shown: int = 0
    ) -> dict[UUID, Any]:
        async with self._pool.connection() as connection, connection.transaction():
            await connection.execute(SET_VIEWER, (",".join(tokens), operation))
            if shown:
                await must_show(connection, operation, shown)
            rows = await connection.execute(question, (OPEN, operation, entries))
            return dict(await rows.fetchall())
