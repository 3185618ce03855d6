"""The queue of cross-checks: asked, taken up, answered or declined, and how fast."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, tuple_

from schemas.vocabulary import AgencyCode, Urgency
from services.gateway import view
from services.gateway.asked import Filtered, Sorted
from services.gateway.clocks import CLOCK_EXAMPLE, clock, recorded, step
from services.gateway.course import last_outcome, recorded_step, state_at
from services.gateway.pages import Page, narrowed
from services.gateway.picture import Picture
from services.gateway.shapes.records import CheckCounts, CrossCheck
from services.gateway.shapes.words import Listed
from services.gateway.views.things import EXAMPLE, of_kind, one_thing, things_page
from services.gateway.vocabulary import WAITING
from services.shared.tables import links, things

_TARGET = things.c.detail["target"].astext
_ANSWERS = ("resulted", "declined")
_OPEN = WAITING["check"]
_Pair = tuple[str, str]
"""Requester and target."""


class _OfChecks(Filtered):
    target: Annotated[list[AgencyCode], Field(max_length=20)] = Field(default=[], description="Asked of.")
    urgency: Annotated[list[Urgency], Field(max_length=3)] = Field(default=[])


class ChecksAsked(_OfChecks, Sorted):
    """Cross-checks by whom they are asked of."""


class ChecksCounted(_OfChecks):
    """The same filters, for counts."""


_EXAMPLE = {
    **EXAMPLE,
    "kind": "check",
    "state": "acknowledged",
    "category": None,
    "headline": "Cross-check asked of EUROPOL: person, urgent",
    "detail": {"target": "EUROPOL", "subject_kind": "person", "urgency": "urgent", "result": None, "declined": None},
    "waits_for": ["EUROPOL"],
    "clock": CLOCK_EXAMPLE | {"due_at": None, "state": "waiting"},
    "raised": 0,
}


@view.pages(
    "crosschecks", summary="The queue of cross-checks", shape=Listed[CrossCheck], asked=ChecksAsked, example=_EXAMPLE
)
async def crosschecks(picture: Picture, asked: ChecksAsked) -> Page:
    """Cross-checks, with for whom they wait and how long, or how long the answer took."""
    found = await things_page(picture, asked, *_conditions(asked), name="crosschecks", kind="check")
    raised = await _raised(picture, [item["thing"] for item in found.rows])
    return Page([_shown(picture, item, raised) for item in found.rows], found.next)


@view.thing(
    "crosschecks/{thing}", summary="One cross-check, by the entry that asked for it", shape=CrossCheck, example=_EXAMPLE
)
async def crosscheck(picture: Picture, thing: UUID) -> dict[str, Any] | None:
    """One cross-check, with its clock."""
    found = await one_thing(picture, thing, kind="check")
    return _shown(picture, found, await _raised(picture, [thing])) if found else None


@view.document(
    "crosschecks/counts",
    summary="Cross-checks by requester and target, with turnaround",
    shape=CheckCounts,
    asked=ChecksCounted,
    example={
        "total": 5,
        "by_state": {"requested": 1, "resulted": 4},
        "lines": [
            {
                "requester": "BA",
                "target": "EUROPOL",
                "total": 5,
                "open": 1,
                "answered": 4,
                "declined": 0,
                "with_hits": 1,
                "median_seconds": 5400,
                "slowest_seconds": 9000,
                "busiest_hour": 3,
            }
        ],
    },
)
async def counts(picture: Picture, asked: ChecksCounted) -> dict[str, Any]:
    """Open, answered and declined cross-checks by requester and target; how many brought hits; the median turnaround.

    `busiest_hour` is the most that was asked within one hour of the clock: who asks about everybody is seen by it.

    Turnaround runs from when the request was recorded to when its answer was; imported history is left out of it.
    """
    rows = await picture.rows(_counted(picture, asked))
    by_state: dict[str, int] = {}
    of_pair: dict[_Pair, dict[str, int]] = {}
    for row in rows:
        if not row["is_sum"]:
            by_state[row["stood"]] = by_state.get(row["stood"], 0) + row["total"]
            of_pair.setdefault((row["requester"], row["target"]), {})[row["stood"]] = row["total"]
    lines = [_line(row, of_pair) for row in rows if row["is_sum"]]
    return {"total": sum(by_state.values()), "by_state": by_state, "lines": lines}


def _counted(picture: Picture, asked: ChecksCounted) -> Select[Any]:
    """Sums by requester and target, and of each by state; beside each the most that was asked within one hour."""
    state = state_at(asked.at)
    answered_at = recorded_step(*_ANSWERS, at=asked.at)
    asked_for = (
        select(
            things.c.agency.label("requester"),
            _TARGET.label("target"),
            state.label("stood"),
            last_outcome("resulted", at=asked.at).label("outcome"),
            case((~things.c.imported, func.date_part("epoch", answered_at - things.c.recorded_at))).label("took"),
            func.date_trunc("hour", things.c.recorded_at).label("hour"),
        )
        .where(
            picture.true_then(things),
            *of_kind(picture, asked, "check"),
            *narrowed(things, asked, state=state),
            *_conditions(asked),
        )
        .cte("asked_for")
        .prefix_with("materialized")  # worked out once, and not for each number anew
    )
    line = asked_for.c
    pair = (line.requester, line.target)
    hours = select(*pair, func.count().label("asked")).group_by(*pair, line.hour).subquery().c
    busiest = select(hours.requester, hours.target, func.max(hours.asked).label("busiest_hour"))
    most = busiest.group_by(hours.requester, hours.target).subquery().c
    sums = (
        select(
            *pair,
            line.stood,
            func.grouping(line.stood).label("is_sum"),
            func.count().label("total"),
            func.count().filter(line.outcome.in_(("hit", "partial"))).label("with_hits"),
            func.percentile_cont(0.5).within_group(line.took).label("median"),
            func.max(line.took).label("slowest"),
        )
        .group_by(func.grouping_sets(tuple_(*pair, line.stood), tuple_(*pair)))
        .subquery()
        .c
    )
    of_pair = and_(most.requester == sums.requester, most.target == sums.target)
    query = select(*sums, most.busiest_hour).where(of_pair)
    return query.order_by(sums.requester, sums.target, sums.stood)


def _line(row: dict[str, Any], of_pair: dict[_Pair, dict[str, int]]) -> dict[str, Any]:
    pair = (row["requester"], row["target"])
    states = of_pair[pair]
    return {
        "requester": row["requester"],
        "target": row["target"],
        "total": row["total"],
        "open": sum(states.get(state, 0) for state in _OPEN),
        "answered": states.get("resulted", 0),
        "declined": states.get("declined", 0),
        "with_hits": row["with_hits"],
        "median_seconds": _whole(row["median"]),
        "slowest_seconds": _whole(row["slowest"]),
        "busiest_hour": row["busiest_hour"],
    }


def _whole(seconds: Decimal | float | None) -> int | None:
    return None if seconds is None else round(seconds)


def _conditions(asked: _OfChecks) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if asked.target:
        conditions.append(_TARGET.in_(asked.target))
    if asked.urgency:
        conditions.append(or_(*(things.c.detail["urgency"].astext == urgency for urgency in asked.urgency)))
    return conditions


async def _raised(picture: Picture, checks: Collection[UUID]) -> dict[UUID, int]:
    """How many hits on each check the viewer sees, those that were taken back left out.

    An answer counts what all who see the check may know of; who sees further records has their hits beside it.
    """
    of_hit = and_(things.c.operation == links.c.operation, things.c.key == links.c.thing)
    conditions = [
        picture.true_then(links),
        picture.true_then(things),
        links.c.rel == "result_of",
        links.c.target.in_(checks),
        things.c.kind == "hit",
    ]
    if picture.moment.at is not None:
        conditions.append(things.c.occurred_at <= picture.moment.at)
    query = select(links.c.target, func.count().label("raised")).join(things, of_hit).where(*conditions)
    return {row["target"]: row["raised"] for row in await picture.rows(query.group_by(links.c.target))}


def _shown(picture: Picture, item: dict[str, Any], raised: Mapping[UUID, int]) -> dict[str, Any]:
    answer = step(item, *_ANSWERS)
    running = clock(item["recorded_at"], due_at=None, stopped_at=recorded([answer]), now=picture.moment.clock)
    waits_for = [item["detail"]["target"]] if item["state"] in _OPEN else []
    return {
        **item,
        "waits_for": waits_for,
        "clock": None if item["imported"] else running,
        "raised": raised.get(item["thing"], 0),
    }
