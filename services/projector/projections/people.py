"""People who were met and not arrested: suspects, victims, children, migrants, refusals."""

from collections.abc import Iterator

from schemas.event import Event
from schemas.events.child_at_risk import ChildAtRiskReported
from schemas.events.irregular_migration import IrregularMigrationDetected
from schemas.events.refusal import RefusalReported
from schemas.events.suspect import SuspectIdentified
from schemas.events.victim import VictimSafeguarded
from services.projector import projection
from services.projector.projection import Contribution, stated
from services.shared.thing import Thing

_METRICS: dict[type[Event], str] = {
    SuspectIdentified: "suspects_identified",
    VictimSafeguarded: "victims_safeguarded",
    ChildAtRiskReported: "children_at_risk",
    RefusalReported: "refusals",
}
_OVERSTAY = "IrregularStay"


@projection.counts(*_METRICS)
def counted(thing: Thing) -> Iterator[Contribution]:
    found = thing.opened
    assert isinstance(found, SuspectIdentified | VictimSafeguarded | ChildAtRiskReported | RefusalReported)
    yield Contribution(metric=_METRICS[type(found)], by=thing.opening_in_force, **stated(found.count))


@projection.counts(IrregularMigrationDetected)
def detected(thing: Thing) -> Iterator[Contribution]:
    """Who stayed too long is counted apart from who crossed."""
    found = thing.opened
    assert isinstance(found, IrregularMigrationDetected)
    metric = "overstayers" if found.kind == _OVERSTAY else "irregular_migrants"
    yield Contribution(metric=metric, by=thing.opening_in_force, category=found.kind, **stated(found.count))
