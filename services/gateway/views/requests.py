"""The inbox of requests for information, with their clocks of eight hours, three days and seven days."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import ColumnElement, and_, func, or_, select

from schemas.vocabulary import AgencyCode
from services.gateway import view
from services.gateway.asked import Filtered, SortedByDue
from services.gateway.clocks import CLOCK_EXAMPLE, clock, recorded
from services.gateway.course import state_at, was_said
from services.gateway.pages import Page, narrowed
from services.gateway.picture import Picture
from services.gateway.shapes.records import Awaited, RequestCounts
from services.gateway.shapes.words import Listed
from services.gateway.views.things import EXAMPLE, of_kind, one_thing, things_page
from services.gateway.vocabulary import WAITING
from services.shared.tables import things

_FINAL = ("answered", "refused")
_OPEN = WAITING["request"]
_TO = things.c.detail["to"]


class _OfRequests(Filtered):
    addressee: Annotated[list[AgencyCode], Field(max_length=20)] = Field(default=[], description="Asked of.")
    waits_for: Annotated[list[AgencyCode], Field(max_length=20)] = Field(
        default=[], description="Asked of, and not answered or refused by."
    )
    overdue: bool = Field(False, description="Only what is still open after it was due.")


class RequestsAsked(_OfRequests, SortedByDue):
    """Requests by whom they wait for, and by when they are due."""


class RequestsCounted(_OfRequests):
    """The same filters, for counts."""


_EXAMPLE = {
    **EXAMPLE,
    "kind": "request",
    "state": "partly_answered",
    "category": None,
    "headline": "Information asked of RS, HU: vehicle owner, 8h",
    "detail": {"to": ["RS", "HU"], "question": "vehicle_owner", "clock": "8h", "answers": []},
    "waits_for": ["HU"],
    "clock": CLOCK_EXAMPLE,
}


@view.pages("requests", summary="The inbox of requests", shape=Listed[Awaited], asked=RequestsAsked, example=_EXAMPLE)
async def requests(picture: Picture, asked: RequestsAsked) -> Page:
    """Requests for information, with who still owes an answer and by when (Directive (EU) 2023/977 Art. 5)."""
    waiting = asked.overdue or bool(asked.waits_for)
    conditions = _conditions(picture, asked)
    found = await things_page(picture, asked, *conditions, name="requests", kind="request", only_waiting=waiting)
    return Page([_shown(picture, item) for item in found.rows], found.next)


@view.thing("requests/{thing}", summary="One request, by the entry that asked", shape=Awaited, example=_EXAMPLE)
async def request(picture: Picture, thing: UUID) -> dict[str, Any] | None:
    """One request, with its clock."""
    found = await one_thing(picture, thing, kind="request")
    return _shown(picture, found) if found else None


@view.document(
    "requests/counts",
    summary="Requests by state and clock",
    shape=RequestCounts,
    asked=RequestsCounted,
    example={
        "total": 2,
        "by_state": {"requested": 1, "answered": 1},
        "by_clock": {"8h": {"requested": 1, "answered": 1}},
        "overdue": 0,
    },
)
async def counts(picture: Picture, asked: RequestsCounted) -> dict[str, Any]:
    """How many requests there are, by state and by clock, and how many are open after they were due."""
    state = state_at(asked.at)
    query = (
        select(
            things.c.detail["clock"].astext.label("by_clock"),
            state.label("stood"),
            func.count().label("requests"),
            func.count().filter(_overdue(picture)).label("overdue"),
        )
        .where(
            picture.true_then(things),
            *of_kind(picture, asked, "request"),
            *narrowed(things, asked, state=state),
            *_conditions(picture, asked),
        )
        .group_by("by_clock", "stood")
        .order_by("by_clock", "stood")
    )
    by_state: dict[str, int] = {}
    by_clock: dict[str, dict[str, int]] = {}
    rows = await picture.rows(query)
    for row in rows:
        by_state[row["stood"]] = by_state.get(row["stood"], 0) + row["requests"]
        by_clock.setdefault(row["by_clock"], {})[row["stood"]] = row["requests"]
    overdue = sum(row["overdue"] for row in rows)
    return {"total": sum(by_state.values()), "by_state": by_state, "by_clock": by_clock, "overdue": overdue}


def _conditions(picture: Picture, asked: _OfRequests) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if asked.addressee:
        conditions.append(or_(*(_TO.has_key(agency) for agency in asked.addressee)))
    if asked.waits_for:
        waiting = [and_(_TO.has_key(agency), ~was_said(_FINAL, by=agency, at=asked.at)) for agency in asked.waits_for]
        conditions.append(or_(*waiting))
    if asked.overdue:
        conditions.append(_overdue(picture))
    return conditions


def _overdue(picture: Picture) -> ColumnElement[bool]:
    open_then = state_at(picture.moment.at).in_(_OPEN)
    return and_(~things.c.imported, things.c.due_at < picture.moment.clock, open_then)


def _shown(picture: Picture, item: dict[str, Any]) -> dict[str, Any]:
    done = [step for step in item["steps"] if step["outcome"] in _FINAL]
    spoken = {step["agency"] for step in done}
    waits_for = [agency for agency in item["detail"]["to"] if agency not in spoken]
    if item["state"] == "retracted":
        waits_for = []
    stopped_at = None if waits_for else recorded(done[-1:])
    running = clock(item["recorded_at"], due_at=item["due_at"], stopped_at=stopped_at, now=picture.moment.clock)
    return {**item, "waits_for": waits_for, "clock": None if item["imported"] else running}
