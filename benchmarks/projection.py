"""The projector's writer beside a bare COPY of the same final rows, and a whole rebuild with its decoding.

`uv run python -m benchmarks.projection [entries]`: rates are the machine's; the ratios are what is held
(the writer at least 0.4 of COPY, with decoding at least 0.3). Each ratio is of one round, and the median is shown: a
machine that is busy for a moment slows what stands beside it as well.
"""

import asyncio
import gc
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from psycopg import AsyncConnection
from psycopg.types.json import set_json_dumps, set_json_loads
from sqlalchemy import create_engine

from schemas.event import REGISTER
from services.projector.bulk import COPIES
from services.projector.projection import find_views
from services.projector.runner import MOST, Runner
from services.projector.writer import Writer
from services.shared import picture_set
from services.shared.database import engine_url
from services.shared.embedded import secret_file
from services.shared.embedded_postgres import EmbeddedPostgres
from services.shared.lines import Line
from services.shared.logins import GATEWAY, PROJECTOR
from services.shared.migrate import migrate
from services.shared.settings import Settings
from tests.projector.random_log import WrittenLog

OPERATION = "benchmark"
ROUNDS = 5


def main() -> None:
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    find_views()
    log = busy_day(entries)
    lines = log.lines()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    with deployment() as settings:
        asyncio.run(compare(settings, log, lines))


async def compare(settings: Settings, log: WrittenLog, lines: list[Line]) -> None:
    rates: dict[str, list[float]] = defaultdict(list)
    batches: list[list[tuple[str, list[tuple[Any, ...]]]]] = []
    for round_ in range(ROUNDS):
        async with empty_set(settings) as writer:
            rates["writer"].append(await timed(write(writer, lines), len(lines)))
            if not batches:
                batches = await final_rows(writer, len(lines))
        async with empty_set(settings) as writer:
            rates["copy"].append(
                await timed(bare_copy(settings.projector_database_url, writer.schema or "", batches), len(lines))
            )
        async with empty_set(settings) as writer:
            rates["rebuild"].append(await timed(rebuild(writer, log), len(lines)))
        print(f"round {round_ + 1}", {name: f"{values[-1]:,.0f}/s" for name, values in rates.items()})
    rows = sum(len(rows) for batch in batches for _, rows in batch)
    print(f"{len(lines):,} entries, {rows:,} rows ({rows / len(lines):.1f} an entry), batches of {MOST:,}")
    for name, floor in (("copy", None), ("writer", 0.4), ("rebuild", 0.3)):
        ratios = sorted(rate / bare for rate, bare in zip(rates[name], rates["copy"], strict=True))
        held = f", ratio {median(ratios):.3f} ({ratios[0]:.3f}, {ratios[-1]:.3f}), floor {floor}" if floor else ""
        print(f"{name:8} {median(rates[name]):10,.0f} entries/s{held}")


async def write(writer: Writer, lines: list[Line]) -> None:
    """The writer alone: entries that are decoded already."""
    checkpoint = await writer.checkpoint()
    runner = Runner(writer)
    for start in range(0, len(lines), MOST):
        checkpoint = await runner.apply(checkpoint, lines[start : start + MOST])


async def rebuild(writer: Writer, log: WrittenLog) -> None:
    """From the bytes of the log."""
    checkpoint = await writer.checkpoint()
    runner = Runner(writer)
    for start in range(0, len(log.stored), MOST):
        checkpoint = await runner.take(checkpoint, log.stored[start : start + MOST])


async def bare_copy(url: str, schema: str, batches: list[list[tuple[str, list[tuple[Any, ...]]]]]) -> None:
    """What cannot be saved: the final rows into the same tables, with psycopg's own COPY."""
    options = f"-c synchronous_commit=off -c search_path={schema}"
    connection = await AsyncConnection.connect(url, autocommit=True, options=options)
    set_json_dumps(str.encode, connection)
    for batch in batches:
        async with connection.transaction():
            for table, rows in batch:
                into = COPIES[table]
                async with connection.cursor() as cursor, cursor.copy(into.statement) as stream:
                    stream.set_types(into.types)
                    for row in rows:
                        await stream.write_row(row)
    await connection.close()


async def final_rows(writer: Writer, entries: int) -> list[list[tuple[str, list[tuple[Any, ...]]]]]:
    """What the writer left, cut into the same batches."""
    set_json_loads(lambda text: text.decode() if isinstance(text, bytes) else text, writer.connection)
    batches = []
    async with writer.transaction():
        for first in range(1, entries + 1, MOST):
            batch = []
            for table, into in COPIES.items():
                if "since" in into.columns:
                    cursor = await writer.connection.execute(
                        f"select {', '.join(into.columns)} from {table} "
                        "where since >= %s and since < %s order by since",
                        (first, first + MOST),
                        binary=True,
                    )
                    batch.append((table, await cursor.fetchall()))
            batches.append(batch)
    return batches


async def timed(work: Any, entries: int) -> float:
    gc.collect()
    began = time.perf_counter()
    await work
    return entries / (time.perf_counter() - began)


def busy_day(entries: int) -> WrittenLog:
    """A log as operations write it: mostly openings, answers some hundreds of entries later, few corrections."""
    random = Random(20220624)
    log = WrittenLog(OPERATION)
    event = {name.removesuffix(".v1"): event for name, event in REGISTER.items()}
    log.post(event["operation.created"], by="FRONTEX", code=OPERATION)
    due: list[tuple[int, Any]] = []
    arrests = []
    while len(log.stored) < entries:
        while due and due[0][0] <= len(log.stored):
            due.pop(0)[1]()
        later = len(log.stored) + random.randrange(200, 800)
        dice = random.random()
        agency = random.choice(["AT", "BA", "HR", "MD", "RO", "RS"])
        if dice < 0.25:
            arrests.append(log.post(event["arrest.made"], by=agency, category="smuggler"))
        elif dice < 0.5:
            check = log.post(event["cross_check.requested"], by=agency)
            due.append(
                (
                    later,
                    lambda thing=check: log.post(event["cross_check.resulted"], by="EUROPOL", thing=thing),
                )
            )
        elif dice < 0.6:
            hit = log.post(event["hit.raised"], by=agency)
            due.append((later, lambda thing=hit: log.post(event["hit.verified"], by="INTERPOL", thing=thing)))
            if random.random() < 0.2:
                due.append(
                    (
                        later,
                        lambda thing=hit: log.post(event["notice.matched"], by="INTERPOL", thing=thing),
                    )
                )
        elif dice < 0.95:
            kind = random.choice(["border_check.reported", "vehicle.detected", "document_fraud.detected"])
            log.post(event[kind], by=agency)
        elif dice < 0.98 and arrests:
            thing = random.choice(arrests[-500:])
            corrected = {**event["arrest.made"].example(), "count": 2}
            corrected.pop("person")
            log.post(event["record.corrected"], thing=thing, target=str(thing), corrected=corrected)
        elif arrests:
            thing = arrests.pop(random.randrange(len(arrests)))
            log.post(event["record.retracted"], thing=thing, target=str(thing))
        due.sort(key=lambda one: one[0])
    return log


@asynccontextmanager
async def empty_set(settings: Settings) -> AsyncIterator[Writer]:
    """A set of read models of its own, gone afterwards."""
    engine = create_engine(engine_url(settings.database_url))
    with engine.begin() as connection:
        schema = picture_set.next_schema(connection)
        picture_set.create_set(connection, schema)
    writer = await Writer.connect(settings.projector_database_url, OPERATION, schema=schema)
    try:
        yield writer
    finally:
        await writer.close()
        with engine.begin() as connection:
            picture_set.drop_set(connection, schema)
        engine.dispose()


@contextmanager
def deployment() -> Iterator[Settings]:
    with TemporaryDirectory(prefix="vcp-benchmark-") as folder:
        Path(folder).chmod(0o711)
        server = EmbeddedPostgres(Path(folder) / "postgres")
        server.start()
        try:
            settings = Settings(
                database_url=server.url(),
                projector_database_url=server.url(PROJECTOR),
                gateway_database_url=server.url(GATEWAY),
                secret_file=secret_file(Path(folder)),
            )
            migrate(settings)
            yield settings
        finally:
            server.stop()


if __name__ == "__main__":
    main()
