"""Writer: the changes of one batch and the checkpoint, in one transaction and a few bulk statements."""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import AsyncConnection, sql
from psycopg_pool import AsyncConnectionPool

from services.projector.bulk import COPIES, copy, take_shortcuts
from services.projector.changes import Changes, Known, Version
from services.shared.lines import Line, read_line
from services.shared.tables import OPEN, picture

VIEWS = tuple(table.name for table in picture.sorted_tables if "until" in table.columns)
_ENTER = (
    "select set_config('search_path', s.name, true), "
    "pg_try_advisory_xact_lock(hashtextextended(s.name || ' ' || %s, 0)) "
    "from (select coalesce(%s, (select schema from desk.live)) as name) s"
)
_ENTER_AND_WAIT = _ENTER.replace("pg_try_advisory_xact_lock", "pg_advisory_xact_lock")
_BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)


# Read models are rebuilt from the log, and a lost checkpoint is lost with its rows.
_OPTIONS = "-c synchronous_commit=off"


def connections(url: str, *, most: int) -> AsyncConnectionPool:
    """Connections for many writers, of which few write at a time; open it before use, close it at the end."""

    async def prepare(connection: AsyncConnection) -> None:
        take_shortcuts(connection)

    said = {"autocommit": True, "application_name": "vcp projector", "options": _OPTIONS}
    return AsyncConnectionPool(
        url,
        min_size=0,
        max_size=most,
        open=False,
        kwargs=said,
        configure=prepare,
        check=AsyncConnectionPool.check_connection,
    )


class AnotherWrites(Exception):
    """Another holds the lock, or moved the checkpoint from where this writer left it."""


class LostRow(Exception):
    """A row that had to be closed is not there, so the read models are not what the log says."""


class Checkpoint(NamedTuple):
    """How far an operation's read models have come."""

    position: int
    moment: datetime


class Writer:
    """Writes one operation's read models: into the live set, or into the set that is named."""

    def __init__(
        self,
        connection: AsyncConnection | None,
        operation: str,
        *,
        schema: str | None = None,
        pool: AsyncConnectionPool | None = None,
    ) -> None:
        self._connection = connection
        self._pool = pool
        self.operation = operation
        self.schema = schema
        self._audiences: set[int] = set()
        self._new_audiences: set[int] = set()
        self._audiences_of: str | None = None

    @classmethod
    async def connect(cls, url: str, operation: str, *, schema: str | None = None) -> "Writer":
        """A writer with a connection of its own."""
        connection = await AsyncConnection.connect(
            url, autocommit=True, application_name=f"vcp projector {operation}", options=_OPTIONS
        )
        take_shortcuts(connection)
        return cls(connection, operation, schema=schema)

    async def close(self) -> None:
        """Ends the connection of its own; one that is lent has been given back."""
        if self._pool is None:
            await self.connection.close()

    @property
    def connection(self) -> AsyncConnection:
        """Where it writes: for a writer that is lent connections, inside of a transaction alone."""
        assert self._connection is not None
        return self._connection

    async def checkpoint(self) -> Checkpoint:
        """Where to go on; an operation that is new begins before its first entry."""
        async with self.transaction(wait=True):
            await self.connection.execute(
                "insert into checkpoints (operation, position, moment) values (%s, 0, %s) on conflict do nothing",
                (self.operation, _BEFORE_ALL),
            )
            cursor = await self.connection.execute(
                "select position, moment from checkpoints where operation = %s", (self.operation,)
            )
            row = await cursor.fetchone()
            assert row is not None
            return Checkpoint(*row)

    @asynccontextmanager
    async def transaction(self, *, wait: bool = False) -> AsyncIterator[None]:
        """One transaction in one set of read models, whatever is switched meanwhile, under a lock."""
        async with self._lent(), self.connection.transaction():
            cursor = await self.connection.execute(_ENTER_AND_WAIT if wait else _ENTER, (self.operation, self.schema))
            row = await cursor.fetchone()
            assert row is not None
            if row[1] is False:
                raise AnotherWrites
            if row[0] != self._audiences_of:
                self._audiences, self._audiences_of = set(), row[0]
            self._new_audiences = set()
            yield
        # Only what is committed is known to be there.
        self._audiences |= self._new_audiences

    @asynccontextmanager
    async def _lent(self) -> AsyncIterator[None]:
        if self._pool is None:
            yield
            return
        async with self._pool.connection() as self._connection:
            try:
                yield
            finally:
                self._connection = None

    async def advance(self, *, before: int, to: Checkpoint) -> None:
        """Move the checkpoint: the fence against a second writer."""
        cursor = await self.connection.execute(
            "update checkpoints set position = %s, moment = %s where operation = %s and position = %s",
            (to.position, to.moment, self.operation, before),
        )
        if cursor.rowcount != 1:
            raise AnotherWrites

    async def known(self, things: Iterable[UUID]) -> dict[UUID, Known]:
        """The things as the read models know them, by their histories."""
        keys = list(things)
        if not keys:
            return {}
        cursor = await self.connection.execute(
            "select distinct on (thing) thing, error from parked where operation = %s and thing = any(%s) "
            "order by thing, position",
            (self.operation, keys),
        )
        errors: dict[UUID, str] = dict(await cursor.fetchall())
        return {
            thing: Known(tuple(history), error=errors.get(thing))
            for thing, history in (await self.histories(keys)).items()
        }

    async def histories(self, things: Sequence[UUID]) -> dict[UUID, list[Line]]:
        """The entries of these things, in their order."""
        cursor = await self.connection.execute(
            "select thing, since, body from entries where operation = %s and thing = any(%s) order by thing, since",
            (self.operation, list(things)),
            binary=True,
        )
        found: dict[UUID, list[Line]] = {}
        for thing, position, body in await cursor.fetchall():
            found.setdefault(thing, []).append(read_line(position, body.encode()))
        return found

    async def write(self, changes: Changes) -> None:
        """The changes of a batch, inside the transaction."""
        await self._name_audiences(changes)
        for table, closed in changes.closed.items():
            await self._close(table, closed)
        for known in changes.moved():
            await self.move(known)
        for table, versions in changes.added.items():
            await copy(self.connection, COPIES[table], self._rows(table, versions))
        if changes.parked:
            parked = ((self.operation, position, thing, error) for position, thing, error in changes.parked)
            await copy(self.connection, COPIES["parked"], parked)

    async def parked_since(self) -> dict[UUID, int]:
        """The parked things, each with the position at which it was parked."""
        cursor = await self.connection.execute(
            "select thing, min(position) from parked where operation = %s group by thing", (self.operation,)
        )
        return dict(await cursor.fetchall())

    async def unpark(self, thing: UUID) -> None:
        await self.connection.execute("delete from parked where operation = %s and thing = %s", (self.operation, thing))

    def _rows(self, table: str, versions: list[Version]) -> Iterator[tuple[Any, ...]]:
        values = COPIES[table].values
        for version in versions:
            row = version.row
            yield (
                self.operation, row.key, row.line, version.since, version.until, version.known.audience_id,
                *values(row.values),
            )  # fmt: skip

    async def _close(self, table: str, closed: list[tuple[UUID, int, int]]) -> None:
        keys, lines, positions = map(list, zip(*closed, strict=True))
        # `x.key = any(...)` looks redundant and is not: without statistics the whole table would be read.
        cursor = await self.connection.execute(
            sql.SQL(
                "update {} x set until = c.p from unnest(%b::uuid[], %b::int2[], %b::int8[]) c(k, l, p) "
                "where x.operation = %s and x.key = c.k and x.line = c.l and x.until = {} "
                "and x.key = any(%b::uuid[])"
            ).format(sql.Identifier(table), sql.Literal(OPEN)),
            (keys, lines, positions, self.operation, keys),
        )
        if cursor.rowcount != len(closed):
            raise LostRow(f"{len(closed) - cursor.rowcount} rows of {table} are not there to be closed")

    async def move(self, known: Known) -> None:
        """Rights are not history: every version of every row of the thing opens to the same viewers."""
        for table in VIEWS:
            await self.connection.execute(
                sql.SQL("update {} set audience_id = %s where operation = %s and key = any(%b)").format(
                    sql.Identifier(table)
                ),
                (known.audience_id, self.operation, known.keys()),
            )

    async def _name_audiences(self, changes: Changes) -> None:
        new = {id_: members for id_, members in changes.audiences().items() if id_ not in self._audiences}
        for id_, members in new.items():
            await self.connection.execute(
                "insert into audiences (id, members) values (%s, %s) on conflict do nothing",
                (id_, list(members)),
            )
        self._new_audiences = set(new)
