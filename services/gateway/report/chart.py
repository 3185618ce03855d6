"""Drawings of a report as SVG: where it happened, and how much on each day. They read without colour."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from services.gateway.report.land import Ring, rings

WIDTH, HEIGHT = 680, 420
_CELL = 26
_MARGIN = 40
_LEAST_SPAN = 2.0
"""Degrees: a single place is shown with the land around it."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Records near one another."""

    x: float
    y: float
    size: int

    @property
    def radius(self) -> float:
        return 3.5 if self.size == 1 else round(6 + 2.2 * math.log2(self.size), 1)

    def touches(self, other: "Spot") -> bool:
        return math.dist((self.x, self.y), (other.x, other.y)) < self.radius + other.radius

    def __add__(self, other: "Spot") -> "Spot":
        """Both together, in the middle of all their records."""
        size = self.size + other.size
        x, y = ((a * self.size + b * other.size) / size for a, b in ((self.x, other.x), (self.y, other.y)))
        return Spot(round(x, 1), round(y, 1), size)


@dataclass(frozen=True, slots=True)
class Map:
    """Paths of land, and spots on it, in a box of WIDTH by HEIGHT."""

    land: list[str]
    spots: list[Spot]
    located: int


class _View:
    """Mercator, so that all places fit into the box."""

    def __init__(self, places: Sequence[tuple[float, float]]) -> None:
        longitudes, norths = [place[0] for place in places], [_north(place[1]) for place in places]
        across = max(max(longitudes) - min(longitudes), _LEAST_SPAN)
        down = max(max(norths) - min(norths), _LEAST_SPAN)
        self._scale = min((WIDTH - 2 * _MARGIN) / across, (HEIGHT - 2 * _MARGIN) / down)
        self._middle = (max(longitudes) + min(longitudes)) / 2, (max(norths) + min(norths)) / 2

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        x = WIDTH / 2 + (longitude - self._middle[0]) * self._scale
        y = HEIGHT / 2 - (_north(latitude) - self._middle[1]) * self._scale
        return round(x, 1), round(y, 1)


def _north(latitude: float) -> float:
    bounded = math.radians(max(-85.0, min(85.0, latitude)))
    return math.degrees(math.log(math.tan(math.pi / 4 + bounded / 2)))


def map_of(places: Sequence[tuple[float, float]]) -> Map | None:
    """None where nothing has a place."""
    if not places:
        return None
    view = _View(places)
    land = [path for ring in rings() if (path := _path(ring, view))]
    return Map(land, _spots([view.at(*place) for place in places]), len(places))


def _path(ring: Ring, view: _View) -> str:
    """An outline, or nothing when it lies outside. Points beyond the box are drawn in to its margin."""
    whole = [view.at(*point) for point in ring]
    across, down = [x for x, _ in whole], [y for _, y in whole]
    if max(across) < 0 or min(across) > WIDTH or max(down) < 0 or min(down) > HEIGHT:
        return ""
    points: list[tuple[float, float]] = []
    for x, y in whole:
        near = (min(max(x, -20.0), WIDTH + 20.0), min(max(y, -20.0), HEIGHT + 20.0))
        if not points or near != points[-1]:
            points.append(near)
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z" if len(points) > 2 else ""


def _spots(points: Sequence[tuple[float, float]]) -> list[Spot]:
    cells: defaultdict[tuple[int, int], list[tuple[float, float]]] = defaultdict(list)
    for x, y in points:
        cells[int(x // _CELL), int(y // _CELL)].append((x, y))
    found = [
        Spot(round(sum(x for x, _ in near) / len(near), 1), round(sum(y for _, y in near) / len(near), 1), len(near))
        for near in cells.values()
    ]
    return _apart(sorted(found, key=_order))


def _order(spot: Spot) -> tuple[int, float, float]:
    return -spot.size, spot.x, spot.y


def _apart(spots: list[Spot]) -> list[Spot]:
    """The same in fewer spots, of which none lies upon another: a number under another could not be read."""
    kept: list[Spot] = []
    for spot in spots:
        at = next((at for at, one in enumerate(kept) if one.touches(spot)), None)
        if at is None:
            kept.append(spot)
        else:
            kept[at] = kept[at] + spot
    # What was joined is larger and lies elsewhere, so that it may touch others.
    return kept if len(kept) == len(spots) else _apart(sorted(kept, key=_order))


@dataclass(frozen=True, slots=True)
class Bar:
    """A day's column."""

    day: str
    count: int
    x: float
    height: float
    width: float


def bars_of(by_day: dict[str, int], *, height: float = 90) -> list[Bar]:
    """The days that have lines, in their order."""
    most = max(by_day.values(), default=0)
    width = WIDTH / max(len(by_day), 1)
    return [
        Bar(day, count, round(at * width, 1), round(height * count / most, 1), round(width, 1))
        for at, (day, count) in enumerate(sorted(by_day.items()))
    ]
