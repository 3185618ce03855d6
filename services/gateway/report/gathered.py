"""What a report holds: asked of the same views that everybody reads, so that its numbers are theirs."""

from dataclasses import dataclass
from typing import Any

from services.gateway.asked import Filtered
from services.gateway.figures.figure import all_figures, known_metric, numbers_of
from services.gateway.picture import Picture
from services.gateway.report.course import Course, corrections, course, handling_codes, places
from services.gateway.report.log_range import LogRange, log_range
from services.gateway.views.funnel import funnel
from services.gateway.views.latency import LatencyAsked, latency
from services.gateway.views.silence import SilenceAsked, silence
from services.gateway.views.things import operation_seen
from services.gateway.views.timeline import timeline_counts


@dataclass(frozen=True, slots=True)
class Gathered:
    """The chapters, each as its view answers."""

    operation: dict[str, Any]
    figures: list[dict[str, Any]]
    releases: list[dict[str, Any]]
    participants: list[dict[str, Any]]
    funnel: list[dict[str, Any]]
    counts: dict[str, Any]
    course: Course
    corrections: Course
    places: list[tuple[float, float]]
    handling: list[str]
    range: LogRange


async def gathered(picture: Picture) -> Gathered | None:
    """Everything of the picture's moment; None where the viewer sees no operation yet."""
    operation = await operation_seen(picture)
    if operation is None:
        return None
    asked = Filtered(at=picture.moment.at)
    figures = await all_figures(picture, asked)
    return Gathered(
        operation,
        [figure for figure in figures if _says(figure)],
        await _releases(picture, figures),
        await _participants(picture),
        (await funnel(picture, asked))["items"],
        await timeline_counts(picture, asked),
        await course(picture),
        await corrections(picture),
        await places(picture),
        await handling_codes(picture),
        await log_range(picture),
    )


def _says(figure: dict[str, Any]) -> bool:
    """Whether it tells anything: a quantity that was not stated does."""
    return figure["reported"]["value"] != 0 or figure["validated"] or figure["released"] or figure["disputed"]


async def _releases(picture: Picture, figures: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each number that was let out, with what the events said when it was and what they say now."""
    told = []
    for figure in figures:
        for release in figure["released"]:
            then = await picture.known_at(release["recorded_at"])
            known = known_metric(figure["metric"])
            counted = await numbers_of(then, known, Filtered(at=then.moment.at)) if then else None
            told.append(
                {
                    **release,
                    "title": figure["title"],
                    "then": counted and counted["deduplicated"],
                    "now": figure["deduplicated"],
                    "disputed": len(figure["disputed"]),
                }
            )
    return sorted(told, key=lambda one: (one["recorded_at"], one["entry"]))


async def _participants(picture: Picture) -> list[dict[str, Any]]:
    at = picture.moment.at
    heard = (await silence(picture, SilenceAsked(at=at)))["items"]
    took = {line["agency"]: line for line in (await latency(picture, LatencyAsked(at=at)))["items"]}
    nothing = {"reports": 0, "measured": 0, "median_seconds": None, "p90_seconds": None}
    joined = [{**one, **took.get(one["agency"], nothing)} for one in heard]
    return sorted(joined, key=lambda one: (_ROLES.get(one["role"], 9), one["agency"]))


_ROLES = {"lead": 0, "co_lead": 1, "participant": 2, "support": 3, "observer": 4}
