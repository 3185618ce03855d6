"""Hits: raised, verified, acted upon; which notices they matched."""

from collections.abc import Iterator

from schemas.event import Event
from schemas.events.hit import INTERPOL_DATABASES, HitActioned, HitRaised, HitVerified
from schemas.events.notice import NoticeMatched
from services.projector import projection
from services.projector.particulars import own_members, told
from services.projector.projection import Contribution, Description
from services.shared.thing import InForce, Thing


@projection.describes(HitRaised)
def described(thing: Thing) -> Description:
    verdict, action = thing.last(HitVerified), thing.last(HitActioned)
    detail = own_members(thing.opened)
    detail["verdict"] = told(verdict) if verdict else None
    detail["action"] = told(action) if action else None
    detail["notices"] = [told(command) for command in thing.commands if isinstance(command.event, NoticeMatched)]
    detail["others"] = [
        told(command)
        for command in thing.commands
        if not isinstance(command.event, HitVerified | HitActioned | NoticeMatched)
    ]
    if action:
        return Description("actioned", detail)
    return Description(verdict.event.outcome if verdict else "raised", detail)


@projection.counts(HitRaised)
def counted(thing: Thing) -> Iterator[Contribution]:
    hit = thing.opened
    assert isinstance(hit, HitRaised)
    interpol = hit.database in INTERPOL_DATABASES
    family = "interpol_hits" if interpol else f"hits.{hit.database}"
    verdict, action = thing.last(HitVerified), thing.last(HitActioned)
    yield Contribution(metric=f"{family}.raised", by=thing.opening_in_force, category=hit.database)
    if verdict and verdict.event.outcome == "confirmed":
        yield Contribution(metric=f"{family}.confirmed", by=verdict, category=hit.database)
        red = _red_notice(thing)
        if interpol and red:
            # It moves when the second of the two comes, whichever that is.
            by: InForce[Event] = verdict if verdict.line.position > red.line.position else red
            yield Contribution(metric=f"{family}.confirmed.red_notices", by=by, category=hit.database)
    if action and action.event.action != "none":
        yield Contribution(metric=f"{family}.actioned", by=action, category=hit.database)


def _red_notice(thing: Thing) -> InForce[NoticeMatched] | None:
    """The first that matched: one hit counts once, however many notices name it."""
    for command in thing.commands:
        if isinstance(command.event, NoticeMatched) and command.event.colour == "red":
            return InForce(command.line, command.event)
    return None
