"""The board of trafficking cases: what is suspected, how many victims, what was done for them, who answers now."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from services.gateway import view
from services.gateway.asked import Filtered, Sorted
from services.gateway.pages import Page
from services.gateway.picture import Picture
from services.gateway.shapes.records import Case, RecordCounts
from services.gateway.shapes.words import Listed
from services.gateway.ties import ties_to
from services.gateway.views.things import COUNTS_EXAMPLE, EXAMPLE, counts, one_thing, things_by_id, things_page

_MEASURE = {
    "thing": "8c0f3a52-6d0e-5a51-9b7e-2f6f5a9d1c11",
    "agency": "BA",
    "measure": "shelter",
    "count": 1,
    "minors": 1,
    "occurred_at": "2022-06-25T09:00:00Z",
}
_EXAMPLE = {
    **EXAMPLE,
    "kind": "case",
    "state": "suspected",
    "category": None,
    "headline": "Trafficking case (suspected): labour; 1 minor",
    "detail": {"exploitation_form": "labour", "status": "suspected", "victims": {"minors": 1}},
    "measures": [_MEASURE],
    "responsible": "BA",
}


@view.pages("cases", summary="The board of trafficking cases", shape=Listed[Case], asked=Sorted, example=_EXAMPLE)
async def cases(picture: Picture, asked: Sorted) -> Page:
    """Cases of trafficking in human beings, with what was done for the victims and who is responsible now.

    Responsible is who reported the last measure; before any measure, who reported the case. Numbers of victims are the
    case's own: safeguarded victims are counted apart, and never added to them.
    """
    found = await things_page(picture, asked, name="cases", kind="case")
    return Page(await _with_measures(picture, found.rows), found.next)


@view.document(
    "cases/counts", summary="Trafficking cases, counted", shape=RecordCounts, asked=Filtered, example=COUNTS_EXAMPLE
)
async def counted(picture: Picture, asked: Filtered) -> dict[str, Any]:
    """How many cases are suspected, confirmed or refuted: records, never victims."""
    return await counts(picture, asked, kind="case")


@view.thing("cases/{thing}", summary="One case, by the entry that reported it", shape=Case, example=_EXAMPLE)
async def case(picture: Picture, thing: UUID) -> dict[str, Any] | None:
    """One case, with what was done for its victims."""
    found = await one_thing(picture, thing, kind="case")
    return (await _with_measures(picture, [found]))[0] if found else None


async def _with_measures(picture: Picture, cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    of_case: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    ties = await ties_to(picture, [case["thing"] for case in cases], "case")
    taken = await things_by_id(picture, [tie.thing for tie in ties])
    for tie in ties:
        if tie.thing in taken:
            of_case[tie.target].append(_measure(taken[tie.thing]))
    return [_shown(case, sorted(of_case[case["thing"]], key=lambda one: one["occurred_at"])) for case in cases]


def _shown(case: dict[str, Any], measures: list[dict[str, Any]]) -> dict[str, Any]:
    responsible = measures[-1]["agency"] if measures else case["agency"]
    return {**case, "measures": measures, "responsible": responsible}


def _measure(victim: dict[str, Any]) -> dict[str, Any]:
    detail = victim["detail"]
    return {
        "thing": victim["thing"],
        "agency": victim["agency"],
        "measure": detail["measure"],
        "count": detail["count"],
        "minors": detail.get("minors"),
        "occurred_at": victim["occurred_at"],
    }
