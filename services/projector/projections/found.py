"""Vehicles and documents that were found."""

from collections.abc import Iterator

from schemas.events.document_fraud import DocumentFraudDetected
from schemas.events.vehicle import VehicleDetected
from services.projector import projection
from services.projector.projection import Contribution, stated
from services.shared.thing import Thing

# Parts, boats and engines stand beside the vehicles, not under them.
_BESIDE_VEHICLES = {"part": "parts", "boat": "boats", "outboard_engine": "engines", "engine": "engines"}


@projection.counts(VehicleDetected)
def stolen(thing: Thing) -> Iterator[Contribution]:
    found = thing.opened
    assert isinstance(found, VehicleDetected)
    if found.status == "stolen":
        beside = _BESIDE_VEHICLES.get(found.category or "")
        metric = f"vehicles.stolen.{beside}" if beside else "vehicles.stolen"
        yield Contribution(metric=metric, by=thing.opening_in_force, **stated(found.count))


@projection.counts(DocumentFraudDetected)
def fraudulent(thing: Thing) -> Iterator[Contribution]:
    found, by = thing.opened, thing.opening_in_force
    assert isinstance(found, DocumentFraudDetected)
    count = stated(found.count)
    yield Contribution(metric="documents_fraudulent", by=by, category=found.document_class, **count)
    if found.document_class is not None:
        metric = f"documents_fraudulent.class.{found.document_class}"
        yield Contribution(metric=metric, by=by, category=found.document_class, **count)
    if found.fraud_type is not None:
        metric = f"documents_fraudulent.type.{found.fraud_type}"
        yield Contribution(metric=metric, by=by, category=found.fraud_type, **count)
