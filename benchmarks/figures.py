"""Figures of operations of 10,000 to a million facts, live and as of earlier moments, with the plan of the main query.

`uv run python -m benchmarks.figures [facts ...]`. The facts are invented straight in the read models, because it is the
reading that is measured: 40 metrics, 20 agencies, 30 audiences of which the viewer sees half, one fact in 20 replaced.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import Select, func, select

from benchmarks.load import percentile
from benchmarks.projection import OPERATION, deployment, empty_set
from benchmarks.table import show
from schemas.event import REGISTER
from schemas.metrics import METRICS, metric
from services.gateway.asked import Filtered
from services.gateway.cursors import Seals
from services.gateway.figures.drill_down import contributions
from services.gateway.figures.figure import all_figures, one_figure
from services.gateway.figures.history import history
from services.gateway.figures.questions import Figure, FigureHistory, FigureLines
from services.gateway.figures.running_totals import (
    last_tally,
    running_totals_parameters,
    running_totals_query,
)
from services.gateway.ledger_index import LedgerIndex
from services.gateway.picture import Picture, Pictures, Viewer
from services.gateway.progress import Progress
from services.projector.projection import find_views
from services.projector.runner import Runner
from services.projector.totals import EVERY, make_tally
from services.projector.writer import Writer
from services.shared import picture_set
from services.shared.connection import Connection
from services.shared.database import pool, snapshots
from services.shared.disclosures import Disclosures
from services.shared.settings import Settings
from services.shared.tables import facts
from services.shared.vault import Vault
from tests.projector.random_log import WrittenLog

ROUNDS = 20
_SIZES = (10_000, 100_000, 1_000_000)
_FILL = """
insert into facts (operation, key, line, since, until, audience_id, metric, quantity, unit, qualifier, entry, agency,
                   joint_with, country, category, phase, strand, in_scope, crime_areas, credit_only, countable,
                   includes_itemised, occurred_at, occurred_to, position)
select %(operation)s, k, 0, i, case when i %% 20 = 0 then i + 500 else 9223372036854775807 end, i %% 30,
       case when i %% 4 = 0 then 'arrests' else (%(metrics)s::text[])[1 + i %% 40] end, 1 + i %% 3, 'person',
       case when i %% 11 = 0 then 'over' else 'exact' end, k, a, '{}', substr(a, 1, 2), 'c' || i %% 7,
       (array['preparation', 'operational'])[1 + i %% 3], null, i %% 9 <> 0, '{}', false, false, false, t, t, i
  from (select i, ('00000000-0000-5000-8000-' || lpad(to_hex(i * 7919 %% 281474976710656), 12, '0'))::uuid as k,
               chr((65 + i %% 20)::int) || 'A' as a, timestamptz '2022-06-24' + i * interval '11 days' / %(facts)s as t
          from generate_series(1, %(facts)s::bigint) i) as made
"""
_METRICS = list(METRICS)[:40]


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or list(_SIZES)
    find_views()
    with deployment() as settings:
        for size in sizes:
            asyncio.run(_measure(settings, size))


async def _measure(settings: Settings, size: int) -> None:
    async with empty_set(settings) as writer:
        filled = await _fill(writer, size)
        rows, plan = await _read(settings, writer, size)
        show(f"Figures of {size:,} facts ({filled:.1f} ms a tally)", ("", "live", "as of 50 %", "as of 10 %"), rows)
        print("\n".join(plan))


async def _fill(writer: Writer, size: int) -> float:
    """The operation as it is projected, then invented facts, audiences and totals; the milliseconds of a tally."""
    log = WrittenLog(OPERATION)
    log.post(REGISTER["operation.created.v1"], by="FRONTEX", code=OPERATION)
    await Runner(writer).take(await writer.checkpoint(), log.stored)
    async with writer.transaction(wait=True):
        execute = writer.connection.execute
        await execute(_FILL, {"operation": OPERATION, "facts": size, "metrics": _METRICS})
        await execute(
            "insert into audiences select i, array[case when i % 2 = 0 then 'everyone' else 'agency:ZZ' end]"
            " from generate_series(0, 29) i",
        )
        await execute("update checkpoints set position = %s where operation = %s", (size, OPERATION))
    await writer.connection.execute(f"vacuum analyze {writer.schema}.facts")
    began = time.perf_counter()
    async with writer.transaction(wait=True):
        for position in range(EVERY, size + 1, EVERY):
            await make_tally(writer, position)
    return (time.perf_counter() - began) * 1e3 / (size // EVERY)


async def _read(settings: Settings, writer: Writer, size: int) -> tuple[list[tuple[object, ...]], list[str]]:
    owner = snapshots(settings.database_url)
    async with owner.begin() as connection:
        await connection.run_sync(lambda sync: picture_set.switch(sync, writer.schema or ""))
    await owner.dispose()
    reads, secret = snapshots(settings.gateway_database_url), bytes(32)

    async def nobody(_: str) -> int:
        return 0

    connections = pool(settings.gateway_database_url)
    vault, ledger = Vault(connections, secret), Disclosures(Connection(settings.nats_url, name="bench"), settings)
    index = LedgerIndex(connections, ledger)  # Nothing here shows a person.
    pictures = Pictures(
        reads, Progress(nobody), seals=Seals(secret), vault=vault, swept=nobody, ledger=ledger, index=index
    )
    viewer = Viewer(OPERATION, "MD", ("everyone", "agency:MD"))
    reading: dict[str, Callable[[Picture], Awaitable[Any]]] = {
        "all figures": lambda picture: all_figures(picture, Filtered()),
        "one figure": lambda picture: one_figure(picture, "arrests", Figure()),
        "(a bare sum by country)": lambda picture: picture.rows(_bare(picture)),
        "by country": lambda picture: one_figure(picture, "arrests", Figure(by=["country"])),
        "by day": lambda picture: one_figure(picture, "arrests", Figure(by=["day"])),
        "lines, a page of 100": lambda picture: contributions(picture, "arrests", FigureLines()),
        "history, a page of 100": lambda picture: history(picture, metric("arrests"), FigureHistory()),
    }
    found = []
    for name, read in reading.items():
        cells = []
        for share in (1.0, 0.5, 0.1):
            times = []
            for _ in range(3 if "history" in name else ROUNDS):
                async with pictures.at_position(viewer, int(size * share) - 7) as picture:
                    began = time.perf_counter()
                    await read(picture)
                    times.append((time.perf_counter() - began) * 1e3)
            cells.append(f"{percentile(times, 0.5):.1f} / {percentile(times, 0.99):.1f}")
        found.append((name, *cells))
    async with pictures.at_position(viewer, size - 7) as picture:
        plan = await _plan(picture)
    await reads.dispose()
    return found, plan


def _bare(picture: Picture) -> Select[Any]:
    """The floor of a breakdown: what Postgres needs for the rows of the metric, whatever the rules of counting."""
    query = select(facts.c.country, func.sum(facts.c.quantity)).where(facts.c.metric == "arrests")
    return query.where(picture.true_then(facts)).group_by(facts.c.country)


async def _plan(picture: Picture) -> list[str]:
    """How Postgres finds the running totals."""
    tally = await last_tally(picture)
    assert tally is not None
    query = running_totals_query().params(running_totals_parameters(picture, tally))
    compiled = query.compile(dialect=picture.connection.dialect, compile_kwargs={"literal_binds": True})
    found = await picture.connection.exec_driver_sql(f"explain (analyze, buffers) {compiled}")
    return [row[0] for row in found]


if __name__ == "__main__":
    main()
