"""Pairs of records that may report the same thing, and what people decided of them."""

from collections.abc import Iterator

from schemas.event import Event
from schemas.events.duplicate import DuplicateConfirmed, DuplicateRejected, DuplicateSuggested, DuplicateUndone
from services.projector import projection
from services.projector.particulars import own_members, told
from services.projector.projection import Description, Row
from services.shared.tables import pairs
from services.shared.thing import InForce, Thing

SUGGESTED, CONFIRMED, REJECTED = "suggested", "confirmed", "rejected"


@projection.describes(DuplicateSuggested)
def described(thing: Thing) -> Description:
    detail = own_members(thing.opened)
    detail["followed"] = [told(command) for command in thing.commands]
    return Description(_state(_decision(thing)), detail)


@projection.of(DuplicateSuggested)
def paired(thing: Thing) -> Iterator[Row]:
    if thing.retracted:
        return
    suggested, decision = thing.opened, _decision(thing)
    assert isinstance(suggested, DuplicateSuggested)
    kept = decision.event.kept if decision and isinstance(decision.event, DuplicateConfirmed) else None
    yield Row(
        pairs.name,
        thing.id,
        0,
        {
            "a": suggested.a,
            "b": suggested.b,
            "state": _state(decision),
            "kept": kept,
            "reasons": suggested.reasons,
            "score": suggested.score,
            "suggested_by": thing.owner,
            "decided_by": decision.line.agency if decision else None,
            "decision": decision.line.entry if decision else None,
            "occurred_at": suggested.occurred.from_,
            "recorded_at": thing.opening.recorded_at,
            "position": decision.line.position if decision else thing.opening.position,
        },
    )


def _decision(thing: Thing) -> InForce[Event] | None:
    """The decision that holds; one that was undone leaves the pair open again."""
    for command in reversed(thing.commands):
        if isinstance(command.event, DuplicateUndone):
            return None
        if isinstance(command.event, DuplicateConfirmed | DuplicateRejected):
            return command
    return None


def _state(decision: InForce[Event] | None) -> str:
    if decision is None:
        return SUGGESTED
    return CONFIRMED if isinstance(decision.event, DuplicateConfirmed) else REJECTED
