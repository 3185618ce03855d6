"""Cross-checks: asked for, answered or declined."""

from collections.abc import Iterator

from schemas.events.cross_check import (
    CrossCheckAcknowledged,
    CrossCheckDeclined,
    CrossCheckRequested,
    CrossCheckResulted,
)
from services.projector import projection
from services.projector.particulars import own_members, told
from services.projector.projection import Contribution, Description
from services.shared.thing import Thing

_COUNTED_TARGET = "EUROPOL"


@projection.describes(CrossCheckRequested)
def described(thing: Thing) -> Description:
    detail = own_members(thing.opened)
    result, declined = thing.last(CrossCheckResulted), thing.last(CrossCheckDeclined)
    detail["result"] = told(result) if result else None
    detail["declined"] = told(declined) if declined else None
    if result:
        return Description("resulted", detail)
    if declined:
        return Description("declined", detail)
    return Description("acknowledged" if thing.last(CrossCheckAcknowledged) else "requested", detail)


@projection.counts(CrossCheckRequested)
def counted(thing: Thing) -> Iterator[Contribution]:
    request = thing.opened
    assert isinstance(request, CrossCheckRequested)
    if request.target != _COUNTED_TARGET:
        return
    result, declined = thing.last(CrossCheckResulted), thing.last(CrossCheckDeclined)
    if result:
        yield Contribution(metric="cross_checks", by=result)
        yield Contribution(metric="cross_checks.hits", by=result, quantity=result.event.hits)
    elif declined:
        yield Contribution(metric="cross_checks.declined", by=declined)
    else:
        yield Contribution(metric="cross_checks.open", by=thing.opening_in_force)
