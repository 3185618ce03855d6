"""The first page of every view of a large mixed operation, live and as of earlier moments, for one reader.

`uv run python -m benchmarks views [entries]`: asked is a p99 under 50 ms at 100,000 entries on an idle machine. Beside
it stands what the gateway and the database computed for one read, which other work on the machine changes little, and
what a bare `select 1` took between the reads: what of 99 of 100 the machine itself adds is seen by that.
"""

import sys
import time
from http.client import HTTPConnection
from urllib.parse import quote
from uuid import UUID

import psycopg

from benchmarks.load import children, cpu_seconds, percentile
from benchmarks.mixture import mixed_log, write_into
from benchmarks.rooms import Room, get, room
from benchmarks.table import show
from services.gateway import view
from services.gateway.view import View

OPERATION = "jad-mixed"
ROUNDS = 40
MOMENTS = (("live", None), ("as of 90 %", 0.9), ("as of 50 %", 0.5), ("as of 10 %", 0.1))
FILTERED = {
    "timeline": ("country=CY", "category=trafficker", "agency=BA&country=AT", "state=retracted"),
    "arrests": ("country=CY", "category=trafficker"),
    "hits": ("state=raised", "overdue=true"),
    "requests": ("sort=due", "waits_for=BA"),
    "tasks": ("sort=due", "overdue=true"),
    "crosschecks": ("state=requested",),
    "map": ("bbox=10,38,11,39", "country=CY"),
}
"""Filters that let little through, beside the plain views."""
_FIGURES = ("figures", "figures/arrests", "figures/checks.person", "figures/arrests?by=country")
"""Headline figures and a breakdown, which stand beside the views."""
_BETWEEN = ("diff", "diff/figures")


def main() -> None:
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with room() as opened:
        ids = write_into(opened.stack, mixed_log(OPERATION, entries))
        wait_for(opened, ids[-1])
        reads = [read for shown in view.found() if not shown.by_thing for read in _reads_of(shown)]
        reads += [(path, []) for path in _FIGURES]
        for name, share in MOMENTS:
            moment = str(ids[int(len(ids) * share)]) if share else None
            here = [one for one in reads if moment is None or one[0] not in _BETWEEN]
            rows = [_times(opened, path, said, moment, ids) for path, said in here]
            slowest = sorted(rows, key=lambda row: -row[2])
            heads = ("", "p50 ms", "p99 ms", "computed ms", "select 1 p50", "p99 ms")
            show(f"{entries:,} entries, {name}, slowest first", heads, slowest)


def wait_for(opened: Room, entry: UUID) -> None:
    with opened.client() as client:
        path, behind = f"/v1/operations/{OPERATION}/timeline", 503
        # Until it has been projected for the first time, the operation is unknown.
        while client.get(path, params={"after": str(entry), "wait": 30, "limit": 1}).status_code in (behind, 404):
            continue


def _reads_of(shown: View) -> list[tuple[str, list[str]]]:
    """A view as it is and with its filters: its address, and what is said beside the moment."""
    plain = ["limit=50"] if shown.form == "pages" else []
    filtered = FILTERED.get(shown.path, ())
    return [(shown.path, plain), *((f"{shown.path}?{filters}", plain) for filters in filtered)]


def _times(
    opened: Room, name: str, said: list[str], moment: str | None, ids: list[UUID]
) -> tuple[str, float, float, float, float, float]:
    query = [*said, *([f"as_of={quote(moment)}"] if moment else [])]
    if name in _BETWEEN:
        query.append(f"from={ids[-500]}")
    joined = "&".join(query)
    path = f"/v1/operations/{OPERATION}/{name}{'&' if '?' in name else '?'}{joined}"
    connection = HTTPConnection(opened.stack.settings.host, opened.stack.settings.port, timeout=60)
    # A connection that is used first prepares its statements.
    for _ in range(5):
        get(connection, path, opened.token)
    times, floor = [], []
    with psycopg.connect(opened.stack.settings.gateway_database_url, autocommit=True) as bare:
        before = _computed(opened)
        for _ in range(ROUNDS):
            floor.append(_nothing(bare))
            times.append(get(connection, path, opened.token))
        computed = (_computed(opened) - before) / ROUNDS * 1e3
    connection.close()
    shares = [percentile(taken, share) for taken in (times, floor) for share in (0.5, 0.99)]
    return name, *shares[:2], computed, *shares[2:]


def _nothing(bare: psycopg.Connection) -> float:
    """What the machine itself takes: the milliseconds of a query of nothing."""
    start = time.perf_counter()
    bare.execute("select 1").fetchone()
    return (time.perf_counter() - start) * 1e3


def _computed(opened: Room) -> float:
    """Seconds of the gateway and of the database with all that it started."""
    postgres = opened.stack.postgres.process.pid
    return sum(cpu_seconds(pid) for pid in (opened.stack.gateway.pid, postgres, *children(postgres)))


if __name__ == "__main__":
    main()
