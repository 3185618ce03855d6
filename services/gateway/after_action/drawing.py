"""The pictures of the report as coordinates: the template writes them as SVG, which prints as sharp as the text."""

import math
from dataclasses import dataclass, field
from typing import Any

from services.gateway.after_action.outline import Box, borders_within

MAP_WIDTH, MAP_HEIGHT = 680, 400
BARS_WIDTH, BARS_HEIGHT = 680, 120
_LEAST_SPAN = 2.0
"""Degrees: a single place is shown with what lies around it."""
_MARGIN = 0.12


@dataclass(frozen=True)
class Map:
    """Borders as paths and places as circles of which the area is the number of records."""

    borders: list[str] = field(default_factory=list)
    circles: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Bar:
    """One day."""

    label: str
    value: int
    x: float
    y: float
    width: float
    height: float


def drawn_map(places: list[dict[str, Any]]) -> Map:
    """Equirectangular about the middle of the places, which leaves shapes as they are known at this scale."""
    if not places:
        return Map()
    west, south, east, north = box = _box(places)
    stretch = math.cos(math.radians((south + north) / 2))
    scale = min(MAP_WIDTH / ((east - west) * stretch), MAP_HEIGHT / (north - south))
    left = (MAP_WIDTH - (east - west) * stretch * scale) / 2
    top = (MAP_HEIGHT - (north - south) * scale) / 2

    def point(longitude: float, latitude: float) -> tuple[float, float]:
        return round(left + (longitude - west) * stretch * scale, 1), round(top + (north - latitude) * scale, 1)

    most = max(place["records"] for place in places)
    circles = []
    for place in places:
        x, y = point(float(place["longitude"]), float(place["latitude"]))
        circles.append({"x": x, "y": y, "radius": round(3 + 13 * math.sqrt(place["records"] / most), 1), **place})
    paths = ("M" + "L".join(f"{x},{y}" for x, y in (point(*at) for at in line)) for line in borders_within(box))
    return Map(list(paths), circles)


def drawn_bars(by_day: dict[str, int]) -> list[Bar]:
    """One bar a day, those without records left out of none: a gap in the days is no bar."""
    if not by_day:
        return []
    step, most = BARS_WIDTH / len(by_day), max(by_day.values())
    bars = []
    for index, (day, value) in enumerate(sorted(by_day.items())):
        height = round(BARS_HEIGHT * value / most, 1)
        bars.append(Bar(day, value, round(index * step, 1), BARS_HEIGHT - height, round(step * 0.8, 1), height))
    return bars


def _box(places: list[dict[str, Any]]) -> Box:
    longitudes = [float(place["longitude"]) for place in places]
    latitudes = [float(place["latitude"]) for place in places]
    west, east = _widened(min(longitudes), max(longitudes))
    south, north = _widened(min(latitudes), max(latitudes))
    return west, south, east, north


def _widened(low: float, high: float) -> tuple[float, float]:
    more = max(_LEAST_SPAN - (high - low), 0) / 2 + (high - low) * _MARGIN
    return low - more, high + more
