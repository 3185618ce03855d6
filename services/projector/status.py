"""How the projections of this process stand: for Prometheus, for a probe, and as a page for people."""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

from psycopg import Error
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from services.projector.progress import Progress, Standing
from services.shared.bus import Log
from services.shared.exposition import MEDIA, Family, exposition
from services.shared.refusals import LogUnavailable, NoSuchOperation
from services.shared.status_server import Page, Shown

_PARKED = "select operation, count(*) from parked group by operation"


@dataclass(slots=True)
class Report:
    """What is known at one look."""

    standings: dict[str, Standing]
    behind: dict[str, int] = field(default_factory=dict)
    parked: dict[str, int] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    """Why not all is well."""


def pages(progress: Progress, bus: Log, connections: AsyncConnectionPool) -> Mapping[str, Page]:
    async def report() -> Report:
        return await _report(progress, bus, connections)

    async def metrics() -> Shown:
        return Shown(exposition(_families(await report())), MEDIA)

    async def ready() -> Shown:
        found = await report()
        status = "ready" if not found.reasons else "incomplete" if found.parked else "unready"
        said = json.dumps({"status": status, "reasons": found.reasons})
        return Shown(said + "\n", "application/json", 503 if found.reasons else 200)

    async def page() -> Shown:
        return Shown(_page(await report()))

    return {"/": page, "/metrics": metrics, "/health/ready": ready}


async def _report(progress: Progress, bus: Log, connections: AsyncConnectionPool) -> Report:
    found = Report(dict(sorted(progress.standings.items())))
    try:
        tails = await asyncio.gather(*(_tail(bus, operation) for operation in found.standings))
        for (operation, standing), tail in zip(found.standings.items(), tails, strict=True):
            found.behind[operation] = max(tail - standing.position, 0)
    except LogUnavailable:
        found.reasons.append("log: it does not answer")
    try:
        async with connections.connection(timeout=2) as connection, connection.transaction():
            await connection.execute("select set_config('search_path', (select schema from desk.live), true)")
            found.parked = dict(await (await connection.execute(_PARKED)).fetchall())
    except (Error, PoolTimeout) as failed:
        found.reasons.append(f"database: {type(failed).__name__}")
    found.reasons += [f"picture: {count} entries of {name} are parked" for name, count in found.parked.items()]
    return found


async def _tail(bus: Log, operation: str) -> int:
    try:
        return await bus.tail(operation)
    except NoSuchOperation:
        return 0


def _families(report: Report) -> list[Family]:
    standings = report.standings.items()

    def of(name: str) -> list[tuple[Mapping[str, str], float]]:
        return [({"operation": operation}, getattr(standing, name)) for operation, standing in standings]

    erred = [
        ({"operation": operation, "error": one.last_error}, one.last_error_at)
        for operation, one in standings
        if one.last_error is not None and one.last_error_at is not None
    ]
    behind = [({"operation": operation}, count) for operation, count in report.behind.items()]
    parked = [({"operation": operation}, report.parked.get(operation, 0)) for operation, _ in standings]
    return [
        Family("vcp_projector_operations", "gauge", "Operations that this process projects.", [({}, len(standings))]),
        Family("vcp_projector_position", "gauge", "Last entry that is in the picture.", of("position")),
        Family("vcp_projector_lag_entries", "gauge", "Entries of the log that are not in the picture.", behind),
        Family("vcp_projector_entries_total", "counter", "Entries applied by this process.", of("entries")),
        Family("vcp_projector_parked_entries", "gauge", "Entries that a view could not take, and wait.", parked),
        Family("vcp_projector_falls_total", "counter", "How often a projection fell and began again.", of("falls")),
        Family("vcp_projector_last_error_timestamp_seconds", "gauge", "When what kind of error came last.", erred),
    ]


def _page(report: Report) -> str:
    rows = "".join(_row(report, operation, standing) for operation, standing in report.standings.items())
    state = "; ".join(report.reasons) or "All is well."
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Projector</title>'
        '<meta http-equiv="refresh" content="5"><style>body{font:1rem sans-serif;margin:2rem}'
        "td,th{padding:.3rem 1rem;text-align:right}td:first-child,th:first-child{text-align:left}</style></head>"
        f"<body><h1>Projector</h1><p>{escape(state)}</p><table><tr><th>Operation<th>Position<th>Behind<th>Applied"
        f"<th>Parked<th>Falls<th>Last error</tr>{rows}</table></body></html>\n"
    )


def _row(report: Report, operation: str, one: Standing) -> str:
    error = "" if one.last_error_at is None else f"{one.last_error}, {time.time() - one.last_error_at:.0f} s ago"
    behind = report.behind.get(operation, "unknown")
    cells = (operation, one.position, behind, one.entries, report.parked.get(operation, 0), one.falls, error)
    return "<tr>" + "".join(f"<td>{escape(str(cell))}" for cell in cells) + "</tr>"
