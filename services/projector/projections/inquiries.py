"""Inquiries: investigations opened, premises searched, targets identified on line."""

from collections.abc import Iterator

from schemas.events.investigation import InvestigationOpened
from schemas.events.online_target import OnlineTargetIdentified
from schemas.events.premises import PremisesSearched
from services.projector import projection
from services.projector.projection import Contribution, stated
from services.shared.thing import Thing

# There is no total of the kinds: one new investigation may be against a network too.
_INVESTIGATIONS = {"new": "new", "linked": "linked", "against_network": "networks"}


@projection.counts(InvestigationOpened)
def investigated(thing: Thing) -> Iterator[Contribution]:
    opened = thing.opened
    assert isinstance(opened, InvestigationOpened)
    metric = f"investigations.{_INVESTIGATIONS[opened.kind]}"
    yield Contribution(metric=metric, by=thing.opening_in_force, category=opened.kind, **stated(opened.count))


@projection.counts(PremisesSearched)
def searched(thing: Thing) -> Iterator[Contribution]:
    opened = thing.opened
    assert isinstance(opened, PremisesSearched)
    yield Contribution(
        metric="premises_searched", by=thing.opening_in_force, category=opened.kind, **stated(opened.count)
    )


@projection.counts(OnlineTargetIdentified)
def identified(thing: Thing) -> Iterator[Contribution]:
    opened = thing.opened
    assert isinstance(opened, OnlineTargetIdentified)
    yield Contribution(
        metric="online_targets", by=thing.opening_in_force, category=opened.platform, **stated(opened.count)
    )
