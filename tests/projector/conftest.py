"""A migrated database for the projector's tests, in which every test has an operation of its own."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID

import nats
import psycopg
import pytest
from psycopg.rows import dict_row
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.cursors import Seals
from services.gateway.ledger_index import LedgerIndex
from services.gateway.picture import Pictures, Viewer
from services.gateway.progress import Progress
from services.projector.projection import find_views
from services.projector.runner import Runner
from services.projector.writer import VIEWS, Writer
from services.shared.bus import Log
from services.shared.connection import Connection
from services.shared.database import pool, snapshots
from services.shared.disclosures import Disclosures
from services.shared.embedded_nats import EmbeddedNats
from services.shared.records import Record
from services.shared.settings import Settings
from services.shared.vault import Vault
from tests.projector.random_log import WrittenLog

VIEWERS = {
    "MD": ("everyone", "agency:MD", "role:participant"),
    "HR": ("everyone", "eu", "agency:HR", "role:participant"),
    "RS": ("everyone", "agency:RS", "role:lead"),
}
_numbers = count(1)


@pytest.fixture(scope="session", autouse=True)
def views() -> None:
    find_views()


@pytest.fixture(scope="session")
def deployment(new_settings: Callable[[], Settings]) -> Settings:
    return new_settings()


@pytest.fixture
def log() -> WrittenLog:
    return WrittenLog()


@pytest.fixture
def operation() -> str:
    return f"operation-{next(_numbers)}"


@pytest.fixture
async def writer(deployment: Settings, operation: str) -> AsyncIterator[Writer]:
    writer = await Writer.connect(deployment.projector_database_url, operation)
    yield writer
    await writer.close()


@pytest.fixture(scope="session")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedNats]:
    """A nats-server in which there are no logs but those of one test at a time."""
    server = EmbeddedNats(tmp_path_factory.mktemp("nats-alone"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def own_settings(settings: Settings, alone: EmbeddedNats) -> AsyncIterator[Settings]:
    """A deployment whose log is empty at first and gone afterwards."""
    yield settings.model_copy(update={"nats_url": alone.url})
    connection = await nats.connect(alone.url)
    streams = connection.jetstream()
    for stream in await streams.streams_info():
        await streams.delete_stream(stream.config.name or "")
    await connection.close()


@pytest.fixture
async def bus(own_settings: Settings) -> AsyncIterator[Log]:
    bus = await Log.connect(own_settings, name="test")
    yield bus
    await bus.close()


async def append(bus: Log, log: WrittenLog, *, after: int = 0) -> None:
    """What a log holds after a position, into the real one."""
    await bus.create(log.operation)
    last: dict[UUID, int] = {}
    for line in log.lines():
        expected = last.get(line.thing, 0)
        last[line.thing] = line.position
        if line.position > after:
            kept = Record(str(line.thing), str(line.entry), line.agency, line.event.type, line.body, expected)
            assert (await bus.append(log.operation, kept)).position == line.position


class Projected:
    """The read models of one operation, filled from a log in batches, and read as they stand."""

    def __init__(self, writer: Writer, owner_url: str) -> None:
        self.writer = writer
        self.runner = Runner(writer)
        self.owner_url = owner_url

    async def take(self, log: WrittenLog, *, batch: int = 2_000, until: int | None = None) -> None:
        """Apply what the read models do not have yet."""
        checkpoint = await self.writer.checkpoint()
        stored = log.stored[checkpoint.position : until]
        for start in range(0, len(stored), batch):
            checkpoint = await self.runner.take(checkpoint, stored[start : start + batch])

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """All versions of all rows, in a fixed order."""
        found = {}
        with psycopg.connect(self.owner_url, row_factory=dict_row) as connection:
            connection.execute("select set_config('search_path', (select schema from desk.live), false)")
            for table in VIEWS:
                found[table] = connection.execute(
                    f"select * from {table} where operation = %s order by key, line, since",
                    (self.writer.operation,),
                ).fetchall()
        return found

    def forget(self) -> None:
        """Empty the read models, as before the first entry."""
        with psycopg.connect(self.owner_url) as connection:
            connection.execute("select set_config('search_path', (select schema from desk.live), true)")
            for table in (*VIEWS, "totals", "tallies", "line_totals", "line_blocks", "parked", "checkpoints"):
                connection.execute(f"delete from {table} where operation = %s", (self.writer.operation,))

    async def reaches(self, position: int) -> None:
        """Wait until somebody's runner has come so far."""
        async with asyncio.timeout(20):
            # The runner is another's, so there is nothing here to be told by.
            while (await self.writer.checkpoint()).position < position:  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    def as_of(self, position: int, table: str) -> list[dict[str, Any]]:
        """The rows of one view that were true at a position."""
        return [row for row in self.rows()[table] if row["since"] <= position < row["until"]]


@pytest.fixture
def projected(writer: Writer, deployment: Settings) -> Projected:
    return Projected(writer, deployment.database_url)


@pytest.fixture
async def followed(own_settings: Settings, operation: str) -> AsyncIterator[Projected]:
    """The read models of an operation in a deployment of its own, to look at while others write them."""
    writer = await Writer.connect(own_settings.projector_database_url, operation)
    yield Projected(writer, own_settings.database_url)
    await writer.close()


@dataclass
class Readers:
    """Pictures of one operation for several viewers, opened at any position."""

    pictures: Pictures
    operation: str

    def at(self, code: str, position: int) -> Any:
        return self.pictures.at_position(Viewer(self.operation, code, VIEWERS[code]), position)


@pytest.fixture
async def readers(deployment: Settings, operation: str) -> AsyncIterator[Readers]:
    reads: AsyncEngine = snapshots(deployment.gateway_database_url)
    connections = pool(deployment.gateway_database_url)
    secret = bytes(32)

    async def unknown(_: str) -> int:
        return 0

    seals, vault = Seals(secret), Vault(connections, secret)
    ledger = Disclosures(Connection(deployment.nats_url, name="test"), deployment)  # Nothing here shows a person.
    index = LedgerIndex(connections, ledger)
    pictures = Pictures(reads, Progress(unknown), seals=seals, vault=vault, swept=unknown, ledger=ledger, index=index)
    yield Readers(pictures, operation)
    await reads.dispose()
