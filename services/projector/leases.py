"""Leases: which operations this process projects, while others project the rest.

Whoever holds an operation's advisory lock projects it. The locks belong to one connection of the process, so the moment
it dies Postgres gives them free, and another takes them at its next look. They only spare work: what keeps two writers
apart is the checkpoint.
"""

from collections.abc import Iterable
from typing import Self

from psycopg import AsyncConnection

_PRESENT = "vcp projector"
_TAKE = "select pg_try_advisory_lock(hashtextextended(%s, 0))"
_GIVE_BACK = "select pg_advisory_unlock(hashtextextended(%s, 0))"
_OTHERS = """
select count(distinct pid) from pg_locks, hashtextextended(%s, 0) as key
 where locktype = 'advisory' and granted and mode = 'ShareLock'
   and database = (select oid from pg_database where datname = current_database())
   and classid::bigint = (key >> 32) & 4294967295 and objid::bigint = key & 4294967295
"""


class Leases:
    """The operations of one process. Any failure of the connection ends all of them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.held: set[str] = set()

    @classmethod
    async def connect(cls, url: str) -> Self:
        """Leases of this process, which shows its presence to the others from now on."""
        connection = await AsyncConnection.connect(url, autocommit=True, application_name="vcp projector leases")
        await connection.execute("select pg_advisory_lock_shared(hashtextextended(%s, 0))", (_PRESENT,))
        return cls(connection)

    async def close(self) -> None:
        self.held.clear()
        await self._connection.close()

    async def share(self, operations: Iterable[str]) -> set[str]:
        """Takes what is free, up to this process's fair share. Says which ones it has too many of."""
        wanted = sorted(operations)
        processes = await self._scalar(_OTHERS, _PRESENT)
        fair = -(-len(wanted) // max(int(processes), 1))
        for operation in wanted:
            if len(self.held) >= fair:
                break
            if operation not in self.held and await self._scalar(_TAKE, _name(operation)):
                self.held.add(operation)
        return set(sorted(self.held)[fair:])

    async def give_back(self, operation: str) -> None:
        """For another to take. Whoever projects it here must have stopped."""
        self.held.discard(operation)
        await self._scalar(_GIVE_BACK, _name(operation))

    async def _scalar(self, query: str, value: str) -> int:
        row = await (await self._connection.execute(query, (value,))).fetchone()
        assert row is not None
        return int(row[0])


def _name(operation: str) -> str:
    return f"vcp projects {operation}"
