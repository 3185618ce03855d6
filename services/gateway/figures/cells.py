"""Cells: what counts of a metric, added up within one value, or two, of what it is broken down by."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func

from schemas.metrics import Metric
from services.gateway.asked import Filtered
from services.gateway.figures.amounts import Sums
from services.gateway.figures.counted import Counted, stood_for, visible
from services.gateway.figures.questions import By
from services.gateway.figures.sums import added_up
from services.gateway.picture import Picture
from services.shared.tables import facts

Key = tuple[Any, ...]
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass
class Group:
    """One part of a figure."""

    reported: Sums = field(default_factory=Sums)
    deduplicated: Sums = field(default_factory=Sums)

    def take(self, row: dict[str, Any], *, sign: int = 1) -> None:
        self.reported.add(row, sign=sign)
        if not row.get("stood_for"):
            self.deduplicated.add(row, sign=sign)

    def told(self, known: Metric) -> dict[str, Any]:
        return {
            "reported": self.reported.quantity(known.unit),
            "deduplicated": self.deduplicated.quantity(known.unit),
        }


async def cells(
    picture: Picture,
    asked: Filtered,
    *by: By,
    of: Collection[ColumnElement[bool]],
    zone: ZoneInfo,
    dropped: Collection[UUID],
    alone: bool = False,
) -> list[dict[str, Any]]:
    """Rows of what the viewer sees of these facts, each with `by_<attribute>` and whether another stands for it."""
    columns = [_column(one).label(f"by_{one}") for one in by]
    if dropped:
        columns.append(stood_for(dropped).label("stood_for"))
    counted = Counted(picture.spot, asked, only=[*of, visible(facts), ~facts.c.credit_only], alone=alone)
    await picture.group_without_sorting()
    rows = await added_up(picture, counted, *columns)
    if "day" in by:
        return [{**row, "by_day": row["by_day"].astimezone(zone).date()} for row in rows]
    return rows


def grouped_by(rows: list[dict[str, Any]], *names: str) -> defaultdict[Key, Group]:
    """The rows by what they have in these columns."""
    groups: defaultdict[Key, Group] = defaultdict(Group)
    for row in rows:
        groups[tuple(row[name] for name in names)].take(row)
    return groups


def _column(by: By) -> ColumnElement[Any]:
    if by == "day":
        # Quarters of an hour are parted by no time zone, and cost less than the day of each of many rows.
        return func.date_bin(timedelta(minutes=15), facts.c.occurred_at, _EPOCH)
    return facts.c.in_scope if by == "scope" else facts.c[by]
