"""Counts of the timeline's lines by stretches of the log, so that a view that counts all of them reads few rows.

A block says how many more lines of a sort held at its end than before it. Blocks that follow one another add up, and
four of one size make one of the next, so that few blocks lead to any position however long the log is.
"""

from psycopg import sql

from services.projector.writer import Writer
from services.shared.tables import OPEN, line_totals

_WIDER = 4
"""How many blocks of one size make the next."""
_COLUMNS = sql.SQL(", ").join(map(sql.Identifier, (column.name for column in line_totals.columns)))
_BY = {
    "type": "type",
    "agency": "agency",
    "country": "country",
    "state": "state",
    # Quarters of an hour are parted by no time zone.
    "quarter": "floor(date_part('epoch', occurred_at) / 900)::bigint::text",
}
_EACH = sql.SQL(" union all ").join(
    sql.SQL(
        "select {name}, audience_id, {value}, null, null, null, sum(sign), 0, 0, 0"
        " from moved group by audience_id, {value} having sum(sign) <> 0"
    ).format(name=sql.Literal(name), value=sql.SQL(value))
    for name, value in _BY.items()
)
_MOVED = sql.SQL(
    "audience_id, type, agency, country, state, border_section, crossing_point, occurred_at, latitude, longitude"
)
_BLOCK = sql.SQL(
    """
with moved as materialized (
    select {moved}, key = thing and state <> 'retracted' as is_opening, 1 as sign
      from timeline where operation = %(operation)s
       and since > %(after)s and since <= %(position)s and until > %(position)s
    union all
    select {moved}, key = thing and state <> 'retracted', -1
      from timeline where operation = %(operation)s and until <> {open}
       and since <= %(after)s and until > %(after)s and until <= %(position)s)
insert into line_totals ({columns})
select %(operation)s, %(position)s, %(after)s, counted.*
  from ({each} union all
        select 'place', audience_id, type, country, border_section, crossing_point, sum(sign),
               sum(sign * (latitude is not null)::int),
               coalesce(sum(sign * round(latitude * 1e6)::bigint), 0),
               coalesce(sum(sign * round(longitude * 1e6)::bigint), 0)
          from moved where is_opening
         group by audience_id, type, country, border_section, crossing_point) as counted
"""
).format(moved=_MOVED, open=sql.Literal(OPEN), columns=_COLUMNS, each=_EACH)
_MERGED = sql.SQL(
    """
insert into line_totals ({columns})
select %(operation)s, %(position)s, %(after)s, counted_by, audience_id, value, country, border_section, crossing_point,
       sum(lines), sum(located), sum(latitudes), sum(longitudes)
  from line_totals
 where operation = %(operation)s and (position, after) in (
       select unnest(%(ends)s::bigint[]), unnest(%(begins)s::bigint[]))
 group by counted_by, audience_id, value, country, border_section, crossing_point
having sum(lines) <> 0 or sum(located) <> 0 or sum(latitudes) <> 0 or sum(longitudes) <> 0
"""
).format(columns=_COLUMNS)


async def count_lines(writer: Writer, position: int, *, after: int) -> None:
    """Count what a tally's stretch of the log changed, and what the longer stretches did that end with it."""
    await _note(writer, position, after)
    await writer.connection.execute(_BLOCK, {"operation": writer.operation, "position": position, "after": after})
    size = position - after
    while position % (size * _WIDER) == 0 and size * _WIDER <= position:
        ends = [position - size * nth for nth in range(_WIDER)]
        size *= _WIDER
        await _note(writer, position, position - size)
        await writer.connection.execute(
            _MERGED,
            {
                "operation": writer.operation,
                "position": position,
                "after": position - size,
                "ends": ends,
                "begins": [end - size // _WIDER for end in ends],
            },
        )


async def _note(writer: Writer, position: int, after: int) -> None:
    await writer.connection.execute(
        "insert into line_blocks (operation, position, after) values (%s, %s, %s)",
        (writer.operation, position, after),
    )
