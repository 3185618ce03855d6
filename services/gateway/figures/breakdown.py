"""Breakdowns: a figure by phase, country, day and the like; its parts, and what is left, sum to it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select

from schemas.metrics import Metric
from services.gateway.figures.amounts import Sums
from services.gateway.figures.counted import Counted, stood_for, visible
from services.gateway.figures.questions import By, Figure, address
from services.gateway.figures.small_numbers import too_small
from services.gateway.figures.statements import Statements, statements_by_part
from services.gateway.figures.sums import Counts, added_up
from services.gateway.picture import Picture
from services.shared.tables import facts, things

_Key = tuple[Any, ...]
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


async def breakdown(picture: Picture, known: Metric, asked: Figure, counted: Counts, *, path: str) -> dict[str, Any]:
    """The parts, what is attributed to none, and what is hidden and only counts: together the figure."""
    zone = await _time_zone(picture)
    rows = await _rows(picture, known, asked, counted, zone=zone)
    groups: defaultdict[_Key, Group] = defaultdict(Group)
    nowhere, hidden = Group(), _whole(known, counted)
    for row in rows:
        hidden.take(row, sign=-1)
        key = tuple(row[f"by_{by}"] for by in asked.by)
        (nowhere if None in key else groups[key]).take(row)
    withheld = Group()
    small = too_small(known, asked.by, {key: group.deduplicated for key, group in groups.items()})
    for key in small:
        del groups[key]
    for row in rows:
        if tuple(row[f"by_{by}"] for by in asked.by) in small:
            withheld.take(row)
    stated: defaultdict[str, Statements] = defaultdict(Statements)
    if len(asked.by) == 1:
        stated = await statements_by_part(picture, asked, name=known.name, part=asked.by[0])
    items = [_item(known, asked, key, groups[key], stated, zone, path) for key in sorted(groups, key=str)]
    found: dict[str, Any] = {"by": asked.by, "time_zone": zone.key, "items": items}
    found["unattributed"] = {**nowhere.told(known), "events": _remainder(asked, path)}
    found["restricted"] = hidden.told(known)
    if small:
        found["withheld"] = {"parts": len(small), **withheld.told(known)}
    return found


async def _rows(
    picture: Picture, known: Metric, asked: Figure, counted: Counts, *, zone: ZoneInfo
) -> list[dict[str, Any]]:
    columns = [_column(by).label(f"by_{by}") for by in asked.by]
    if counted.dropped:
        columns.append(stood_for(counted.dropped).label("stood_for"))
    only = [facts.c.metric == known.name, visible(facts), ~facts.c.credit_only]
    parts = Counted(picture, asked, only=only)
    await picture.group_without_sorting()
    rows = await added_up(picture, parts, *columns)
    if "day" in asked.by:
        return [{**row, "by_day": row["by_day"].astimezone(zone).date()} for row in rows]
    return rows


def _column(by: By) -> ColumnElement[Any]:
    if by == "day":
        # Quarters of an hour are parted by no time zone, and cost less than the day of each of many rows.
        return func.date_bin(timedelta(minutes=15), facts.c.occurred_at, _EPOCH)
    return facts.c.in_scope if by == "scope" else facts.c[by]


def _whole(known: Metric, counted: Counts) -> Group:
    """What the parts are taken from, until only what is hidden is left."""
    whole = Group()
    for sums, into in ((counted.reported, whole.reported), (counted.deduplicated, whole.deduplicated)):
        into.add_all(sums[known.name])
    return whole


def _item(
    known: Metric,
    asked: Figure,
    key: _Key,
    group: Group,
    stated: defaultdict[str, Statements],
    zone: ZoneInfo,
    path: str,
) -> dict[str, Any]:
    named: dict[str, Any] = {by: _named(by, value) for by, value in zip(asked.by, key, strict=True)}
    now = group.deduplicated.quantity(known.unit)
    said = stated[key[0]].told(now, known.unit) if len(key) == 1 and key[0] in stated else None
    picked = {
        name: text for by, value in zip(asked.by, key, strict=True) for name, text in _filter(asked, by, value, zone)
    }
    return {
        **named,
        **group.told(known),
        "validated": said["validated"] if said else None,
        "released": said["released"] if said else [],
        "events": address(path, asked, **picked),
    }


def _named(by: By, value: Any) -> Any:
    if by == "scope":
        return "in" if value else "out"
    return value


def _filter(asked: Figure, by: By, value: Any, zone: ZoneInfo) -> list[tuple[str, str]]:
    """The filters that pick just the lines of a part."""
    if by == "day":
        day: date = value
        begin, end = (datetime.combine(one, time(), zone) for one in (day, day + timedelta(days=1)))
        begin, end = max(begin, asked.from_ or begin), min(end, asked.to or end)
        return [("from", begin.isoformat()), ("to", end.isoformat())]
    if by == "scope":
        return [("scope", "in") if value else ("without", "scope")]
    return [(by, value)]


def _remainder(asked: Figure, path: str) -> str | None:
    """The lines of what is attributed to none; of two attributes at once no filter picks them."""
    by = asked.by[0]
    if len(asked.by) > 1 or by in ("agency", "day", "scope"):
        return None
    return address(path, asked, without=by)


async def _time_zone(picture: Picture) -> ZoneInfo:
    query = select(things.c.detail["window"]["time_zone"].astext.label("zone"))
    (row,) = await picture.rows(query.where(picture.true_then(things), things.c.kind == "operation"))
    return ZoneInfo(row["zone"])
