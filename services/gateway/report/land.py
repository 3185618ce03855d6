"""Land and borders for a printed map: the console's own base map, which an installation may replace."""

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from services.gateway.console import BUILT

_FILE = Path("basemap") / "world.json"
Ring = list[tuple[float, float]]


@lru_cache(maxsize=1)
def rings() -> list[Ring]:
    """Outlines in degrees. None where the console was not built: then a map has no land, and says so."""
    path = BUILT / _FILE
    if not path.exists():
        return []
    topology = json.loads(path.read_bytes())
    arcs = [_arc(topology, arc) for arc in topology["arcs"]]
    return [ring for found in topology["objects"]["countries"]["geometries"] for ring in _rings(found, arcs)]


def _arc(topology: dict[str, Any], arc: list[list[int]]) -> Ring:
    """Points of an arc: TopoJSON keeps steps on a grid."""
    if "transform" not in topology:
        return [(longitude, latitude) for longitude, latitude in arc]
    scale, move = topology["transform"]["scale"], topology["transform"]["translate"]
    x = y = 0
    points = []
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        points.append((x * scale[0] + move[0], y * scale[1] + move[1]))
    return points


def _rings(geometry: dict[str, Any], arcs: list[Ring]) -> Iterator[Ring]:
    kind = geometry.get("type")
    polygons = [geometry["arcs"]] if kind == "Polygon" else geometry["arcs"] if kind == "MultiPolygon" else []
    for polygon in polygons:
        for named in polygon:
            yield _unwrapped([point for index in named for point in _part(arcs, index)])


def _part(arcs: list[Ring], index: int) -> Ring:
    """An arc by its number; a negative one is run backwards. Its last point is the first of the next."""
    return (arcs[index] if index >= 0 else arcs[~index][::-1])[:-1]


def _unwrapped(ring: Ring) -> Ring:
    """A jump across the 180th meridian goes on beyond it."""
    turns = 0.0
    told: Ring = []
    for at, (longitude, latitude) in enumerate(ring):
        step = longitude - ring[at - 1][0] if at else 0.0
        turns -= 360.0 if step > 180 else -360.0 if step < -180 else 0.0
        told.append((longitude + turns, latitude))
    return told
