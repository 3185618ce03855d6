"""A migrated database for the projector's tests, in which every test has an operation of its own."""

from collections.abc import AsyncIterator, Callable
from itertools import count
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from services.projector.projection import find_views
from services.projector.runner import Runner
from services.projector.writer import VIEWS, Writer
from services.shared.settings import Settings
from tests.projector.random_log import WrittenLog

_numbers = count(1)


@pytest.fixture(scope="session", autouse=True)
def views() -> None:
    find_views()


@pytest.fixture(scope="session")
def deployment(new_settings: Callable[[], Settings]) -> Settings:
    return new_settings()


@pytest.fixture
def operation() -> str:
    return f"operation-{next(_numbers)}"


@pytest.fixture
async def writer(deployment: Settings, operation: str) -> AsyncIterator[Writer]:
    writer = await Writer.connect(deployment.projector_database_url, operation)
    yield writer
    await writer.close()


class Projected:
    """The read models of one operation, filled from a log in batches, and read as they stand."""

    def __init__(self, writer: Writer, owner_url: str) -> None:
        self.writer = writer
        self.runner = Runner(writer)
        self._url = owner_url

    async def take(self, log: WrittenLog, *, batch: int = 2_000, until: int | None = None) -> None:
        """Apply what the read models do not have yet."""
        checkpoint = await self.writer.checkpoint()
        stored = log.stored[checkpoint.position : until]
        for start in range(0, len(stored), batch):
            checkpoint = await self.runner.take(checkpoint, stored[start : start + batch])

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """All versions of all rows, in a fixed order."""
        found = {}
        with psycopg.connect(self._url, row_factory=dict_row) as connection:
            connection.execute("select set_config('search_path', (select schema from desk.live), false)")
            for table in VIEWS:
                found[table] = connection.execute(
                    f"select * from {table} where operation = %s order by key, line, since",
                    (self.writer.operation,),
                ).fetchall()
        return found

    def forget(self) -> None:
        """Empty the read models, as before the first entry."""
        with psycopg.connect(self._url) as connection:
            connection.execute("select set_config('search_path', (select schema from desk.live), true)")
            for table in (*VIEWS, "parked", "checkpoints"):
                connection.execute(f"delete from {table} where operation = %s", (self.writer.operation,))

    def as_of(self, position: int, table: str) -> list[dict[str, Any]]:
        """The rows of one view that were true at a position."""
        return [row for row in self.rows()[table] if row["since"] <= position < row["until"]]


@pytest.fixture
def projected(writer: Writer, deployment: Settings) -> Projected:
    return Projected(writer, deployment.database_url)
