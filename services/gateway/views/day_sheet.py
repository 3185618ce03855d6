"""The day sheet: where the operation stands at the cut-off, and what that is beside yesterday."""

from datetime import date, datetime, timedelta
from datetime import time as clock_time
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field, StringConstraints
from sqlalchemy import and_, func, or_, select

from services.gateway import view
from services.gateway.asked import Filtered, Reading
from services.gateway.course import state_at
from services.gateway.picture import Picture
from services.gateway.problems import Malformed
from services.gateway.reckoned import difference, figures_by_name, stands
from services.gateway.shapes.numbers import DaySheet
from services.gateway.vocabulary import RETRACTED, WAITING
from services.shared.tables import entries, things


class DaySheetAsked(Reading):
    """Which day, and when it ends."""

    day: date | None = Field(None, description="In the operation's time zone; without one, the day of the moment.")
    cut_off: Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")] = Field(
        "00:00", description="When a day ends, in the operation's time zone; 00:00 is the midnight after it."
    )


_EXAMPLE = {
    "day": "2022-06-24",
    "time_zone": "Europe/Vienna",
    "from": "2022-06-24T00:00:00+02:00",
    "to": "2022-06-25T00:00:00+02:00",
    "is_over": True,
    "figures": [
        {
            "metric": "arrests",
            "title": "Arrests",
            "unit": "person",
            "value": {"value": 12, "qualifier": "exact"},
            "yesterday": {"value": 9, "qualifier": "exact"},
            "delta": 3,
        }
    ],
    "recorded": {"arrest.made.v1": 3},
    "late": 1,
    "open": {"hit": 2, "check": 0, "request": 1, "task": 0, "opinion": 0, "seizure": 0},
}


@view.document("daysheet", summary="The day sheet", shape=DaySheet, asked=DaySheetAsked, example=_EXAMPLE)
async def day_sheet(picture: Picture, asked: DaySheetAsked) -> dict[str, Any]:
    """The figures as known at the cut-off, with the difference to yesterday's; what came in since; what is open.

    `late` counts what was recorded on the day and had happened before it. A day that is not over yet ends now.
    """
    zone = ZoneInfo(picture.viewer.time_zone)
    # Days are those of what was known; `at` only leaves out what had not happened.
    known_until = max(picture.moment.as_of, picture.moment.clock)
    day = asked.day or _day_of(known_until.astimezone(zone), asked.cut_off)
    begin, end = _end_of(day - timedelta(days=1), asked.cut_off, zone), _end_of(day, asked.cut_off, zone)
    is_over = end <= known_until
    if begin > known_until:
        raise Malformed("day lies outside the operation's span: it has not begun at the moment that is shown.")
    today = await picture.as_of(end, name="day") if is_over else picture
    yesterday = await picture.known_at(begin)
    # The same question of both, so that a difference is never one of filters.
    narrower = Filtered(at=asked.at)
    now = await figures_by_name(today, narrower)
    before = await figures_by_name(yesterday, narrower) if yesterday else {}
    return {
        "day": day.isoformat(),
        "time_zone": picture.viewer.time_zone,
        "from": begin,
        "to": end if is_over else known_until,
        "is_over": is_over,
        "figures": [_line(now.get(name), before.get(name)) for name in now | before if _moves(now, before, name)],
        **await _recorded(today, after=yesterday.moment.position if yesterday else 0, begin=begin),
        "open": await _open(today),
    }


def _day_of(local: datetime, cut_off: str) -> date:
    """The day that is running; after the cut-off of an evening, the one that begins."""
    if cut_off != "00:00" and local.time() > clock_time.fromisoformat(cut_off):
        return local.date() + timedelta(days=1)
    return local.date()


def _end_of(day: date, cut_off: str, zone: ZoneInfo) -> datetime:
    last = day + timedelta(days=1) if cut_off == "00:00" else day
    return datetime.combine(last, clock_time.fromisoformat(cut_off), zone)


def _moves(now: dict[str, Any], before: dict[str, Any], name: str) -> bool:
    """Whether there is anything to say of a figure."""
    return any(one is not None and one["value"] != 0 for one in (stands(now.get(name)), stands(before.get(name))))


def _line(now: dict[str, Any] | None, before: dict[str, Any] | None) -> dict[str, Any]:
    known = now or before
    assert known is not None
    value, yesterday = stands(now), stands(before)
    same_unit = now is None or before is None or now["unit"] == before["unit"]
    return {
        **{name: known[name] for name in ("metric", "title", "unit")},
        "value": value,
        "yesterday": yesterday,
        "delta": difference(value, yesterday) if same_unit else None,
    }


async def _recorded(picture: Picture, *, after: int, begin: datetime) -> dict[str, Any]:
    columns = entries.c
    query = select(
        columns.type,
        func.count().label("recorded"),
        func.count().filter(columns.occurred_at < begin).label("late"),
    ).where(picture.true_then(entries), columns.since > after)
    if picture.moment.at is not None:
        query = query.where(columns.occurred_at <= picture.moment.at)
    rows = await picture.rows(query.group_by(columns.type).order_by(columns.type))
    return {"recorded": {row["type"]: row["recorded"] for row in rows}, "late": sum(row["late"] for row in rows)}


async def _open(picture: Picture) -> dict[str, int]:
    found = dict.fromkeys(WAITING, 0)
    at = picture.moment.at
    state = state_at(at)
    query = select(things.c.kind, state.label("stood"), func.count().label("waiting")).where(picture.true_then(things))
    if at is None:
        # What waits is soon a small part of what ever waited, and the index of states leads to it.
        query = query.where(or_(*(and_(things.c.kind == kind, things.c.state.in_(WAITING[kind])) for kind in WAITING)))
    else:
        query = query.where(things.c.kind.in_(WAITING), things.c.state != RETRACTED, things.c.occurred_at <= at)
    for row in await picture.rows(query.group_by(things.c.kind, "stood")):
        if row["stood"] in WAITING[row["kind"]]:
            found[row["kind"]] += row["waiting"]
    return found
