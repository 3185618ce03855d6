"""What names what: the ties by which the records of one case are found, across agencies."""

from collections.abc import Iterator
from functools import cache
from typing import get_args
from uuid import UUID

from schemas.event import Event
from services.projector import projection
from services.projector.projection import Row
from services.shared.tables import links
from services.shared.thing import REWRITING, Thing


@projection.every
def tied(thing: Thing) -> Iterator[Row]:
    if thing.retracted:
        return
    for line in thing.history:
        event = thing.event_of(line)
        if isinstance(event, REWRITING) or line.entry in thing.retracted_entries:
            continue
        for number, (rel, target) in enumerate(_ties(event)):
            yield Row(links.name, line.entry, number, {"thing": thing.id, "target": target, "rel": rel})


def _ties(event: Event) -> Iterator[tuple[str, UUID]]:
    """Each entry that the event names, and as what; the thing that it changes is no tie but itself."""
    members = vars(event)
    for name in _naming(type(event)):
        named = members[name]
        if named is not None:
            for target in named if isinstance(named, list) else [named]:
                yield name, target
    for link in event.links:
        yield link.rel, link.target


@cache
def _naming(event: type[Event]) -> tuple[str, ...]:
    return tuple(
        name for name, field in event.model_fields.items() if name != event.changes and _names_entry(field.annotation)
    )


def _names_entry(annotation: object) -> bool:
    return annotation is UUID or any(_names_entry(part) for part in get_args(annotation))
