"""Statements: what leads validated and released of a metric, and what others dispute. None changes a count."""

from collections.abc import Iterator
from typing import Any

from schemas.event import Event
from schemas.events.figure import FigureDisputed, FigureReleased, FigureValidated
from services.projector import projection
from services.projector.projection import Row
from services.shared.tables import statements
from services.shared.thing import Thing


@projection.of(FigureValidated, FigureReleased, FigureDisputed)
def stated(thing: Thing) -> Iterator[Row]:
    if thing.retracted:
        return
    opened = thing.opened
    yield Row(
        statements.name,
        thing.id,
        0,
        {
            **_particular(opened),
            "agency": thing.owner,
            "phase": opened.phase,
            "strand": opened.strand,
            "country": opened.place.country if opened.place else None,
            "occurred_at": opened.occurred.from_,
            "recorded_at": thing.opening.recorded_at,
            "position": thing.opening.position,
        },
    )


def _particular(event: Event) -> dict[str, Any]:
    assert isinstance(event, FigureValidated | FigureReleased | FigureDisputed)
    quantity = event.own_value if isinstance(event, FigureDisputed) else event.quantity
    said: dict[str, Any] = {
        "metric": event.metric,
        "kind": event.type.split(".")[1],
        "quantity": quantity.value,
        "unit": quantity.unit,
        "qualifier": quantity.qualifier,
        "released_to": None,
        "regards": None,
        "as_of": None,
    }
    match event:
        case FigureValidated():
            return {**said, "as_of": event.as_of, "remark": event.note}
        case FigureReleased():
            own = {"released_to": event.released_to, "regards": event.validation, "as_of": event.as_of}
            return {**said, **own, "remark": event.wording}
        case FigureDisputed():
            return {**said, "regards": event.disputed, "remark": event.reason}
