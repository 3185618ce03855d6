"""The borders of the base map that the console was built with, as lines to be drawn (TopoJSON arcs)."""

import json
from functools import cache
from itertools import accumulate
from pathlib import Path

from services.gateway.console import BUILT

Line = list[tuple[float, float]]
Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


def borders_within(box: Box) -> list[Line]:
    """The lines that may cross the box. None where the console, and its map with it, was not built."""
    west, south, east, north = box
    return [
        line
        for line, (left, bottom, right, top) in _borders(BUILT / "basemap" / "world.json")
        if left <= east and right >= west and bottom <= north and top >= south
    ]


@cache
def _borders(file: Path) -> list[tuple[Line, Box]]:
    if not file.exists():
        return []
    topology = json.loads(file.read_bytes())
    (scale_x, scale_y), (from_x, from_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        # Each point of an arc is told from the one before it.
        xs, ys = (list(accumulate(step[axis] for step in arc)) for axis in (0, 1))
        line = [(x * scale_x + from_x, y * scale_y + from_y) for x, y in zip(xs, ys, strict=True)]
        longitudes, latitudes = [x for x, _ in line], [y for _, y in line]
        found.append((line, (min(longitudes), min(latitudes), max(longitudes), max(latitudes))))
    return found
