"""Reading a larger operation, live and as of earlier moments; and how soon it is there again after a restart.

`uv run python -m benchmarks.reads [entries]`.
"""

import sys
import time
from http.client import HTTPConnection
from urllib.parse import quote

from benchmarks.load import percentile
from benchmarks.rooms import BATCH, OPERATION, Room, get, report, room
from benchmarks.table import show

ROUNDS = 60
VIEWS = ("timeline?limit=50", "arrests?limit=50", "figures", "figures/arrests/events", "events?limit=100")


def main() -> None:
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with room() as opened:
        posted = _fill(opened, entries)
        rows = []
        for name, share in (("live", None), ("as of 50 %", 0.5), ("as of 10 %", 0.1)):
            moment = posted[int(len(posted) * share)] if share else None
            rows += [(f"{view.partition('?')[0]}, {name}", *_times(opened, view, moment)) for view in VIEWS]
        show(f"Reads of an operation with {entries:,} entries", ("", "p50 ms", "p99 ms"), rows)
        start = time.perf_counter()
        opened.stack.stop()
        stopped = time.perf_counter()
        opened.stack.start()
        ready = time.perf_counter()
        rows = [("stop", stopped - start), ("start until ready", ready - stopped)]
        show("Restart of the whole stack on its data", ("", "s"), rows)


def _fill(opened: Room, entries: int) -> list[str]:
    """Posts batches; the ids of the last entry of each."""
    last, size = [], 500
    with opened.client() as client:
        for number in range(entries // size):
            body = b"[" + b",".join(report("arrest.made.v1", f"{number}-{index}") for index in range(size)) + b"]"
            answer = client.post(f"{opened.path}/events", content=body, headers={"Content-Type": BATCH})
            last.append(answer.raise_for_status().json()["results"][-1]["receipt"]["entry"])
        client.get(f"{opened.path}/timeline", params={"after": last[-1], "wait": 30}).raise_for_status()
    return last


def _times(opened: Room, view: str, moment: str | None) -> tuple[float, float]:
    path = f"/v1/operations/{OPERATION}/{view}"
    if moment:
        path += f"{'&' if '?' in view else '?'}as_of={quote(moment)}"
    connection = HTTPConnection(opened.stack.settings.host, opened.stack.settings.port, timeout=60)
    rounds = 8 if "figures/" in view else ROUNDS
    times = [get(connection, path, opened.token) for _ in range(rounds)]
    connection.close()
    return percentile(times, 0.5), percentile(times, 0.99)


if __name__ == "__main__":
    main()
