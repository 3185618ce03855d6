"""The hits board: raised, verified, acted upon; for whom each hit waits, and how long already."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import ColumnElement, DateTime, Interval, and_, case, func, literal, null, select

from schemas.codes import INTERPOL_DATABASES
from schemas.events.hit import Database
from services.gateway import view
from services.gateway.asked import Filtered, Sorted
from services.gateway.clocks import CLOCK_EXAMPLE, clock, recorded, step
from services.gateway.course import state_at
from services.gateway.pages import Page, narrowed
from services.gateway.picture import Picture
from services.gateway.shapes.records import Hit, HitCounts
from services.gateway.shapes.words import Listed
from services.gateway.views.things import EXAMPLE, of_kind, one_thing, things_page
from services.shared.tables import things

_DATABASE = things.c.detail["database"].astext
_WAITING = "raised"


class _OfHits(Filtered):
    database: Annotated[list[Database], Field(max_length=20)] = Field(default=[], description="Where the record is.")
    interpol_hours: Annotated[float, Field(gt=0, le=720)] = Field(
        24, description="The target for verifying hits in INTERPOL's databases; for SIS the law says 12 hours."
    )
    overdue: bool = Field(False, description="Only hits that wait for verification longer than they may.")


class HitsAsked(_OfHits, Sorted):
    """Hits by database, and those that wait too long."""


class HitsCounted(_OfHits):
    """The same filters, for counts."""


_EXAMPLE = {
    **EXAMPLE,
    "kind": "hit",
    "state": "raised",
    "category": None,
    "headline": "Hit in SIS: document, record of IT",
    "detail": {"database": "SIS", "object": "document", "query_route": "online", "record_owner_country": "IT"},
    "authority": ["IT"],
    "waits_for": ["IT"],
    "age_seconds": 9000,
    "verified": None,
    "actioned": None,
    "clock": CLOCK_EXAMPLE,
}


@view.pages("hits", summary="The hits board", shape=Listed[Hit], asked=HitsAsked, example=_EXAMPLE)
async def hits(picture: Picture, asked: HitsAsked) -> Page:
    """Hits with who verifies them, for whom they wait, their age, and the clock of the verification.

    It runs from the hit's recording: 12 hours for SIS (Regulation (EU) 2018/1862), `interpol_hours` for INTERPOL.
    """
    found = await things_page(
        picture, asked, *_conditions(picture, asked), name="hits", kind="hit", only_waiting=asked.overdue
    )
    return Page([_shown(picture, item, asked.interpol_hours) for item in found.rows], found.next)


@view.thing("hits/{thing}", summary="One hit, by the entry that raised it", shape=Hit, example=_EXAMPLE)
async def hit(picture: Picture, thing: UUID) -> dict[str, Any] | None:
    """One hit, with its clock."""
    found = await one_thing(picture, thing, kind="hit")
    return _shown(picture, found, _OfHits().interpol_hours) if found else None


@view.document(
    "hits/counts",
    summary="Hits by state and database",
    shape=HitCounts,
    asked=HitsCounted,
    example={
        "total": 3,
        "by_state": {"raised": 2, "confirmed": 1},
        "by_database": {"SIS": {"raised": 2}, "Nominals": {"confirmed": 1}},
        "overdue": 1,
        "oldest_waiting": "2022-06-24T10:05:00Z",
    },
)
async def counts(picture: Picture, asked: HitsCounted) -> dict[str, Any]:
    """How many hits there are, by state and by database, how many wait too long, and since when the oldest waits."""
    state = state_at(asked.at)
    query = (
        select(
            _DATABASE.label("database"),
            state.label("stood"),
            func.count().label("hits"),
            func.count().filter(_overdue(picture, asked)).label("overdue"),
            func.min(things.c.recorded_at).filter(state == _WAITING).label("oldest"),
        )
        .where(
            picture.true_then(things),
            *of_kind(picture, asked, "hit"),
            *narrowed(things, asked, state=state),
            *_conditions(picture, asked),
        )
        .group_by("database", "stood")
        .order_by("database", "stood")
    )
    by_state: dict[str, int] = {}
    by_database: dict[str, dict[str, int]] = {}
    rows = await picture.rows(query)
    for row in rows:
        by_state[row["stood"]] = by_state.get(row["stood"], 0) + row["hits"]
        by_database.setdefault(row["database"], {})[row["stood"]] = row["hits"]
    return {
        "total": sum(by_state.values()),
        "by_state": by_state,
        "by_database": by_database,
        "overdue": sum(row["overdue"] for row in rows),
        "oldest_waiting": min((row["oldest"] for row in rows if row["oldest"]), default=None),
    }


def _conditions(picture: Picture, asked: _OfHits) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if asked.database:
        conditions.append(_DATABASE.in_(asked.database))
    if asked.overdue:
        conditions.append(_overdue(picture, asked))
    return conditions


def _overdue(picture: Picture, asked: _OfHits) -> ColumnElement[bool]:
    target = literal(timedelta(hours=asked.interpol_hours), Interval)
    due = case(
        (things.c.due_at.is_not(None), things.c.due_at),
        (_DATABASE.in_(INTERPOL_DATABASES), things.c.recorded_at + target),
        else_=null().cast(DateTime(timezone=True)),
    )
    late = due < picture.moment.clock
    return and_(~things.c.imported, late, state_at(asked.at) == _WAITING)


def _shown(picture: Picture, item: dict[str, Any], interpol_hours: float) -> dict[str, Any]:
    verified, actioned = step(item, "verified"), step(item, "actioned")
    database, now = item["detail"]["database"], picture.moment.clock
    due_at = item["due_at"]
    if due_at is None and database in INTERPOL_DATABASES:
        due_at = item["recorded_at"] + timedelta(hours=interpol_hours)
    authority = _authority(item["detail"])
    running = clock(item["recorded_at"], due_at=due_at, stopped_at=recorded([verified, actioned]), now=now)
    return {
        **item,
        "authority": authority,
        "waits_for": _waits_for(item, authority, verified=verified),
        "age_seconds": max(0, int((now - item["occurred_at"]).total_seconds())),
        "verified": verified,
        "actioned": actioned,
        # What was brought in afterwards says nothing of how fast anybody was.
        "clock": None if item["imported"] else running,
    }


def _authority(detail: dict[str, Any]) -> list[str]:
    """Who says whether the hit holds: an agency, or any body of a country."""
    if detail["database"] in INTERPOL_DATABASES:
        return ["INTERPOL"]
    return ["EUROPOL"] if detail["database"] == "EIS" else [detail["record_owner_country"]]


def _waits_for(item: dict[str, Any], authority: list[str], *, verified: dict[str, Any] | None) -> list[str]:
    """Whose turn it is: the record's authority; once it holds, who raised it; nobody when it is done."""
    if item["state"] == "raised":
        return authority
    return [item["agency"]] if item["state"] in ("confirmed", "undetermined") and verified else []
