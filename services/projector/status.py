"""How the projections of this process stand: for Prometheus, for a probe, and as a page for people."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from psycopg import Error
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from services.projector.progress import Progress, Standing
from services.projector.status_page import as_page
from services.shared.bus import Log
from services.shared.exposition import MEDIA, Family, exposition
from services.shared.refusals import LogUnavailable, NoSuchOperation
from services.shared.status_server import Page, Shown

_PARKED = "select operation, count(*) from parked group by operation"

_STALLED = "How long nothing came into the picture although something waits for it."
_PER_SECOND = "Entries applied by this process, over the last minute."


@dataclass(slots=True)
class Report:
    """What is known at one look."""

    standings: dict[str, Standing]
    now: float
    behind: dict[str, int] = field(default_factory=dict)
    parked: dict[str, int] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    """Why not all is well."""

    def by_operation(self) -> dict[str, dict[str, Any]]:
        """How each projection stands, by its operation. What cannot be told now is None."""
        return {operation: self._told(operation, standing) for operation, standing in self.standings.items()}

    def _told(self, operation: str, one: Standing) -> dict[str, Any]:
        behind = self.behind.get(operation)
        return {
            "position": one.position,
            "behind": behind,
            "stalled_seconds": None if behind is None else round(one.stalled_seconds(self.now, behind=behind), 1),
            "entries": one.entries,
            "entries_per_second": round(one.per_second(self.now), 2),
            "parked": self.parked.get(operation, 0),
            "falls": one.falls,
            "last_error": one.last_error,
            "last_error_seconds_ago": None if one.last_error_at is None else round(self.now - one.last_error_at),
        }


def pages(progress: Progress, bus: Log, connections: AsyncConnectionPool) -> Mapping[str, Page]:
    async def report() -> Report:
        return await _report(progress, bus, connections)

    async def metrics() -> Shown:
        return Shown(exposition(_families(await report())), MEDIA)

    async def ready() -> Shown:
        found = await report()
        status = "ready" if not found.reasons else "incomplete" if found.parked else "unready"
        said = json.dumps({"status": status, "reasons": found.reasons, "operations": found.by_operation()})
        return Shown(said + "\n", "application/json", 503 if found.reasons else 200)

    async def page() -> Shown:
        return Shown(as_page((found := await report()).by_operation(), found.reasons))

    return {"/": page, "/metrics": metrics, "/health/ready": ready}


async def _report(progress: Progress, bus: Log, connections: AsyncConnectionPool) -> Report:
    found = Report(dict(sorted(progress.standings.items())), progress.clock())
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
    standings, told = report.standings.items(), report.by_operation()

    def stated(name: str) -> list[tuple[Mapping[str, str], float]]:
        return [({"operation": key}, one[name]) for key, one in told.items() if one[name] is not None]

    erred = [
        ({"operation": operation, "error": one.last_error}, one.last_error_at)
        for operation, one in standings
        if one.last_error is not None and one.last_error_at is not None
    ]
    return [
        Family("vcp_projector_operations", "gauge", "Operations that this process projects.", [({}, len(standings))]),
        Family("vcp_projector_position", "gauge", "Last entry that is in the picture.", stated("position")),
        Family("vcp_projector_lag_entries", "gauge", "Entries of the log not in the picture.", stated("behind")),
        Family("vcp_projector_stalled_seconds", "gauge", _STALLED, stated("stalled_seconds")),
        Family("vcp_projector_entries_per_second", "gauge", _PER_SECOND, stated("entries_per_second")),
        Family("vcp_projector_entries_total", "counter", "Entries applied by this process.", stated("entries")),
        Family("vcp_projector_parked_entries", "gauge", "Entries that no view could take.", stated("parked")),
        Family("vcp_projector_falls_total", "counter", "How often a projection fell and began again.", stated("falls")),
        Family("vcp_projector_last_error_timestamp_seconds", "gauge", "When what kind of error came last.", erred),
    ]
