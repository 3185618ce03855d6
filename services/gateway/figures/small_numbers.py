"""Small numbers of victims and children are told of the operation, and of no single place: they would point at persons.

A place is a country or an agency. Who belongs to the safeguarding group is told all of them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_

from services.gateway.asked import Filtered
from services.gateway.figures.amounts import Sums
from services.gateway.figures.cells import cells, grouped_by
from services.gateway.figures.counted import of_metric
from services.gateway.figures.questions import By
from services.gateway.figures.sums import Counts
from services.gateway.picture import Picture
from services.shared.tables import facts

Place = Literal["country", "agency"]
_OF_PROTECTED = ("thb_victims", "victims_safeguarded", "children_at_risk")
WITHHELD: dict[str, Any] = {"value": None, "qualifier": "withheld"}
"""In place of a number that is not told of one place."""

_Pair = tuple[Decimal, Decimal]
"""What was reported, and what counts of it."""
_ByPlace = Mapping[str, Collection[_Pair]]
"""The numbers of each place, cell by cell."""
_Numbers = Mapping[str, Mapping[str, _ByPlace]]
"""Of each whole, those of itself and of its parts."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """The places of which a figure is not told, by the attribute that names them."""

    places: Mapping[Place, Collection[str]] = field(default_factory=dict)

    def whole(self, asked: Filtered) -> bool:
        """Whether just such places are asked for: then nothing of the number is told."""
        return any(set(getattr(asked, attribute)) & set(found) for attribute, found in self.places.items())

    def part(self, by: Collection[By], key: tuple[Any, ...]) -> bool:
        """Whether a part of a breakdown is of such a place."""
        named = dict(zip(by, key, strict=True))
        return any(named.get(attribute) in found for attribute, found in self.places.items())


@dataclass(frozen=True, slots=True)
class Hushed:
    """What is not told: alike of a whole and all its parts, of which one would tell of another."""

    by_whole: Mapping[str, Withheld] = field(default_factory=dict)

    def of(self, name: str) -> Withheld:
        return self.by_whole.get(whole_of(name), _NOTHING)


_NOTHING = Withheld()


async def withheld(
    picture: Picture, asked: Filtered, counted: Counts, *, name: str | None = None, by: Collection[By] = ()
) -> Hushed:
    """What is not told, of one metric and what it is a part of, or of all."""
    places = [place for place in get_args(Place) if place in by or getattr(asked, place)]
    wholes = [one for one in _OF_PROTECTED if name is None or whole_of(name) == one]
    if picture.viewer.fewest_told <= 1 or not wholes:
        return Hushed()
    found: defaultdict[str, dict[Place, set[str]]] = defaultdict(dict)
    fewest = picture.viewer.fewest_told
    for place in places:
        everywhere = asked.model_copy(update={place: []})
        numbers = await _by_place(picture, everywhere, counted, wholes, place=place, by=by)
        of_all: _Numbers = {}
        if everywhere.is_narrowed:
            of_all = await _by_place(picture, everywhere.unnarrowed(), counted, wholes, place=place)
        for whole in {*numbers, *of_all}:
            here, there = numbers.get(whole, {}), of_all.get(whole, {})
            besides = _too_small(there.values(), fewest=fewest) | _with_small_rest(here, there, fewest=fewest)
            found[whole][place] = _too_small(here.values(), fewest=fewest, besides=besides)
    return Hushed({whole: Withheld(small) for whole, small in found.items()})


def whole_of(name: str) -> str:
    """The metric that a part belongs to; parts are named after it."""
    return name.partition(".")[0]


def is_protected(name: str) -> bool:
    return whole_of(name) in _OF_PROTECTED


def credit_withheld(picture: Picture, name: str, credit: Mapping[str, Mapping[str, Sums]]) -> set[str]:
    """The agencies whose credit for a metric is not told, by what each claims of it, its whole and its parts."""
    if not is_protected(name):
        return set()
    metrics = [
        {agency: [(sums.total, sums.total)] for agency, sums in claims.items()}
        for other, claims in credit.items()
        if whole_of(other) == whole_of(name)
    ]
    return _too_small(metrics, fewest=picture.viewer.fewest_told)


async def _by_place(
    picture: Picture,
    asked: Filtered,
    counted: Counts,
    wholes: Sequence[str],
    *,
    place: Place,
    by: Collection[By] = (),
) -> _Numbers:
    """The numbers of all places: by whole, metric and place, what was reported and what counts of each cell."""
    columns: list[By] = [place, *(one for one in by if one != place)]
    of: list[ColumnElement[bool]] = [or_(*(facts.c.metric.startswith(one, autoescape=True) for one in wholes))]
    if len(wholes) == 1:
        of = of_metric(facts, wholes[0])
    zone = ZoneInfo(picture.viewer.time_zone)
    rows = await cells(picture, asked, *columns, of=of, zone=zone, dropped=counted.dropped, alone=True)
    found: defaultdict[str, defaultdict[str, defaultdict[str, list[_Pair]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(list))
    )
    for (metric, where, *_), group in grouped_by(rows, "metric", *(f"by_{one}" for one in columns)).items():
        if where is not None:
            found[whole_of(metric)][metric][where].append((group.reported.total, group.deduplicated.total))
    return found


def _with_small_rest(here: Mapping[str, _ByPlace], there: Mapping[str, _ByPlace], *, fewest: int) -> set[str]:
    """The places of whose numbers without filters (`there`) the filters leave out but a few."""
    return {
        place
        for metric, places in there.items()
        for place, cells_there in places.items()
        for whole, part in zip(_sums(cells_there), _sums(here.get(metric, {}).get(place, ())), strict=True)
        if 0 < whole - part < fewest
    }


def _too_small(metrics: Iterable[_ByPlace], *, fewest: int, besides: Collection[str] = ()) -> set[str]:
    """The places in which any of these metrics is small, and as many more as it takes that none can be worked out.

    Alike in all of the metrics, so that the victims of a place and its adults never tell of its minors. `besides`:
    what is not told for other reasons.
    """
    metrics = list(metrics)
    small_in = [
        {place for place, pairs in metric.items() if any(0 < number < fewest for pair in pairs for number in pair)}
        for metric in metrics
    ]
    found = set(besides).union(*small_in)
    for metric, small in zip(metrics, small_in, strict=True):
        # What is left of the total when all others are taken from it is not small either, where that can be had.
        others = _from_the_smallest([metric], without=found)
        while small and others and sum(max(_sums(metric[place])) for place in found & metric.keys()) < fewest:
            found.add(others.pop(0))
    # Nor is it of one place alone: one that has no such victims serves as well, for whether it has any is not told.
    others = _from_the_smallest(metrics, without=found)
    while len(found) == 1 and others:
        found.add(others.pop(0))
    return found


def _from_the_smallest(metrics: Iterable[_ByPlace], *, without: Collection[str]) -> list[str]:
    """The other places that have any, those with the fewest first."""
    size: defaultdict[str, Decimal] = defaultdict(Decimal)
    for metric in metrics:
        for place, pairs in metric.items():
            size[place] += sum(_sums(pairs))
    return sorted((place for place in size if size[place] and place not in without), key=lambda one: (size[one], one))


def _sums(pairs: Iterable[_Pair]) -> _Pair:
    """What was reported, and what counts of it, in all cells."""
    reported, deduplicated = Decimal(), Decimal()
    for one in pairs:
        reported, deduplicated = reported + one[0], deduplicated + one[1]
    return reported, deduplicated
