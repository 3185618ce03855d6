"""Sums: what was reported of each metric, what of it remains without duplicates, and whose credit it is."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from schemas.metrics import adds_alone
from services.gateway.asked import Filtered
from services.gateway.figures.amounts import Sums
from services.gateway.figures.counted import Counted, stood_for, visible
from services.gateway.figures.pairs import duplicates
from services.gateway.figures.running_totals import last_tally, running_totals
from services.gateway.picture import Picture
from services.shared.tables import facts

ByMetric = defaultdict[str, Sums]


@dataclass
class Counts:
    """What is counted, metric by metric."""

    reported: ByMetric = field(default_factory=lambda: defaultdict(Sums))
    deduplicated: ByMetric = field(default_factory=lambda: defaultdict(Sums))
    credit: defaultdict[str, defaultdict[str, Sums]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Sums))
    )
    """By metric and agency."""
    pending: Counter[str] = field(default_factory=Counter)
    """Pairs on which nobody decided yet, by metric."""
    dropped: frozenset[UUID] = frozenset()
    """The records that others stand for."""


async def counts(picture: Picture, asked: Filtered, *, name: str | None = None, credited: bool = True) -> Counts:
    """What counts of every metric, or of one and its parts, or of one family.

    Whose credit it is makes a row of each agency's sum, which is worth leaving out where nobody asks: `credited`.
    """
    twice = await duplicates(picture, at=asked.at)
    found = Counts(pending=twice.pending, dropped=twice.dropped)
    alone = name is not None and adds_alone(name)
    for row in await _claims(picture, asked, name, alone=alone, by=_BY_CLAIM if credited else _BY_COUNT):
        if not row["credit_only"]:
            found.reported[row["metric"]].add(row)
        if not credited:
            continue
        # A hidden number counts in the total, and is nobody's: its agency is hidden with it.
        if row["visible"]:
            for agency in {row["agency"], *row["joint_with"]}:
                found.credit[row["metric"]][agency].add(row)
    for metric, sums in found.reported.items():
        found.deduplicated[metric].add_all(sums)
    if twice.dropped:
        stood = [stood_for(twice.dropped), ~facts.c.credit_only]
        dropped = Counted(picture.spot, asked, name=name, only=stood, alone=alone)
        for row in await picture.rows(grouped(dropped.conditions, dropped.share, ())):
            found.deduplicated[row["metric"]].add(row, sign=-1)
    return found


_Row = dict[str, Any]
_BY_COUNT = ("credit_only",)
_BY_CLAIM = (*_BY_COUNT, "agency", "joint_with", "visible")


async def _claims(
    picture: Picture, asked: Filtered, name: str | None, *, alone: bool, by: tuple[str, ...]
) -> list[_Row]:
    """Sums of what counts, by whose claim it is: from the last totals on, or where there are none from the start."""
    tally = None if asked.is_narrowed or asked.at is not None else await last_tally(picture)
    if tally is None:
        return await added_up(picture, Counted(picture.spot, asked, name=name, alone=alone), *_columns(by))
    return await running_totals(picture, tally, name=name, by=by)


def _columns(by: tuple[str, ...]) -> list[ColumnElement[Any]]:
    return [visible(facts).label(name) if name == "visible" else facts.c[name] for name in by]


async def added_up(picture: Picture, counted: Counted, *by: ColumnElement[Any]) -> list[dict[str, Any]]:
    """Sums within one metric, unit and qualifier, and within what else is asked for."""
    by_themselves = await picture.rows(grouped(counted.by_themselves, facts.c.quantity, by))
    if counted.alone:
        return by_themselves
    return by_themselves + await picture.rows(grouped(counted.judged, counted.share, by))


def grouped(
    conditions: Sequence[ColumnElement[bool]], share: ColumnElement[Any], by: Sequence[ColumnElement[Any]]
) -> Select[Any]:
    groups = [facts.c.metric, facts.c.unit, facts.c.qualifier, *by]
    return select(*groups, *_amounts(share)).where(*conditions).group_by(*groups)


def _amounts(share: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    return [
        func.sum(share).label("total"),
        (func.count() - func.count(share)).label("not_stated"),
        func.count(share).label("stated"),
    ]
