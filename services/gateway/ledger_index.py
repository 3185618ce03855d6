"""An index of the disclosure ledger, kept in the database: who was given an entry is known at once, however long it is.

The ledger is the truth. Before each answer the index is brought to where the ledger is now, so it never tells less.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from services.gateway.outage import OUT_OF_REACH
from services.shared.disclosures import WITHOUT_RECORDS, Disclosure, Disclosures, LedgerUnavailable
from services.shared.ending import end

_LINES_A_STEP = 1000
_LOOK_SECONDS = 2.0
_IDLE = 2
"""In the background it rests this many times as long as it works: readers come first."""

# One gateway at a time goes on from where the last one was.
_UPTO = "select position from desk.given_upto for update"
_STANDS = "update desk.given_upto set position = %s"
_ADD = """
copy desk.given (position, at, operation, act, originator, agency, actor, purpose, entries, upto, about) from stdin
"""
_FIND = """
select at, act, originator, agency, actor, purpose, upto, about, entries from desk.given
 where operation = %s and entries && %s::uuid[] and not act = any(%s)
"""
_LIST = """
select position, at, act, originator, agency, actor, purpose, about, entries from desk.given where operation = %s
"""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Given:
    """One line of the ledger, as far as it names the entries that were asked for."""

    at: datetime
    act: str
    originator: str
    agency: str
    actor: str
    purpose: str
    upto: int
    """The position of the log that the answer showed; it stays inside."""
    about: str
    """The entry by which they were combined; of what was given in an answer, nothing."""
    entries: frozenset[UUID]


class LedgerIndex:
    """Answers who was given an entry, and what of several entries a reader was given."""

    def __init__(self, pool: AsyncConnectionPool, ledger: Disclosures) -> None:
        self._pool = pool
        self._ledger = ledger
        self._one = asyncio.Lock()

    async def given(
        self, operation: str, entries: Collection[UUID], *, originator: str | None = None, reader: str | None = None
    ) -> list[Given]:
        """The lines up to now that name any of these entries, oldest first. Raises LedgerUnavailable."""
        if not entries:
            return []
        await self.catch_up()
        wanted = frozenset(entries)
        narrowed = [("originator", originator), ("agency", reader)]
        chosen = "".join(f" and {column} = %s" for column, value in narrowed if value is not None)
        values = [value for _, value in narrowed if value is not None]
        async with self._pool.connection() as connection:
            query = f"{_FIND}{chosen} order by position"
            rows = await connection.execute(query, (operation, list(wanted), list(WITHOUT_RECORDS), *values))
            return [_given(row, wanted) for row in await rows.fetchall()]

    async def lines(
        self, operation: str, conditions: Sequence[tuple[str, Any]], *, before: int | None, limit: int
    ) -> list[dict[str, Any]]:
        """All that the ledger says of an operation, the latest first, each with its position. Raises LedgerUnavailable.

        `conditions`: fixed SQL with one placeholder, and its value. `before`: only lines of earlier positions.
        """
        await self.catch_up()
        before_it = [("position < %s", before)] if before is not None else []
        chosen = [*conditions, *before_it]
        query = _LIST + "".join(f" and {condition}" for condition, _ in chosen) + " order by position desc limit %s"
        async with self._pool.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
            found = await cursor.execute(query, (operation, *(value for _, value in chosen), limit))
            return await found.fetchall()

    async def catch_up(self) -> None:
        """Brings the index to where the ledger is now. Raises LedgerUnavailable."""
        async with self._one:
            _, last = await self._ledger.extent()
            while await self._step(last) < last:
                pass

    async def run(self) -> None:
        """Keeps it near to the ledger, until it is cancelled."""
        while True:
            began, worked = time.monotonic(), False
            try:
                async with self._one:
                    _, last = await self._ledger.extent()
                    worked = await self._step(last) < last
            except (*OUT_OF_REACH, LedgerUnavailable) as fault:
                log.warning("the ledger is not indexed now", extra={"error": type(fault).__name__})
            await asyncio.sleep((time.monotonic() - began) * _IDLE if worked else _LOOK_SECONDS)

    async def _step(self, last: int) -> int:
        """Takes in the next lines, and says how far it is."""
        async with self._pool.connection() as connection, connection.transaction():
            (upto,) = await (await connection.execute(_UPTO)).fetchone() or (0,)
            if upto > last:
                upto = await _begin_anew(connection)
            lines = [line async for line in self._lines(upto, last)]
            if not lines and upto < last:
                raise LedgerUnavailable("the ledger has lines that are not told")
            if lines:
                await _add(connection, lines)
                upto = lines[-1][0]
                first, _ = await self._ledger.extent()
                # What the ledger keeps no longer, nobody is told.
                await connection.execute("delete from desk.given where position < %s", (first,))
                await connection.execute(_STANDS, (upto,))
        return int(upto)

    async def _lines(self, after: int, last: int) -> AsyncIterator[tuple[int, Disclosure]]:
        taken = 0
        async for position, line in self._ledger.read(after=after):
            if position > last or taken == _LINES_A_STEP:
                return
            taken += 1
            yield position, line


def _given(row: tuple[Any, ...], wanted: frozenset[UUID]) -> Given:
    at, act, originator, agency, actor, purpose, upto, about, named = row
    return Given(at, act, originator, agency, actor, purpose, upto, about, wanted.intersection(named))


async def _begin_anew(connection: AsyncConnection) -> int:
    """The ledger is shorter than what was read of it: it is another one, restored from a backup."""
    log.warning("the ledger is another one; its index is made anew")
    await connection.execute("delete from desk.given")
    await connection.execute(_STANDS, (0,))
    return 0


async def _add(connection: AsyncConnection, lines: list[tuple[int, Disclosure]]) -> None:
    async with connection.cursor().copy(_ADD) as copy:
        for position, line in lines:
            said = (line.at, line.operation, line.act, line.originator, line.agency, line.actor, line.purpose)
            await copy.write_row((position, *said, list(line.entries), line.upto, line.about))


@asynccontextmanager
async def indexing(index: LedgerIndex) -> AsyncIterator[None]:
    """Keeps the index near to the ledger while the block runs."""
    task = asyncio.create_task(index.run(), name="indexing the ledger")
    try:
        yield
    finally:
        await end([task])
