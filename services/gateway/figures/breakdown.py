"""Breakdowns: a figure by phase, country, day and the like; its parts, and what is left, sum to it."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from schemas.metrics import Metric, adds_alone
from services.gateway.figures.cells import Group, Key, cells
from services.gateway.figures.questions import By, Figure, address
from services.gateway.figures.small_numbers import Withheld
from services.gateway.figures.statements import Statements, statements_by_part
from services.gateway.figures.sums import Counts
from services.gateway.picture import Picture
from services.shared.tables import facts, things


async def breakdown(
    picture: Picture, known: Metric, asked: Figure, counted: Counts, *, hushed: Withheld, path: str
) -> dict[str, Any]:
    """The parts, what is attributed to none, and what is hidden and only counts: together the figure."""
    zone = await _time_zone(picture)
    of = [facts.c.metric == known.name]
    rows = await cells(
        picture, asked, *asked.by, of=of, zone=zone, dropped=counted.dropped, alone=adds_alone(known.name)
    )
    groups: defaultdict[Key, Group] = defaultdict(Group)
    nowhere, hidden, kept_back = Group(), _whole(known, counted), Group()
    small = set()
    for row in rows:
        hidden.take(row, sign=-1)
        key = tuple(row[f"by_{by}"] for by in asked.by)
        if hushed.part(asked.by, key):
            small.add(key)
            kept_back.take(row)
        else:
            (nowhere if None in key else groups[key]).take(row)
    stated: defaultdict[str, Statements] = defaultdict(Statements)
    if len(asked.by) == 1:
        stated = await statements_by_part(picture, asked, name=known.name, part=asked.by[0])
    items = [_item(known, asked, key, groups[key], stated, zone, path) for key in sorted(groups, key=str)]
    found: dict[str, Any] = {"by": asked.by, "time_zone": zone.key, "items": items}
    found["unattributed"] = {**nowhere.told(known), "events": _remainder(asked, path)}
    found["restricted"] = hidden.told(known)
    if small:
        found["withheld"] = {"parts": len(small), **kept_back.told(known)}
    return found


def _whole(known: Metric, counted: Counts) -> Group:
    """What the parts are taken from, until only what is hidden is left."""
    whole = Group()
    for sums, into in ((counted.reported, whole.reported), (counted.deduplicated, whole.deduplicated)):
        into.add_all(sums[known.name])
    return whole


def _item(
    known: Metric,
    asked: Figure,
    key: Key,
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
