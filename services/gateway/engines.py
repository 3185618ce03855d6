"""The cross-check engines of an agency share its operations: each is told what to attend, as long as it is there.

A lease spares work and nothing else: what two engines post about one question is one report, because its id comes from
the question. So a lease may be lost, or held twice for a moment, and the tables are not written ahead of a crash.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

LEASE_SECONDS = 5.0
"""An engine that was silent for so long is gone, and others take its operations."""

_ONE_AFTER_THE_OTHER = "select pg_advisory_xact_lock(hashtextextended('vcp engines of ' || %s, 0))"
# The database's clock alone is asked, and at the moment of the statement: a transaction may have waited for its turn.
_FORGET_GONE = "delete from desk.engines where agency = %s and until <= clock_timestamp()"
_IS_THERE = """
insert into desk.engines (agency, engine, until)
values (%(agency)s, %(engine)s, clock_timestamp() + %(seconds)s * interval '1 second')
on conflict (agency, engine) do update set until = excluded.until
"""
_HOW_MANY = "select count(*) from desk.engines where agency = %s"
_ATTENDED = "select operation, engine from desk.attendances where agency = %s"
_TAKE = "insert into desk.attendances (agency, operation, engine) select %s, unnest(%s::text[]), %s"
_GIVE_BACK = "delete from desk.attendances where agency = %s and operation = any(%s)"
_LEAVE = "delete from desk.engines where agency = %s and engine = %s"


@dataclass(frozen=True, slots=True)
class Share:
    """What one engine attends from now on, and among how many its agency's operations are shared."""

    operations: list[str]
    engines: int


class Engines:
    """Who is there and who attends what, kept where all gateways see it."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def share(self, agency: str, engine: UUID, operations: Iterable[str]) -> Share:
        """Says that an engine is there, and gives it what is free, up to its fair share of these operations.

        What it has attended it goes on attending, unless it has more than that since another engine came.
        """
        async with self._pool.connection() as connection, connection.transaction():
            await connection.execute(_ONE_AFTER_THE_OTHER, (agency,))
            await connection.execute(_FORGET_GONE, (agency,))
            there = {"agency": agency, "engine": engine, "seconds": LEASE_SECONDS}
            await connection.execute(_IS_THERE, there)
            engines = int((await _rows(connection, _HOW_MANY, agency))[0][0])
            attended = dict(await _rows(connection, _ATTENDED, agency))
            wanted = sorted(operations)
            held, given_back = _shared(wanted, attended, engine, most=-(-len(wanted) // engines))
            taken = [operation for operation in held if operation not in attended]
            if given_back:
                await connection.execute(_GIVE_BACK, (agency, given_back))
            if taken:
                await connection.execute(_TAKE, (agency, taken, engine))
        return Share(held, engines)

    async def leave(self, agency: str, engine: UUID) -> None:
        """An engine goes; what it attended is free at once."""
        async with self._pool.connection() as connection:
            await connection.execute(_LEAVE, (agency, engine))


def _shared(wanted: list[str], attended: dict[str, UUID], engine: UUID, *, most: int) -> tuple[list[str], list[str]]:
    """What an engine attends now, and what it attended and does no longer."""
    own = sorted(operation for operation, by in attended.items() if by == engine)
    kept = [operation for operation in own if operation in set(wanted)][:most]
    free = [operation for operation in wanted if operation not in attended]
    return sorted([*kept, *free[: most - len(kept)]]), [operation for operation in own if operation not in kept]


async def _rows(connection: AsyncConnection, query: str, agency: str) -> list[tuple[str, UUID]]:
    return await (await connection.execute(query, (agency,))).fetchall()
