"""The log beside Postgres: 256 callers each storing one durable record at a time, `Log.append` and plain INSERT.

`uv run python -m benchmarks.appending`: both sync before they answer; asked is a ratio of at least 1.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from psycopg_pool import AsyncConnectionPool

from benchmarks.rooms import report
from benchmarks.table import show
from services.shared.bus import Log, Record
from services.shared.embedded_nats import EmbeddedNats
from services.shared.embedded_postgres import EmbeddedPostgres
from services.shared.settings import Settings

CALLERS = 256
EACH = 40
CONNECTIONS = 256


def main() -> None:
    body = report("arrest.made.v1", "appended")
    with TemporaryDirectory(prefix="vcp-bench-") as folder:
        Path(folder).chmod(0o711)
        nats, postgres = EmbeddedNats(Path(folder) / "nats"), EmbeddedPostgres(Path(folder) / "postgres")
        nats.start()
        postgres.start()
        try:
            log = asyncio.run(_log(nats, body))
            table = asyncio.run(_table(postgres, body))
        finally:
            nats.stop()
            postgres.stop()
    rows = [("INSERT, synchronous_commit=on", table, "1.00"), ("Log.append", log, f"{log / table:.2f}  at least 1")]
    show(f"{CALLERS} concurrent callers, {len(body)} bytes each", ("", "records/s", "x floor, asked"), rows)


async def _log(nats: EmbeddedNats, body: bytes) -> float:
    log = await Log.connect(_settings(nats), name="benchmark")
    await log.create("jad-bench")

    async def store() -> None:
        entry = str(uuid4())
        await log.append("jad-bench", Record(entry, entry, "BA", "arrest.made.v1", body, 0))

    rate = await _rate(store)
    await log.close()
    return rate


async def _table(postgres: EmbeddedPostgres, body: bytes) -> float:
    async with AsyncConnectionPool(
        postgres.url(), min_size=CONNECTIONS, max_size=CONNECTIONS, open=False, kwargs={"autocommit": True}
    ) as pool:
        async with pool.connection() as connection:
            await connection.execute("create table stored (id uuid primary key, body bytea not null)")

        async def store() -> None:
            async with pool.connection() as connection:
                await connection.execute("insert into stored values (%s, %s)", (uuid4(), body))

        return await _rate(store)


async def _rate(store: Callable[[], Awaitable[None]]) -> float:
    async def caller() -> None:
        for _ in range(EACH):
            await store()

    await asyncio.gather(*(store() for _ in range(CALLERS)))
    start = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    return CALLERS * EACH / (time.perf_counter() - start)


def _settings(nats: EmbeddedNats) -> Settings:
    return Settings(nats_url=nats.url, log_bytes=256 * 2**20)


if __name__ == "__main__":
    main()
