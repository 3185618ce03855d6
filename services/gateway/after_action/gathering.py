"""What the report says, gathered from the views, so that no number in it is counted in a way of its own."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Numeric, cast, func, or_, select

from schemas.event import REGISTER
from services.gateway.after_action.log_range import log_range
from services.gateway.asked import Filtered, Reading
from services.gateway.figures.figure import all_figures
from services.gateway.handling import Stamp, stamp_of_all
from services.gateway.picture import Picture
from services.gateway.views.funnel import funnel
from services.gateway.views.latency import LatencyAsked, latency
from services.gateway.views.silence import SilenceAsked, silence
from services.gateway.views.timeline import timeline_counts
from services.gateway.vocabulary import RETRACTED
from services.shared.tables import things, timeline

MOST_LINES = 200
_TOLD = ("operation.%", "phase.%", "incident.%", "thb_case.%", "notice.%", "investigation.%", "alert.%", "sitrep.%")
"""What the course of an operation is told by; each record by itself is in the figures' drill-downs."""
_CORRECTING = ("record.%", "figure.%", "duplicate.%")


@dataclass(frozen=True, slots=True)
class AfterAction:
    """All that the pages show. Times are those of the log; the pages show them in the operation's time zone."""

    operation: str
    name: str
    detail: dict[str, Any]
    state: str
    time_zone: str
    moment: dict[str, Any]
    viewer: str
    participants: list[dict[str, Any]]
    figures: list[dict[str, Any]]
    by_day: dict[str, int]
    by_country: dict[str, int]
    places: list[dict[str, Any]]
    course: list[dict[str, Any]]
    told: int
    """How many lines the course would have, were it not cut."""
    funnel: list[dict[str, Any]]
    latency: list[dict[str, Any]]
    corrections: list[dict[str, Any]]
    corrected: int
    log: dict[str, Any]
    stamp: Stamp


async def gathered(picture: Picture, asked: Reading) -> AfterAction | None:
    """The report at the picture's moment; None where the operation itself is not seen then."""
    opened = await _operation(picture)
    if opened is None:
        return None
    whole = Filtered(at=asked.at)
    counts = await timeline_counts(picture, whole)
    course, told = await _lines(picture, _TOLD)
    corrections, corrected = await _lines(picture, _CORRECTING)
    stamp = await stamp_of_all(picture)
    return AfterAction(
        operation=picture.viewer.operation,
        name=opened["detail"]["name"],
        detail=opened["detail"],
        state=opened["state"],
        time_zone=picture.viewer.time_zone,
        moment=picture.moment.said(),
        viewer=picture.viewer.agency,
        participants=(await silence(picture, SilenceAsked(at=asked.at)))["items"],
        figures=[figure for figure in await all_figures(picture, whole) if _is_told(figure)],
        by_day=counts["by_day"],
        by_country=counts["by_country"],
        places=await _places(picture),
        course=course,
        told=told,
        funnel=(await funnel(picture, whole))["items"],
        latency=(await latency(picture, LatencyAsked(at=asked.at)))["items"],
        corrections=corrections,
        corrected=corrected,
        log=await log_range(picture),
        stamp=stamp,
    )


async def _operation(picture: Picture) -> dict[str, Any] | None:
    columns = things.c
    query = select(columns.state, columns.detail).where(picture.true_then(things), columns.kind == "operation")
    found = await picture.rows(query)
    return found[0] if found else None


def _is_told(figure: dict[str, Any]) -> bool:
    """Whether anybody said anything of it; a catalogue of zeros hides what happened."""
    counted = figure["reported"]["value"] != 0 or figure["deduplicated"]["value"] != 0
    return counted or bool(figure["validations"] or figure["released"] or figure["disputed"])


async def _lines(picture: Picture, types: tuple[str, ...]) -> tuple[list[dict[str, Any]], int]:
    """The first lines of these types in the order of what happened, and how many there are."""
    columns = timeline.c
    chosen = [_happened(picture), or_(*(columns.type.like(pattern) for pattern in types))]
    (counted,) = await picture.rows(select(func.count().label("lines")).where(*chosen))
    shown = (columns.occurred_at, columns.recorded_at, columns.type, columns.headline, columns.agency)
    query = select(*shown, columns.country, columns.state).where(*chosen)
    rows = await picture.rows(query.order_by(columns.occurred_at, columns.key).limit(MOST_LINES))
    return [{**row, "title": REGISTER[row["type"]].title} for row in rows], counted["lines"]


async def _places(picture: Picture) -> list[dict[str, Any]]:
    """Where records lie, as coarse as the map shows it, most records first."""
    columns = timeline.c
    longitude = func.round(cast(columns.longitude, Numeric), 2).label("longitude")
    latitude = func.round(cast(columns.latitude, Numeric), 2).label("latitude")
    query = (
        select(longitude, latitude, func.count().label("records"))
        .where(_happened(picture), columns.key == columns.thing, columns.state != RETRACTED)
        .where(columns.latitude.is_not(None), columns.longitude.is_not(None))
        .group_by("longitude", "latitude")
        .order_by(func.count().desc(), "longitude", "latitude")
    )
    return await picture.rows(query)


def _happened(picture: Picture) -> ColumnElement[bool]:
    condition = picture.true_then(timeline)
    if picture.moment.at is not None:
        condition = condition & (timeline.c.occurred_at <= picture.moment.at)
    return condition
