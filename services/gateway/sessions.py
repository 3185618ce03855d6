"""The gateway's own questions to the database, outside any viewer's picture."""

from collections import defaultdict
from uuid import UUID

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from services.gateway.problems import PictureBehind

SET_VIEWER = (
    "select set_config('vcp.viewer', %s, true), set_config('vcp.operation', %s, true),"
    " set_config('search_path', (select schema from desk.live), true)"
)
"""First in each transaction: whose rights, which operation, which set of read models."""


async def checkpoint_of(pool: AsyncConnectionPool, operation: str) -> int:
    """How far the picture of an operation has come."""
    async with pool.connection() as connection, connection.transaction():
        await connection.execute(SET_VIEWER, ("", operation))
        found = await connection.execute("select position from checkpoints where operation = %s", (operation,))
        row = await found.fetchone()
    return int(row[0]) if row else 0


async def must_show(connection: AsyncConnection, operation: str, position: int) -> None:
    """In the transaction that then looks: raises PictureBehind when the picture does not show the log so far."""
    found = await connection.execute("select position from checkpoints where operation = %s", (operation,))
    if (await found.fetchone() or (0,))[0] < position:
        raise PictureBehind("The picture is still being made; try again.")


async def known_entries(pool: AsyncConnectionPool, asked: list[tuple[str, UUID]]) -> dict[tuple[str, UUID], UUID]:
    """Which of these ids are in the read models already, and of which thing."""
    by_operation: dict[str, list[UUID]] = defaultdict(list)
    for operation, entry in asked:
        by_operation[operation].append(entry)
    found = {}
    async with pool.connection() as connection:
        for operation, entries in by_operation.items():
            rows = await connection.execute("select key, thing from desk.known_entries(%s, %s)", (operation, entries))
            found.update({(operation, key): thing for key, thing in await rows.fetchall()})
    return found


async def commands_after(pool: AsyncConnectionPool, operation: str, *, after: int, upto: int, most: int) -> list[UUID]:
    """The ids of commands between two positions of the picture, whoever may see them; not more than asked for."""
    async with pool.connection() as connection:
        rows = await connection.execute(
            "select key from desk.commands_after(%s, %s, %s, %s)", (operation, after, upto, most)
        )
        return [key for (key,) in await rows.fetchall()]
