"""Small numbers of victims and children are told of the operation, and of no single place: they would point at persons.

A place is a country or an agency. Who belongs to the safeguarding group is told all of them.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_

from schemas.metrics import Metric
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


async def withheld(
    picture: Picture, asked: Filtered, counted: Counts, *, name: str | None = None, by: Collection[By] = ()
) -> defaultdict[str, Withheld]:
    """What is not told, by metric, of one metric or of all.

    A metric is not told of a place in which it, or a part of it, is small in any cell: of one of its parts the rest
    would tell. One place alone could be worked out from the total, so with it goes the next.
    """
    places = [place for place in get_args(Place) if place in by or getattr(asked, place)]
    protected = [one for one in _OF_PROTECTED if name is None or is_protected(name)]
    found: defaultdict[str, dict[Place, set[str]]] = defaultdict(dict)
    if picture.viewer.fewest_told > 1 and protected:
        for place in places:
            for metric, small in (await _small(picture, asked, counted, name=name, place=place, by=by)).items():
                found[metric][place] = small
    return defaultdict(Withheld, {metric: Withheld(small) for metric, small in found.items()})


def is_protected(name: str) -> bool:
    return name.partition(".")[0] in _OF_PROTECTED


def credit_told(picture: Picture, known: Metric, claims: Collection[Mapping[str, Sums]]) -> set[str]:
    """The agencies whose credit is told, by what each claims of the metric and of its parts."""
    totals: defaultdict[str, list[Decimal]] = defaultdict(list)
    for of_metric_or_part in claims:
        for agency, sums in of_metric_or_part.items():
            totals[agency].append(sums.total)
    if is_protected(known.name):
        return set(totals) - _too_small(totals, fewest=picture.viewer.fewest_told)
    return set(totals)


async def _small(
    picture: Picture, asked: Filtered, counted: Counts, *, name: str | None, place: Place, by: Collection[By]
) -> dict[str, set[str]]:
    """The places of which each metric is not told."""
    everywhere = asked.model_copy(update={place: []})
    columns: list[By] = [place, *(one for one in by if one != place)]
    rows = await cells(
        picture,
        everywhere,
        *columns,
        of=_facts_of(name),
        zone=ZoneInfo(picture.viewer.time_zone),
        dropped=counted.dropped,
    )
    totals: defaultdict[str, defaultdict[str, list[Decimal]]] = defaultdict(lambda: defaultdict(list))
    for key, group in grouped_by(rows, "metric", *(f"by_{one}" for one in columns)).items():
        metric, where = key[0], key[1]
        for whole in {metric, metric.partition(".")[0]}:
            if where is not None:
                totals[whole][where].append(group.deduplicated.total)
    return {metric: _too_small(of, fewest=picture.viewer.fewest_told) for metric, of in totals.items()}


def _facts_of(name: str | None) -> list[ColumnElement[bool]]:
    if name is not None:
        return of_metric(facts, name)
    return [or_(*(facts.c.metric.startswith(one, autoescape=True) for one in _OF_PROTECTED))]


def _too_small(totals: Mapping[str, Collection[Decimal]], *, fewest: int) -> set[str]:
    small = {place for place, cells in totals.items() if any(0 < total < fewest for total in cells)}
    others = sorted(
        (one for one in totals if one not in small and any(totals[one])), key=lambda one: (sum(totals[one]), one)
    )
    return small | set(others[:1]) if len(small) == 1 else small
