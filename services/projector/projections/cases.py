"""Cases of trafficking in human beings, and their victims: two different counts."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from schemas.event import Event
from schemas.events.thb_case import ThbCaseReported, ThbCaseUpdated
from services.projector import projection
from services.projector.particulars import own_members
from services.projector.projection import Contribution, Description, stated
from services.shared.thing import InForce, Thing


@projection.describes(ThbCaseReported)
def described(thing: Thing) -> Description:
    detail = own_members(thing.opened)
    for member in ("status", "victims", "exploitation_form"):
        by = _latest(thing, member)
        detail[member] = own_members(by.event)[member]
    return Description(detail["status"], detail)


@projection.counts(ThbCaseReported)
def counted(thing: Thing) -> Iterator[Contribution]:
    status = _latest(thing, "status")
    if _said(status, "status") == "refuted":
        return
    yield Contribution(metric="thb_cases", by=thing.opening_in_force)
    if _said(status, "status") == "confirmed":
        yield Contribution(metric="thb_cases.confirmed", by=status)
    yield from _victims(_latest(thing, "victims"), found_at=thing.opened.occurred.from_)


def _victims(by: InForce[Event], *, found_at: datetime) -> Iterator[Contribution]:
    """The victims as they were counted last; they are those of the case, from when it was found."""
    victims = _said(by, "victims")
    known = [(part, getattr(victims, part)) for part in ("minors", "adults", "unknown")]
    if all(count is None for _, count in known):
        yield Contribution(metric="thb_victims", by=by, quantity=None, qualifier="not_stated", happened_at=found_at)
    for part, count in known:
        if count is not None:
            yield Contribution(metric="thb_victims", by=by, category=part, happened_at=found_at, **stated(count))
            yield Contribution(
                metric=f"thb_victims.{part}", by=by, category=part, happened_at=found_at, **stated(count)
            )


def _latest(thing: Thing, member: str) -> InForce[Event]:
    """The entry that last said this of the case; what an update leaves out stays as it was."""
    for command in reversed(thing.commands):
        if isinstance(command.event, ThbCaseUpdated) and _said(command, member) is not None:
            return command
    return thing.opening_in_force


def _said(by: InForce[Event], member: str) -> Any:
    return getattr(by.event, member)
