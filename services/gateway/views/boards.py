"""Boards with a deadline or an expiry: tasks and alerts."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import ColumnElement, and_, or_

from schemas.vocabulary import AgencyCode, CountryCode
from services.gateway import view
from services.gateway.asked import SortedByDue
from services.gateway.clocks import CLOCK_EXAMPLE, clock, recorded, step
from services.gateway.course import state_at
from services.gateway.pages import Page
from services.gateway.picture import Picture
from services.gateway.shapes.records import Alert, Task
from services.gateway.shapes.words import Listed
from services.gateway.views.things import EXAMPLE, add_counts, one_thing, things_page
from services.shared.tables import things

_TO = things.c.detail["to"]
_AREAS = things.c.detail["areas"]
_ASSIGNED = "assigned"


class TasksAsked(SortedByDue):
    """Tasks by whose they are."""

    assignee: Annotated[list[AgencyCode], Field(max_length=20)] = Field(default=[], description="Given to.")
    overdue: bool = Field(False, description="Only what is not done after it was due.")


class AlertsAsked(SortedByDue):
    """Alerts by where and whether they hold."""

    area: Annotated[list[CountryCode], Field(max_length=60)] = Field(
        default=[], description="That hold there; those without areas hold everywhere."
    )
    in_force: bool = Field(False, description="Only what has not expired.")


_TASK = {
    **EXAMPLE,
    "kind": "task",
    "state": "assigned",
    "category": None,
    "headline": "Task for BA: stop and check the van",
    "detail": {"to": ["BA"], "what": "stop and check the van", "due_at": "2022-06-24T18:00:00Z"},
    "clock": CLOCK_EXAMPLE,
}
_ALERT = {
    **EXAMPLE,
    "kind": "alert",
    "state": "broadcast",
    "category": None,
    "headline": "Warning: vehicle at large (BA)",
    "due_at": "2022-06-25T10:00:00Z",
    "detail": {"level": "warning", "code": "vehicle_at_large", "areas": ["BA"]},
    "in_force": True,
}

add_counts("tasks", "task")
add_counts("alerts", "alert")


@view.pages("tasks", summary="The tasks that the lead gave", shape=Listed[Task], asked=TasksAsked, example=_TASK)
async def tasks(picture: Picture, asked: TasksAsked) -> Page:
    """Tasks, with whether they are done and by when they were due."""
    conditions: list[ColumnElement[bool]] = []
    if asked.assignee:
        conditions.append(or_(*(_TO.has_key(agency) for agency in asked.assignee)))
    if asked.overdue:
        conditions.append(and_(things.c.due_at < picture.moment.clock, state_at(asked.at) == _ASSIGNED))
    found = await things_page(picture, asked, *conditions, name="tasks", kind="task", only_waiting=asked.overdue)
    return Page([_task(picture, item) for item in found.rows], found.next)


@view.thing("tasks/{thing}", summary="One task, by the entry that gave it", shape=Task, example=_TASK)
async def task(picture: Picture, thing: UUID) -> dict[str, Any] | None:
    """One task, with its clock."""
    found = await one_thing(picture, thing, kind="task")
    return _task(picture, found) if found else None


@view.pages("alerts", summary="Alerts to all desks", shape=Listed[Alert], asked=AlertsAsked, example=_ALERT)
async def alerts(picture: Picture, asked: AlertsAsked) -> Page:
    """Alerts, with whether they are in force at the moment that is shown."""
    conditions: list[ColumnElement[bool]] = []
    if asked.area:
        everywhere = or_(_AREAS.is_(None), _AREAS == [])
        conditions.append(or_(everywhere, *(_AREAS.has_key(country) for country in asked.area)))
    if asked.in_force:
        conditions.append(things.c.due_at > picture.moment.clock)
    found = await things_page(picture, asked, *conditions, name="alerts", kind="alert")
    return Page([_alert(picture, item) for item in found.rows], found.next)


@view.thing("alerts/{thing}", summary="One alert, by the entry that broadcast it", shape=Alert, example=_ALERT)
async def alert(picture: Picture, thing: UUID) -> dict[str, Any] | None:
    """One alert, with whether it is in force."""
    found = await one_thing(picture, thing, kind="alert")
    return _alert(picture, found) if found else None


def _task(picture: Picture, item: dict[str, Any]) -> dict[str, Any]:
    done = recorded([step(item, "completed")])
    running = clock(item["recorded_at"], due_at=item["due_at"], stopped_at=done, now=picture.moment.clock)
    return {**item, "clock": running}


def _alert(picture: Picture, item: dict[str, Any]) -> dict[str, Any]:
    holds = item["state"] != "retracted" and item["due_at"] > picture.moment.clock
    return {**item, "in_force": holds}
