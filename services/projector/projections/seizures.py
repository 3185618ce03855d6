"""Seizures, by category and unit, and goods that were found without a seizure being stated."""

from collections.abc import Iterator
from datetime import datetime

from schemas.event import Event
from schemas.events.goods import GoodsDetected
from schemas.events.seizure import SeizureMade, SeizureRevised
from schemas.metrics import NOT_ESTABLISHED, NOT_STATED
from schemas.vocabulary import Quantity
from services.projector import projection
from services.projector.particulars import own_members
from services.projector.projection import Contribution, Description
from services.shared.thing import InForce, Thing


@projection.describes(SeizureMade)
def described(thing: Thing) -> Description:
    detail = own_members(thing.opened)
    by = _in_force(thing)
    if by.line is not thing.opening:
        detail |= {name: value for name, value in own_members(by.event).items() if name != "seizure"}
    return Description(detail["status"], detail)


@projection.counts(SeizureMade)
def counted_as_seized(thing: Thing) -> Iterator[Contribution]:
    by = _in_force(thing)
    assert isinstance(by.event, SeizureMade | SeizureRevised)
    opened = thing.opened
    assert isinstance(opened, SeizureMade)
    seized_at = opened.occurred.from_
    family = f"seizures.{thing.category or NOT_ESTABLISHED}"
    yield _amount(f"{family}.{by.event.quantity.unit or NOT_STATED}", by, by.event.quantity, seized_at=seized_at)
    value = by.event.value or opened.value
    if value is not None:
        yield _amount(f"{family}.value.{value.unit or NOT_STATED}", by, value, seized_at=seized_at)


@projection.counts(GoodsDetected)
def counted_as_found(thing: Thing) -> Iterator[Contribution]:
    by = thing.opening_in_force
    assert isinstance(by.event, GoodsDetected)
    quantity = by.event.quantity
    yield _amount("goods", by, quantity)
    if by.event.category is not None:
        yield _amount(f"goods.{by.event.category}.{quantity.unit or NOT_STATED}", by, quantity)


def _in_force(thing: Thing) -> InForce[Event]:
    """The latest revision, unless the seizure as a whole was corrected after it."""
    revision = thing.last(SeizureRevised)
    correction = thing.corrected_by.get(thing.id)
    if revision and (correction is None or correction.position < revision.line.position):
        return revision
    return thing.opening_in_force


def _amount(metric: str, by: InForce[Event], quantity: Quantity, *, seized_at: datetime | None = None) -> Contribution:
    """What is in force. A revision says more of what was seized, and is not a seizure itself."""
    return Contribution(
        metric=metric,
        by=by,
        quantity=quantity.value,
        unit=quantity.unit or NOT_STATED,
        qualifier=quantity.qualifier,
        happened_at=seized_at,
    )
