"""Totals: sums of the facts as they were at every so many positions, so that figures are not counted anew.

They are worked out from the facts and can be made again at any time. A reader takes the last ones before its moment and
adds what came and went since; where there are none, it counts from the start.
"""

from psycopg import sql

from services.projector.changes import Changes
from services.projector.line_totals import count_lines
from services.projector.writer import Writer

EVERY = 5_000
"""Positions between two tallies."""
_AT_ONCE = 4
"""How many missing ones are made up for in one batch, so that none waits long for it."""
_GROUPS = ("audience_id", "countable", "metric", "unit", "qualifier", "agency", "joint_with", "credit_only")
# Of a series the latest number counts, and claims of mere credit that are no earlier: those of series of which
# nothing came or went since the tally before are in it already.
_STANDING = sql.SQL(
    """
        select {of_fact}, {amounts}
          from touched t
          left join lateral (
                 select n.occurred_to from facts n
                  where n.operation = %(operation)s and not n.credit_only
                    and (n.metric, n.latest_of, n.audience_id) = (t.metric, t.latest_of, t.audience_id)
                    and n.since <= {at} and n.until > {at}
                  order by n.metric desc, n.latest_of desc, n.audience_id desc, n.occurred_to desc limit 1) l on true
         cross join lateral (
                 select c.* from facts c
                  where c.operation = %(operation)s and c.distinct_on is null
                    and (c.metric, c.latest_of, c.audience_id) = (t.metric, t.latest_of, t.audience_id)
                    and c.since <= {at} and c.until > {at}
                    and c.occurred_to >= coalesce(l.occurred_to, '-infinity'::timestamptz) offset 0) f
         where not exists (
                 select from facts n
                  where n.operation = %(operation)s and not n.credit_only
                    and (n.metric, n.latest_of, n.audience_id) = (f.metric, f.latest_of, f.audience_id)
                    and n.since <= {at} and n.until > {at} and n.occurred_to >= f.occurred_to
                    and (n.occurred_to, n.occurred_at, n.position) > (f.occurred_to, f.occurred_at, f.position))
"""
)


def _standing(at: str, *, sign: int) -> sql.Composed:
    """The sums of what stood of the touched series at a position, with their sign."""
    return _STANDING.format(
        of_fact=sql.SQL(", ").join(sql.Identifier("f", name) for name in _GROUPS),
        amounts=sql.SQL(", ").join(
            sql.SQL("({}) * {}").format(sql.SQL(amount), sql.Literal(sign))
            for amount in ("coalesce(f.quantity, 0)", "(f.quantity is not null)::int", "(f.quantity is null)::int")
        ),
        at=sql.Placeholder(at),
    )


# Facts of which each value counts once have no sum of their own.
_TALLY = sql.SQL(
    """
with touched as (
        select metric, latest_of, audience_id from facts
         where operation = %(operation)s and latest_of is not null and since > %(before)s and since <= %(position)s
        union
        select metric, latest_of, audience_id from facts
         where operation = %(operation)s and latest_of is not null and until > %(before)s and until <= %(position)s)
insert into totals (operation, position, {groups}, total, stated, not_stated)
select %(operation)s, %(position)s, {groups}, sum(total), sum(stated), sum(not_stated)
  from (select {groups}, total, stated, not_stated
          from totals where operation = %(operation)s and position = %(before)s
        union all
        select {groups}, coalesce(quantity, 0), (quantity is not null)::int, (quantity is null)::int
          from facts where operation = %(operation)s and latest_of is null and distinct_on is null
           and since > %(before)s and since <= %(position)s and until > %(position)s
        union all
        select {groups}, -coalesce(quantity, 0), -(quantity is not null)::int, -(quantity is null)::int
          from facts where operation = %(operation)s and latest_of is null and distinct_on is null
           and since <= %(before)s and until > %(before)s and until <= %(position)s
        union all {came}
        union all {went}) as moved
 group by {groups}
having sum(stated) <> 0 or sum(not_stated) <> 0
"""
).format(
    groups=sql.SQL(", ").join(map(sql.Identifier, _GROUPS)),
    came=_standing("position", sign=1),
    went=_standing("before", sign=-1),
)


class Totals:
    """Keeps one operation's totals up with what is projected."""

    def __init__(self, *, every: int = EVERY) -> None:
        self._every = every
        self._reached: int | None = None

    async def after(self, writer: Writer, changes: Changes, position: int) -> None:
        """Make the tallies that are due up to a position, inside the transaction that wrote the batch."""
        moved = [known.history[0].position for known in changes.moved()]
        if moved:
            # Rights are not history: what was added up for the viewers of before is wrong from there on.
            await forget_totals(writer, since=min(moved))
            self._reached = None
        if self._reached is None:
            self._reached = await _last(writer, until=position)
        for _ in range(_AT_ONCE):
            due = self._reached - self._reached % self._every + self._every
            if due > position:
                return
            await make_tally(writer, due)
            self._reached = due

    def forget(self) -> None:
        """What was made last may not be committed, or another may have made more."""
        self._reached = None


async def forget_totals(writer: Writer, *, since: int) -> None:
    """Drop what was added up from a position on: the facts of then are not what they were."""
    for table in ("totals", "tallies", "line_totals", "line_blocks"):
        await writer.connection.execute(
            sql.SQL("delete from {} where operation = %s and position >= %s").format(sql.Identifier(table)),
            (writer.operation, since),
        )


async def make_tally(writer: Writer, position: int) -> None:
    before = await _last(writer, until=position - 1)
    await writer.connection.execute(_TALLY, {"operation": writer.operation, "position": position, "before": before})
    await writer.connection.execute(
        "insert into tallies (operation, position) values (%s, %s)", (writer.operation, position)
    )
    await count_lines(writer, position, after=before)


async def _last(writer: Writer, *, until: int) -> int:
    cursor = await writer.connection.execute(
        "select coalesce(max(position), 0) from tallies where operation = %s and position <= %s",
        (writer.operation, until),
    )
    row = await cursor.fetchone()
    assert row is not None
    return int(row[0])
