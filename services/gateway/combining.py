"""Combining: a report that holds records to be about one person or object is in the ledger before it is in the log."""

from collections.abc import Sequence
from typing import NamedTuple, Self
from uuid import UUID

import msgspec
from psycopg_pool import AsyncConnectionPool

from schemas.event import Event, secrets
from schemas.naming import Named, named_in
from services.gateway.credentials import Caller
from services.gateway.disclosing import lines
from services.gateway.drafts import Draft
from services.gateway.picture import Viewer
from services.gateway.problems import LedgerIsUnavailable
from services.gateway.roster import Roster
from services.gateway.sessions import SET_VIEWER
from services.shared.actors import ENGINE, ENGINES_PURPOSE
from services.shared.disclosures import Disclosures, LedgerUnavailable
from services.shared.marks import features
from services.shared.vault import take_out

_BOTH = 2
# Of a record, whatever entry of it was named: those entries in which persons or objects stand. Of a report that is
# there already, nothing: it was written down with the first try.
_HOLDING = """
select n.key, e.thing, coalesce(e.body::jsonb #>> '{report,data,on_behalf_of}', e.agency), e.key
  from entries n
  join entries e on e.operation = n.operation and e.thing = n.thing
 where n.operation = %(operation)s and n.key = any(%(named)s)
   and exists (select from desk.keys k
                where k.operation = e.operation and k.entry = e.key and cardinality(k.marks) > 0)
   and not exists (select from entries s where s.operation = n.operation and s.key = %(own)s)
union all
select b.entry, b.entry, b.originator, b.entry
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
        self,
        one: Draft,
        caller: Caller,
        roster: Roster,
        *,
        names: Sequence[Named],
        named: Event | None = None,
        beside: Sequence[Draft] = (),
    ) -> None:
        """Once the report may be stored. `names`: what it names; `named`: the event of the entry that a command names.

        `beside`: what is stored together with it, and sealed already.
        Where fewer than two of the records hold somebody or something, nothing was combined. Raises
        LedgerIsUnavailable.
        """
        claimed = set(one.event.combined(named))
        own = _Own.of(one, names, named)
        if not claimed and not own.ties:
            return
        tokens = roster.tokens(caller)
        values = {
            "operation": one.operation,
            "named": list(claimed | own.ties),
            "own": one.entry,
            "beside": [other.entry for other in beside],
            "originators": [other.event.on_behalf_of or other.agency for other in beside],
        }
        async with self._pool.connection() as connection, connection.transaction():
            await connection.execute(SET_VIEWER, (",".join(tokens), one.operation))
            found = [_Holding(*row) for row in await (await connection.execute(_HOLDING, values)).fetchall()]
        given: set[tuple[str, UUID]] = set()
        for records, least in ((claimed, len(claimed)), (own.ties, 1 if own.holds else _BOTH)):
            held = [one for one in found if one.record in records]
            if len({one.thing for one in held}) >= least:
                given.update((one.originator, one.entry) for one in held)
        if not given:
            return
        purpose = ENGINES_PURPOSE if one.actor == ENGINE else caller.purpose
        viewer = Viewer(one.operation, one.agency, tokens, actor=one.actor, purpose=purpose)
        try:
            await self._ledger.write(lines(viewer, "combination", sorted(given), upto=0, about=str(one.entry)))
        except LedgerUnavailable:
            raise LedgerIsUnavailable("It combines what is known of persons, and nothing was stored.") from None


class _Holding(NamedTuple):
    """An entry of a record that was named, in which persons or objects stand."""

    record: UUID
    thing: UUID
    originator: str
    entry: UUID


class _Own(NamedTuple):
    """What a report says itself: whether it holds somebody or something, and to which records it ties that."""

    holds: bool
    ties: frozenset[UUID]

    @classmethod
    def of(cls, one: Draft, names: Sequence[Named], named: Event | None) -> Self:
        """Of a correction, as the corrected event says: whether its person is another than before is sealed."""
        event, data = one.event, one.posted.data
        carried = data.get(event.carries) if event.carries else None
        if carried is not None and named is not None:
            data = carried
            event = type(named).adapter().validate_json(msgspec.json.encode(data))
            names = named_in(event)
        if not names:
            return cls(False, frozenset())
        _, blocks = take_out(data, secrets(type(event)), entry=one.entry)
        holds = any(features(block.members) for block in blocks)
        linked = {link.target for link in event.links}
        return cls(holds, frozenset(name.entry for name in names if holds or name.entry in linked))
