"""Sums: what was reported of each metric, what of it remains without duplicates, and whose credit it is."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, func, select

from services.gateway.asked import Filtered
from services.gateway.figures.amounts import Sums
from services.gateway.figures.counted import Counted, visible
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


async def counts(picture: Picture, asked: Filtered, *, name: str | None = None) -> Counts:
    """What counts of every metric, or of one and its parts."""
    found = Counts()
    columns = [facts.c.agency, facts.c.joint_with, facts.c.credit_only, visible(facts).label("visible")]
    for row in await added_up(picture, Counted(picture, asked, name=name), *columns):
        if not row["credit_only"]:
            found.reported[row["metric"]].add(row)
        # A hidden number counts in the total, and is nobody's: its agency is hidden with it.
        if row["visible"]:
            for agency in {row["agency"], *row["joint_with"]}:
                found.credit[row["metric"]][agency].add(row)
    found.deduplicated = found.reported
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
