"""All things, told apart by kind: what they are, how they stand, and their version.

A kind that says nothing of itself is described like every other, so a new event type needs no edit here.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from schemas.event import By, Event
from schemas.events.record import RecordReviewed
from services.projector import projection
from services.projector.particulars import as_json, own_members, told
from services.projector.projection import Description, Row
from services.projector.reviewing import review_at
from services.shared.tables import things
from services.shared.thing import Thing

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
            "credit_only": opened.credit_only,
            "crime_areas": opened.crime_areas,
            "headline": opened.headline(),
            "version": thing.version,
            "last_position": thing.last_position,
            "due_at": opened.due(thing.opening.recorded_at),
            "review_at": review_at(thing),
            "imported": thing.opening.imported,
            "steps": as_json(_steps(thing, described.state)) if thing.commands else "[]",
            "detail": as_json({**described.detail, **_rights(thing)}),
        },
    )


def _steps(thing: Thing, state: str) -> list[dict[str, Any]]:
    """How the state came about: the opening and each command that moved it, in the order in which they happened.

    The log's order is that in which things became known; a late report of an earlier change belongs before.
    `state`: to which all commands led.
    """
    moving = [command for command in thing.commands if not command.event.beside]
    if thing.retracted or not moving:
        return []
    began = thing.opened.occurred.from_
    latest = max(command.event.occurred.from_ for command in thing.commands)
    ordered = [thing.opening_in_force, *sorted(moving, key=lambda command: command.event.occurred.from_)]
    return [
        {
            "verb": by.event.type.split(".")[1],
            "outcome": _said(by.event) or vars(by.event).get("action") or vars(by.event).get("result"),
            "state": state if (by_then := max(began, by.event.occurred.from_)) >= latest else _state(thing, by_then),
            "entry": by.line.entry,
            "agency": by.event.on_behalf_of or by.line.agency,
            "occurred_at": by.event.occurred.from_.astimezone(UTC),
            "recorded_at": by.line.recorded_at.astimezone(UTC),
        }
        for by in ordered
    ]


def _state(thing: Thing, moment: datetime) -> str:
    by_then = thing.when(moment)
    described = projection.description(by_then)
    return described.state if described else _alike_state(by_then)


def _rights(thing: Thing) -> dict[str, Any]:
    """What the door must know of a thing to judge a command on it; no answer shows it."""
    opened_by = thing.opening.agency
    rights: dict[str, Any] = {"posters": [opened_by] if thing.owner == opened_by else [opened_by, thing.owner]}
    parties = {by.value: sorted(agencies) for by, agencies in thing.opened.parties().items()}
    if thing.commands:
        decisions = [command for command in thing.commands if not command.event.beside]
        if decisions:
            parties[By.DECIDER.value] = [decisions[-1].line.agency]
        review = thing.last(RecordReviewed)
        if review and review.event.decision == "restrict":
            rights["held"] = True
    if parties:
        rights["parties"] = parties
    return rights


def _alike(thing: Thing) -> Description:
    """The opening's own members and those of the commands in force; the state is what was last said or done."""
    detail = own_members(thing.opened)
    if thing.commands:
        detail["followed"] = [told(command) for command in thing.commands]
    return Description(_alike_state(thing), detail)


def _alike_state(thing: Thing) -> str:
    state = _said(thing.opened) or _done(thing.opened)
    for command in thing.commands:
        if not command.event.beside:
            state = _said(command.event) or _next(state, _done(command.event))
    return state


def _said(event: Event) -> str | None:
    """A refused request was not answered, and a task that proved impossible was not completed."""
    return vars(event).get("status") or vars(event).get("outcome")


def _done(event: Event) -> str:
    """The verb: `task.completed.v1` leaves a task completed."""
    return event.type.split(".")[1]


def _next(state: str, verb: str) -> str:
    """An update that names no status leaves the state as it was."""
    return state if verb in ("updated", "revised") else verb
