"""Which other entries an event names, and by which members."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import get_args
from uuid import UUID

from pydantic import BaseModel

from schemas.event import Event
from schemas.vocabulary import OfKind


@dataclass(frozen=True, slots=True)
class Named:
    """An entry that an event names."""

    pointer: str
    """Where, from `data` down."""
    entry: UUID
    kind: str | None
    """The kind of thing that it must have opened; None where any entry will do."""


def named_in(event: Event) -> list[Named]:
    """All entries that the event names, but for the thing that a command changes."""
    if not any(_values_that_name(type(event))(event)):
        return []  # Most events name nothing, and each post asks.
    return [named for named in _named(event, "") if named.pointer != f"/{event.changes}"]


def _named(block: BaseModel, place: str) -> Iterator[Named]:
    for name, spelt, kind in _members_that_name(type(block)):
        value = getattr(block, name)
        if isinstance(value, list):
            for index, item in enumerate(value):
                yield from _one(item, f"{place}/{spelt}/{index}", kind)
        elif value is not None:
            yield from _one(value, f"{place}/{spelt}", kind)


def _one(value: UUID | BaseModel, place: str, kind: str | None) -> Iterator[Named]:
    if isinstance(value, UUID):
        yield Named(place, value, kind)
    else:
        yield from _named(value, place)


@cache
def _values_that_name(model: type[BaseModel]) -> Callable[[BaseModel], tuple[object, ...]]:
    """What a block says in those members; an event has several."""
    return attrgetter(*(name for name, _, _ in _members_that_name(model)))


@cache
def _members_that_name(model: type[BaseModel]) -> tuple[tuple[str, str, str | None], ...]:
    """The members that hold ids of entries, at any depth: name, spelling and kind."""
    found = []
    for name, field in model.model_fields.items():
        if _holds_ids(field.annotation):
            kind = next((mark.kind for mark in field.metadata if isinstance(mark, OfKind)), None)
            found.append((name, field.alias or name, kind))
    return tuple(found)


def _holds_ids(annotation: object) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return bool(_members_that_name(annotation))
    return annotation is UUID or any(_holds_ids(part) for part in get_args(annotation))
