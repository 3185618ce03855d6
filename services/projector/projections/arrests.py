"""Arrests, by category, and what became of them."""

from collections.abc import Iterator

from schemas.events.arrest import ArrestMade, ArrestUpdated
from services.projector import projection
from services.projector.particulars import own_members
from services.projector.projection import Contribution, Description, stated
from services.shared.thing import Thing


@projection.describes(ArrestMade)
def described(thing: Thing) -> Description:
    arrest = thing.opened
    assert isinstance(arrest, ArrestMade)
    updated = thing.last(ArrestUpdated)
    status = updated.event.status if updated else arrest.custody
    detail = own_members(arrest)
    if status:
        detail["custody"] = status
    return Description(status or "made", detail)


@projection.counts(ArrestMade)
def counted(thing: Thing) -> Iterator[Contribution]:
    arrest = thing.opened
    assert isinstance(arrest, ArrestMade)
    by, count = thing.opening_in_force, stated(arrest.count)
    yield Contribution(metric="arrests", by=by, **count)
    if arrest.category is not None:
        yield Contribution(metric=f"arrests.{_part(arrest.category)}", by=by, **count)


def _part(category: str) -> str:
    return category if category == "other" else f"{category}s"
