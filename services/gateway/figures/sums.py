"""Sums: what was reported of each metric, what of it remains without duplicates, and whose credit it is."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select

from schemas.metrics import adds_alone
from services.gateway.asked import Filtered
from services.gateway.figures.amounts import Sums
from services.gateway.figures.counted import Counted, of_metric, stood_for, visible
from services.gateway.figures.pairs import duplicates
from services.gateway.figures.running_totals import added_alone, last_tally, running_totals
from services.gateway.figures.standing import among, inside_of_aggregates, last_of_each_series
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


async def counts(picture: Picture, asked: Filtered, *, name: str | None = None) -> Counts:
    """What counts of every metric, or of one and its parts, or of one family."""
    twice = await duplicates(picture, at=asked.at)
    found = Counts(pending=twice.pending, dropped=twice.dropped)
    alone = name is not None and adds_alone(name)
    for row in await _claims(picture, asked, name, alone=alone):
        if not row["credit_only"]:
            found.reported[row["metric"]].add(row)
            found.deduplicated[row["metric"]].add(row)
        # A hidden number counts in the total, and is nobody's: its agency is hidden with it.
        if row["visible"]:
            for agency in {row["agency"], *row["joint_with"]}:
                found.credit[row["metric"]][agency].add(row)
    if twice.dropped:
        stood = [stood_for(twice.dropped), ~facts.c.credit_only]
        dropped = Counted(picture, asked, name=name, only=stood, alone=alone)
        for row in await added_up(picture, dropped):
            found.deduplicated[row["metric"]].add(row, sign=-1)
    return found


async def _claims(picture: Picture, asked: Filtered, name: str | None, *, alone: bool) -> list[dict[str, Any]]:
    """Sums of what counts, by whose claim it is: from the last totals on, or where there are none from the start."""
    tally = None if asked.is_narrowed or asked.at is not None else await last_tally(picture)
    if tally is None:
        return await added_up(picture, Counted(picture, asked, name=name, alone=alone), *_BY_CLAIM)
    rows = await running_totals(picture, tally, name=name)
    if alone:
        return rows
    once_each, last = facts.c.distinct_on.is_not(None), among(last_of_each_series(picture, name))
    for found in (once_each, and_(~once_each, last)):
        others = Counted(picture, asked, name=name, only=[~added_alone(facts), found])
        rows += await picture.rows(grouped(others.judged, others.share, _BY_CLAIM))
    rows += await _included(picture, asked, name)
    return rows


_BY_CLAIM = (facts.c.agency, facts.c.joint_with, facts.c.credit_only, visible(facts).label("visible"))


async def _included(picture: Picture, asked: Filtered, name: str | None) -> list[dict[str, Any]]:
    """What the totals have in them although an aggregate includes it, to be taken out again."""
    counted, inside = Counted(picture, asked, name=name), among(inside_of_aggregates(picture, name))
    rows = await picture.rows(
        grouped(
            [picture.true_then(facts), added_alone(facts), inside, counted.included, *of_metric(facts, name)],
            facts.c.quantity,
            _BY_CLAIM,
        )
    )
    amounts = ("total", "stated", "not_stated")
    return [{**row, **{amount: -(row[amount] or 0) for amount in amounts}} for row in rows]


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
    return (
        select(
            *groups,
            func.sum(share).label("total"),
            (func.count() - func.count(share)).label("not_stated"),
            func.count(share).label("stated"),
        )
        .where(*conditions)
        .group_by(*groups)
    )
