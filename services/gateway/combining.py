"""Combining: a report that holds records to be about one person or object is in the ledger before it is in the log."""

from collections.abc import Sequence
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from schemas.event import Event
from services.gateway.credentials import Caller
from services.gateway.disclosing import lines
from services.gateway.drafts import Draft
from services.gateway.picture import Viewer
from services.gateway.problems import LedgerIsUnavailable
from services.gateway.roster import Roster
from services.gateway.sessions import SET_VIEWER
from services.shared.actors import ENGINE, ENGINES_PURPOSE
from services.shared.disclosures import Disclosures, LedgerUnavailable

# Of a record, whatever entry of it was named: those entries in which persons or objects stand. Of a report that is
# there already, nothing: it was written down with the first try.
_HOLDING = """
select e.thing, coalesce(e.body::jsonb #>> '{report,data,on_behalf_of}', e.agency), e.key
  from entries n
  join entries e on e.operation = n.operation and e.thing = n.thing
 where n.operation = %(operation)s and n.key = any(%(named)s)
   and exists (select from desk.keys k
                where k.operation = e.operation and k.entry = e.key and cardinality(k.marks) > 0)
   and not exists (select from entries s where s.operation = n.operation and s.key = %(own)s)
union all
select b.entry, b.originator, b.entry
  from unnest(%(beside)s::uuid[], %(originators)s::text[]) as b(entry, originator)
 where b.entry = any(%(named)s)
   and exists (select from desk.keys k
                where k.operation = %(operation)s and k.entry = b.entry and cardinality(k.marks) > 0)
"""


class Combining:
    """Writes who combined the persons of which records, by which entry."""

    def __init__(self, pool: AsyncConnectionPool, ledger: Disclosures) -> None:
        self._pool = pool
        self._ledger = ledger

    async def write(
        self, one: Draft, caller: Caller, roster: Roster, *, named: Event | None = None, beside: Sequence[Draft] = ()
    ) -> None:
        """Once the report may be stored. `named`: the event of the entry that a command names.

        `beside`: what is stored together with it, and sealed already.
        Where one of the records holds nobody and nothing, nothing was combined. Raises LedgerIsUnavailable.
        """
        records = one.event.combined(named)
        if not records:
            return
        tokens = roster.tokens(caller)
        values = {
            "operation": one.operation,
            "named": list(records),
            "own": one.entry,
            "beside": [other.entry for other in beside],
            "originators": [other.event.on_behalf_of or other.agency for other in beside],
        }
        async with self._pool.connection() as connection, connection.transaction():
            await connection.execute(SET_VIEWER, (",".join(tokens), one.operation))
            found = await (await connection.execute(_HOLDING, values)).fetchall()
        if len({thing for thing, _, _ in found}) < len(records):
            return
        given: set[tuple[str, UUID]] = {(originator, entry) for _, originator, entry in found}
        purpose = ENGINES_PURPOSE if one.actor == ENGINE else caller.purpose
        viewer = Viewer(one.operation, one.agency, tokens, actor=one.actor, purpose=purpose)
        try:
            await self._ledger.write(lines(viewer, "combination", sorted(given), upto=0, about=str(one.entry)))
        except LedgerUnavailable:
            raise LedgerIsUnavailable("It combines what is known of persons, and nothing was stored.") from None
