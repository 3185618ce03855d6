"""All things, told apart by kind: what they are, how they stand, and their version.

A kind that says nothing of itself is described like every other, so a new event type needs no edit here.
"""

from collections.abc import Iterator
from typing import Any

from schemas.event import By, Event
from services.projector import projection
from services.projector.particulars import as_json, own_members, told
from services.projector.projection import Description, Row
from services.projector.thing import Thing
from services.shared.tables import things

RETRACTED = "retracted"


@projection.every
def standing(thing: Thing) -> Iterator[Row]:
    opened = thing.opened
    described = projection.description(thing) or _alike(thing)
    yield Row(
        things.name,
        thing.id,
        0,
        {
            "kind": thing.kind,
            # A retracted thing keeps its row, because its retraction can be taken back against its version.
            "state": RETRACTED if thing.retracted else described.state,
            "category": thing.category,
            "agency": thing.owner,
            "country": thing.country,
            "occurred_at": opened.occurred.from_,
            "recorded_at": thing.opening.recorded_at,
            "phase": opened.phase,
            "strand": opened.strand,
            "in_scope": opened.in_scope,
            "crime_areas": opened.crime_areas,
            "headline": opened.headline(),
            "version": thing.version,
            "last_position": thing.last_position,
            "detail": as_json({**described.detail, **_rights(thing)}),
        },
    )


def _rights(thing: Thing) -> dict[str, Any]:
    """What the door must know of a thing to judge a command on it; no answer shows it."""
    parties = {by.value: sorted(agencies) for by, agencies in thing.opened.parties().items()}
    decisions = [command for command in thing.commands if not command.event.beside]
    if decisions:
        parties[By.DECIDER.value] = [decisions[-1].line.agency]
    posters = [thing.opening.agency, *([thing.owner] if thing.owner != thing.opening.agency else [])]
    return {"posters": posters, **({"parties": parties} if parties else {})}


def _alike(thing: Thing) -> Description:
    """The opening's own members and those of the commands in force; the state is what was last said or done."""
    state = _said(thing.opened) or _done(thing.opened)
    followed: list[dict[str, Any]] = []
    for command in thing.commands:
        if not command.event.beside:
            state = _said(command.event) or _next(state, _done(command.event))
        followed.append(told(command))
    detail = own_members(thing.opened)
    if followed:
        detail["followed"] = followed
    return Description(state, detail)


def _said(event: Event) -> str | None:
    """A refused request was not answered, and a task that proved impossible was not completed."""
    return vars(event).get("status") or vars(event).get("outcome")


def _done(event: Event) -> str:
    """The verb: `task.completed.v1` leaves a task completed."""
    return event.type.split(".")[1]


def _next(state: str, verb: str) -> str:
    """An update that names no status leaves the state as it was."""
    return state if verb in ("updated", "revised") else verb
