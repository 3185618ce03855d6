"""The order in which history is brought in: by the time of each report, and nothing before what it names."""

from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from uuid import UUID

from services.client.stated import Stated


def in_order_of_history(lines: Sequence[Stated]) -> list[Stated]:
    """The lines by `time`, then as they stand; those without a time come last. What names itself in a circle, too."""
    place_of: dict[UUID, int] = {}
    for place, line in enumerate(lines):
        if line.entry is not None:
            place_of.setdefault(line.entry, place)
    waits_for = [{place_of[name] for name in line.names if name in place_of} - {at} for at, line in enumerate(lines)]
    waited_by: list[list[int]] = [[] for _ in lines]
    for at, befores in enumerate(waits_for):
        for before in befores:
            waited_by[before].append(at)
    ready = [(line.time, at) for at, line in enumerate(lines) if not waits_for[at]]
    heapify(ready)
    ordered: list[int] = []
    while ready:
        _, at = heappop(ready)
        ordered.append(at)
        for later in waited_by[at]:
            waits_for[later].discard(at)
            if not waits_for[later]:
                heappush(ready, (lines[later].time, later))
    circling = sorted(set(range(len(lines))) - set(ordered), key=lambda at: (lines[at].time, at))
    return [lines[at] for at in (*ordered, *circling)]
