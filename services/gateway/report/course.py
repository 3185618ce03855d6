"""What a report tells of the course: the lines that matter in review, what was put right, and where it happened."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from services.gateway.picture import Picture
from services.gateway.views.things import things_by_id
from services.gateway.vocabulary import RETRACTED
from services.shared.tables import timeline

MOST_LINES = 500
_ROUTINE = (
    "border_check.%",
    "cross_check.%",
    "deployment.%",
    "desk.%",
    "duplicate.%",
    "goods.%",
    "handling.%",
    "hit.raised.%",
    "information.%",
    "irregular_migration.%",
    "message.%",
    "nil_report.%",
    "participant.%",
    "permission.%",
    "record.%",
    "refusal.%",
    "sitrep.%",
)
"""What comes every day and is told by numbers, or by a chapter of its own."""
_PUT_RIGHT = ("record.corrected.%", "record.retracted.%", "handling.changed.%", "duplicate.%", "figure.disputed.%")
_TOLD = ("key", "thing", "type", "headline", "state", "agency", "country", "place", "occurred_at", "recorded_at")


@dataclass(frozen=True, slots=True)
class Course:
    """Lines, oldest first, and how many more there are."""

    lines: list[dict[str, Any]]
    is_whole: bool


async def course(picture: Picture) -> Course:
    """By the time of the fact. What was retracted is told among the corrections."""
    routine = or_(*(timeline.c.type.like(pattern) for pattern in _ROUTINE))
    found = await _lines(picture, ~routine, timeline.c.state != RETRACTED, by=timeline.c.occurred_at)
    return Course(found[:MOST_LINES], len(found) <= MOST_LINES)


async def corrections(picture: Picture) -> Course:
    """What was put right, in the order in which it came to be known, with what it is about."""
    put_right = or_(*(timeline.c.type.like(pattern) for pattern in _PUT_RIGHT))
    found = await _lines(picture, put_right, by=timeline.c.recorded_at)
    about = await things_by_id(picture, {line["thing"] for line in found})
    told = [{**line, "about": _headline(about, line["thing"])} for line in found[:MOST_LINES]]
    return Course(told, len(found) <= MOST_LINES)


async def places(picture: Picture) -> list[tuple[float, float]]:
    """Longitude and latitude of all that has them and was not retracted."""
    columns = timeline.c
    query = select(columns.longitude, columns.latitude).where(
        picture.true_then(timeline),
        columns.longitude.is_not(None),
        columns.latitude.is_not(None),
        columns.state != RETRACTED,
        *_happened(picture),
    )
    return sorted((row["longitude"], row["latitude"]) for row in await picture.rows(query))


async def handling_codes(picture: Picture) -> list[str]:
    """The handling codes of all that the report rests on."""
    query = select(timeline.c.handling).where(picture.true_then(timeline), *_happened(picture)).distinct()
    return sorted({code for row in await picture.rows(query) for code in row["handling"]}) or ["H0"]


def _headline(things: dict[Any, dict[str, Any]], thing: Any) -> str:
    return things[thing]["headline"] if thing in things else ""


async def _lines(picture: Picture, *conditions: ColumnElement[bool], by: ColumnElement[Any]) -> list[dict[str, Any]]:
    columns: Collection[Any] = [timeline.c[name] for name in _TOLD]
    query = select(*columns).where(picture.true_then(timeline), *conditions, *_happened(picture))
    return await picture.rows(query.order_by(by, timeline.c.key).limit(MOST_LINES + 1))


def _happened(picture: Picture) -> list[ColumnElement[bool]]:
    at = picture.moment.at
    return [] if at is None else [timeline.c.occurred_at <= at]
