"""Figures: numbers added up from what the viewer may see, and the contributions that sum to them."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from schemas.metrics import METRICS, Metric, UnknownMetric, metric
from services.gateway.asked import Filtered, Listing
from services.gateway.pages import narrowed
from services.gateway.picture import Picture
from services.shared.tables import audiences, facts, timeline

_VISIBLE = facts.c.audience_id.in_(
    select(audiences.c.id).where(
        audiences.c.members.op("&&")(
            func.string_to_array(func.nullif(func.current_setting("vcp.viewer", True), ""), ",")
        )
    )
)
"""Whether the viewer may see the fact itself, and not only that it counts."""


@dataclass
class Sum:
    """What was added up of one metric in one unit."""

    unit: str
    by_qualifier: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    not_stated: int = 0

    def quantity(self) -> dict[str, Any]:
        """Value and qualifier by the rules for mixed ones; no value when nothing was stated."""
        if not self.by_qualifier:
            return {"value": None, "qualifier": "not_stated"} if self.not_stated else {"value": 0, "qualifier": "exact"}
        qualifier = _mixed(set(self.by_qualifier))
        if self.not_stated and qualifier != "about":
            qualifier = "about" if qualifier in ("under", "almost") else "over"
        return {"value": _number(sum(self.by_qualifier.values(), Decimal())), "qualifier": qualifier}


async def all_figures(picture: Picture, asked: Filtered) -> list[dict[str, Any]]:
    """Every figure that the catalogue lists, and those of families for which the viewer sees a fact."""
    sums = await _sums(picture, asked)
    names = set(METRICS) | set(sums)
    return [_figure(picture, metric(name), sums) for name in sorted(names, key=_order)]


async def one_figure(picture: Picture, name: str, asked: Filtered) -> dict[str, Any] | None:
    """One figure; zero where nothing is seen of it. None when there is no such metric."""
    known = metric_or_none(name)
    if known is None:
        return None
    return _figure(picture, known, await _sums(picture, asked))


async def contributions(picture: Picture, name: str, asked: Listing) -> list[dict[str, Any]]:
    """The lines behind a figure, oldest first. Their contributions sum to it."""
    counted = _counted(picture, asked, name=name).subquery()
    line = counted.c
    query = (
        select(
            line.entry,
            line.visible,
            line.share,
            line.unit,
            line.qualifier,
            timeline.c.agency,
            timeline.c.occurred_at,
            timeline.c.headline,
        )
        .join_from(
            counted,
            timeline,
            and_(picture.true_then(timeline), timeline.c.key == line.entry),
            isouter=True,
        )
        .where(line.counts)
        .order_by(line.occurred_at, line.key, line.line)
    )
    return [_line(row) for row in await picture.rows(query)]


def metric_or_none(name: str) -> Metric | None:
    try:
        return metric(name)
    except UnknownMetric:
        return None


def _counted(picture: Picture, asked: Filtered, *, name: str | None = None) -> Select[Any]:
    """Facts with their share: cumulative ones count by their latest, distinct ones once, hidden ones only in totals."""
    columns = facts.c
    conditions: list[ColumnElement[bool]] = [
        picture.true_then(facts),
        ~columns.credit_only,
        *narrowed(facts, asked),
    ]
    if name is not None:
        conditions.append(columns.metric == name)
    if asked.is_narrowed or asked.at is not None:
        conditions.append(_VISIBLE)
    latest = func.row_number().over(
        partition_by=(columns.metric, columns.latest_of, columns.audience_id),
        order_by=(columns.occurred_at.desc(), columns.since.desc()),
    )
    nth = func.row_number().over(
        partition_by=(columns.metric, columns.distinct_on), order_by=(columns.occurred_at, columns.key)
    )
    once = case((and_(columns.distinct_on.is_not(None), nth > 1), 0), else_=columns.quantity)
    return select(
        columns.metric,
        columns.entry,
        columns.key,
        columns.line,
        columns.unit,
        columns.qualifier,
        columns.occurred_at,
        _VISIBLE.label("visible"),
        once.label("share"),
        or_(columns.latest_of.is_(None), latest == 1).label("counts"),
    ).where(*conditions)


async def _sums(picture: Picture, asked: Filtered) -> dict[str, dict[str, Sum]]:
    counted = _counted(picture, asked).subquery().c
    query = (
        select(
            counted.metric,
            counted.unit,
            counted.qualifier,
            func.sum(counted.share).label("total"),
            func.count().filter(counted.share.is_(None)).label("not_stated"),
            func.count().filter(counted.share.is_not(None)).label("stated"),
        )
        .where(counted.counts)
        .group_by(counted.metric, counted.unit, counted.qualifier)
    )
    sums: dict[str, dict[str, Sum]] = defaultdict(dict)
    for row in await picture.rows(query):
        found = sums[row["metric"]].setdefault(row["unit"], Sum(row["unit"]))
        found.not_stated += row["not_stated"]
        if row["stated"]:
            found.by_qualifier[row["qualifier"]] += row["total"]
    return sums


def _figure(picture: Picture, known: Metric, sums: dict[str, dict[str, Sum]]) -> dict[str, Any]:
    by_unit = sums.get(known.name, {})
    stated = [found for found in by_unit.values() if found.by_qualifier]
    # A total exists only within one unit: kilograms and tablets are never added.
    total = (stated[0] if len(stated) == 1 else Sum(known.unit)) if len(stated) < 2 else None
    not_stated = sum(found.not_stated for found in by_unit.values())
    if total is not None:
        total = Sum(total.unit, total.by_qualifier, not_stated)
    reported = total.quantity() if total else {"value": None, "qualifier": "not_stated"}
    parts = sorted(name for name in sums if _part_of(name) == known.name)
    return {
        "metric": known.name,
        "title": known.title,
        "unit": total.unit if total else known.unit,
        "moment": picture.moment.said(),
        "reported": reported,
        "deduplicated": reported,
        "validated": None,
        "released": [],
        "disputed": [],
        "duplicates_pending": 0,
        "part_of": known.part_of,
        "parts": parts,
        "unattributed": _unattributed(known, reported["value"], parts, sums),
        "not_stated": not_stated,
        "events": f"/v1/operations/{picture.viewer.operation}/figures/{known.name}/events",
    }


def _unattributed(known: Metric, total: Any, parts: list[str], sums: dict[str, dict[str, Sum]]) -> Any:
    """What of the total is in none of its categories: never scaled, never hidden."""
    if not known.by_category or total is None:
        return 0
    attributed = [sum(one.by_qualifier.values()) for part in parts for one in sums[part].values()]
    return _number(Decimal(total) - sum(attributed, Decimal()))


def _part_of(name: str) -> str | None:
    known = metric_or_none(name)
    return known.part_of if known else None


def _mixed(qualifiers: set[str]) -> str:
    """The qualifier of a sum: kept when all are alike; otherwise over, under, or about for both sorts."""
    if len(qualifiers) == 1:
        return next(iter(qualifiers))
    if "about" in qualifiers:
        return "about"
    above, below = qualifiers & {"over", "at_least"}, qualifiers & {"almost", "under"}
    if above and below:
        return "about"
    return "over" if above else "under"


def _line(row: dict[str, Any]) -> dict[str, Any]:
    contribution = {"value": _number(row["share"]), "unit": row["unit"], "qualifier": row["qualifier"]}
    if not row["visible"]:
        return {
            "entry": None,
            "agency": None,
            "occurred": None,
            "headline": "restricted",
            "contribution": contribution,
        }
    return {
        "entry": row["entry"],
        "agency": row["agency"],
        "occurred": row["occurred_at"],
        "headline": row["headline"],
        "contribution": contribution,
    }


def _number(value: Decimal | None) -> int | Decimal | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else value.normalize()


def _order(name: str) -> tuple[int, str]:
    return _ORDER.get(name, len(_ORDER)), name


_ORDER = {name: index for index, name in enumerate(METRICS)}
