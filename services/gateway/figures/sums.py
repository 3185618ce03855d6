"""Sums: what was reported of each metric, what of it remains without duplicates, and whose credit it is."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from services.gateway.asked import Filtered
from services.gateway.figures.amounts import Sums
from services.gateway.figures.counted import Counted, stood_for, visible
from services.gateway.figures.pairs import duplicates
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
    """What counts of every metric, or of one and its parts."""
    twice = await duplicates(picture, at=asked.at)
    found = Counts(pending=twice.pending, dropped=twice.dropped)
    columns = [facts.c.agency, facts.c.joint_with, facts.c.credit_only, visible(facts).label("visible")]
    if twice.dropped:
        columns.append(stood_for(twice.dropped).label("stood_for"))
    for row in await added_up(picture, Counted(picture, asked, name=name), *columns):
        if not row["credit_only"]:
            found.reported[row["metric"]].add(row)
            if not row.get("stood_for"):
                found.deduplicated[row["metric"]].add(row)
        # A hidden number counts in the total, and is nobody's: its agency is hidden with it.
        if row["visible"]:
            for agency in {row["agency"], *row["joint_with"]}:
                found.credit[row["metric"]][agency].add(row)
    return found


async def added_up(picture: Picture, counted: Counted, *by: ColumnElement[Any]) -> list[dict[str, Any]]:
    """Sums within one metric, unit and qualifier, and within what else is asked for."""
    groups = [facts.c.metric, facts.c.unit, facts.c.qualifier, *by]
    share = counted.share
    query = (
        select(
            *groups,
            func.sum(share).label("total"),
            func.count().filter(share.is_(None)).label("not_stated"),
            func.count().filter(share.is_not(None)).label("stated"),
        )
        .where(*counted.conditions)
        .group_by(*groups)
    )
    return await picture.rows(query)
