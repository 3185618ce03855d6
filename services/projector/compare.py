"""Compare: whether two sets of read models say the same of an operation, to the row, without holding anybody up."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import NamedTuple
from uuid import UUID

from psycopg import AsyncConnection, IsolationLevel, sql

from services.projector.writer import VIEWS

_SHOWN = 5
# Rows are summed in 256 parts of each table, so that only parts that differ are read row by row.
_SUMS = (
    "select get_byte(uuid_send(key), 15), count(*), sum(hashtextextended(t::text, 0)::numeric)"
    " from {} t where operation = %s group by 1"
)
_ROWS = (
    "select key, line, since, hashtextextended(t::text, 0)"
    " from {} t where operation = %s and get_byte(uuid_send(key), 15) = any(%s)"
)
# Totals are made for some positions only, and may be on their way to be made again.
_TOTALS = {
    "totals": "select position, 0, sum(hashtextextended(concat_ws(' ', audience_id, countable, metric, unit, qualifier,"
    " agency, joint_with, credit_only, trim_scale(total), stated, not_stated), 0)::numeric)"
    " from totals where operation = %s group by position",
    "line_totals": "select position, after, sum(hashtextextended(concat_ws(' ', counted_by, audience_id,"
    " coalesce(value, '-'), coalesce(country, '-'), coalesce(border_section, '-'), coalesce(crossing_point, '-'),"
    " lines, located, latitudes, longitudes), 0)::numeric)"
    " from line_totals where operation = %s group by position, after",
}
Sums = dict[str, dict[int, tuple[int, int]]]


class Difference(NamedTuple):
    """What two sets say differently of one table, at one position of an operation's log."""

    operation: str
    position: int
    table: str
    only_live: int
    only_new: int
    keys: tuple[UUID, ...]
    """Some of the records and entries that it is about."""

    def __str__(self) -> str:
        told = f" (of {', '.join(str(key) for key in self.keys)})" if self.keys else ""
        rows = f"{self.only_live} rows that the log does not give, {self.only_new} missing"
        return f"{self.operation} at {self.position}: {self.table}: {rows}{told}"


class Snapshot:
    """One set of read models at one instant: what is written afterwards does not show."""

    def __init__(self, connection: AsyncConnection, operation: str, position: int) -> None:
        self._connection = connection
        self.operation = operation
        self.position = position

    async def sums(self) -> Sums:
        found: Sums = {}
        for table in VIEWS:
            query = sql.SQL(_SUMS).format(sql.Identifier(table))
            rows = await (await self._connection.execute(query, (self.operation,))).fetchall()
            found[table] = {bucket: (count, int(total)) for bucket, count, total in rows}
        return found

    async def totals(self, table: str) -> dict[tuple[int, int], int]:
        """Each tally of the facts, or each block of lines, summed up."""
        rows = await (await self._connection.execute(_TOTALS[table], (self.operation,))).fetchall()
        return {(position, after): int(total) for position, after, total in rows}

    async def rows(self, table: str, buckets: Iterable[int]) -> set[tuple[UUID, int, int, int]]:
        query = sql.SQL(_ROWS).format(sql.Identifier(table))
        return set(await (await self._connection.execute(query, (self.operation, list(buckets)))).fetchall())


@asynccontextmanager
async def snapshot(url: str, operation: str, *, schema: str | None = None) -> AsyncIterator[Snapshot]:
    """The live set, or the one that is named, as it is now."""
    async with await AsyncConnection.connect(url) as connection:
        await connection.set_isolation_level(IsolationLevel.REPEATABLE_READ)
        await connection.execute(
            "select set_config('search_path', coalesce(%s, (select schema from desk.live)), true)", (schema,)
        )
        query = "select position from checkpoints where operation = %s"
        row = await (await connection.execute(query, (operation,))).fetchone()
        yield Snapshot(connection, operation, row[0] if row else 0)


async def differences(live: Snapshot, new: Snapshot) -> list[Difference]:
    """Every table of which the two say something else. Both must stand at the same position."""
    assert live.position == new.position
    before, after = await live.sums(), await new.sums()
    found = []
    for table in VIEWS:
        buckets = [
            bucket
            for bucket in before[table].keys() | after[table].keys()
            if before[table].get(bucket) != after[table].get(bucket)
        ]
        if buckets:
            had, has = await live.rows(table, buckets), await new.rows(table, buckets)
            keys = sorted({row[0] for row in had ^ has})[:_SHOWN]
            found.append(Difference(live.operation, live.position, table, len(had - has), len(has - had), tuple(keys)))
    for table in _TOTALS:
        had_totals, has_totals = await live.totals(table), await new.totals(table)
        wrong = [at for at in had_totals.keys() & has_totals.keys() if had_totals[at] != has_totals[at]]
        if wrong:
            found.append(Difference(live.operation, live.position, table, len(wrong), len(wrong), ()))
    return found
