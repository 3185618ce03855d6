"""The first page of every view of a larger operation of many sorts, live and as of earlier moments.

`uv run python -m benchmarks views [entries]`.
"""

import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from itertools import count
from urllib.parse import quote

from benchmarks.load import percentile
from benchmarks.rooms import BATCH, OPERATION, Room, get, report, room
from benchmarks.table import show
from services.gateway import view
from services.gateway.view import View

ROUNDS = 30
PLACES = [
    {"country": code, "crossing_point": f"{code}-{number}", "latitude": 45.0 + number, "longitude": 17.0 + number}
    for code in ("BA", "AT", "MD")
    for number in range(4)
]
SORTS: list[tuple[str, dict[str, object]]] = [
    ("arrest.made.v1", {"category": "smuggler"}),
    ("hit.raised.v1", {"database": "SLTD", "object": "document"}),
    ("seizure.made.v1", {"category": "cannabis"}),
    ("cross_check.requested.v1", {"subject": None, "audience": {"scope": "all"}}),
    ("information.requested.v1", {"to": ["BA"], "vehicle": None, "audience": {"scope": "all"}}),
    ("vehicle.detected.v1", {"vehicle": None}),
    ("document_fraud.detected.v1", {"document": None}),
    ("task.assigned.v1", {"to": ["BA"], "regarding": None}),
]
NEEDED = {"diff": "from={from_}", "diff/figures": "from={from_}"}


def main() -> None:
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with room() as opened:
        posted = _fill(opened, entries)
        thing = posted[len(posted) // 2]
        for name, share in (("live", None), ("as of 50 %", 0.5), ("as of 10 %", 0.1)):
            moment = posted[int(len(posted) * share)] if share else None
            views = [shown for shown in view.found() if moment is None or shown.path not in NEEDED]
            rows = [(shown.path, *_times(opened, shown, thing, moment, from_=posted[-3])) for shown in views]
            slowest = sorted((row for row in rows if row[1] > 0), key=lambda row: -row[1])
            show(f"Views of {entries:,} entries, {name}, the slowest first", ("", "p50 ms", "p99 ms"), slowest)


def _fill(opened: Room, entries: int) -> list[str]:
    """Posts batches of all sorts; the id of the last entry of each."""
    last, size, numbers = [], 500, count()
    with opened.client() as client:
        for _ in range(entries // size):
            body = b"[" + b",".join(_reports(numbers, size)) + b"]"
            answer = client.post(f"{opened.path}/events", content=body, headers={"Content-Type": BATCH})
            results = answer.raise_for_status().json()["results"]
            refused = [one for one in results if one["status"] != 201]
            if refused:
                raise RuntimeError(f"{len(refused)} reports were refused: {refused[0]}")
            last.append(results[-1]["receipt"]["entry"])
        client.get(f"{opened.path}/timeline", params={"after": last[-1], "wait": 30}).raise_for_status()
    return last


def _reports(numbers: Iterator[int], size: int) -> Iterator[bytes]:
    for _ in range(size):
        number = next(numbers)
        type, members = SORTS[number % len(SORTS)]
        yield report(type, str(number), place=PLACES[number % len(PLACES)], **members)


def _times(opened: Room, shown: View, thing: str, moment: str | None, *, from_: str) -> tuple[float, float]:
    query = [NEEDED.get(shown.path, "").format(from_=from_), f"as_of={quote(moment)}" if moment else ""]
    if shown.form == "pages":
        query.append("limit=50")
    address = shown.path.replace("{thing}", thing)
    path = f"/v1/operations/{OPERATION}/{address}?{'&'.join(filter(None, query))}"
    connection = HTTPConnection(opened.stack.settings.host, opened.stack.settings.port, timeout=60)
    try:
        times = [get(connection, path, opened.token) for _ in range(ROUNDS)]
    except RuntimeError:
        # A thing of another kind is not found under this address.
        if not shown.by_thing:
            raise
        return 0.0, 0.0
    finally:
        connection.close()
    return percentile(times, 0.5), percentile(times, 0.99)


if __name__ == "__main__":
    main()
