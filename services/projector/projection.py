"""What a view is: a function from the history of a thing to rows, registered by the event that opens it.

A view does no I/O and reads no clock, so the same log always gives the same rows. The views are found by
looking into `projections/`; there is no list to forget.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from schemas.event import Event
from schemas.vocabulary import Quantity
from services.shared.lines import Line
from services.shared.thing import InForce, Thing

Identity = tuple[str, int, int]
"""Table, key (as a number, which hashes faster) and line: which row it is, whatever it says."""


class Row(msgspec.Struct, frozen=True, gc=False):
    """One row of a read model. Span, operation and audience are added by who writes it."""

    table: str
    key: UUID  # an entry of the thing, and so the thing itself too
    line: int
    values: dict[str, Any]


class Description(msgspec.Struct, frozen=True, gc=False):
    """What is particular to one kind of thing in the table of all things."""

    state: str
    detail: dict[str, Any]


class Contribution(msgspec.Struct, frozen=True, gc=False):
    """What a thing adds to one metric, and the entry that moved it."""

    metric: str
    by: InForce[Event]
    quantity: Decimal | int | None = 1
    unit: str | None = None
    """Where it is the sender's; otherwise the metric's own."""
    qualifier: str = "exact"
    category: str | None = None
    latest_of: str | None = None
    distinct_on: str | None = None
    manner: str | None = None
    """Of an aggregate: what it and the single reports that it may include have in common."""
    includes_itemised: bool = False
    happened_at: datetime | None = None
    """Where the entry only says more of what had happened before, as a weighing does."""
    until: datetime | None = None
    """The end of the period that an aggregate is of."""


class Arrival(msgspec.Struct, frozen=True, gc=False):
    """An entry as it comes: its moment, what its thing is, and to whom that was open before and is from now on."""

    line: Line
    moment: datetime
    opening: Line
    earlier: tuple[Line, ...]
    audience_id: int
    audience_id_before: int


View = Callable[[Thing], Iterator[Row]]
EntryView = Callable[[Arrival], Iterator[Row]]
Describe = Callable[[Thing], Description]
Count = Callable[[Thing], Iterator[Contribution]]

_views: dict[type[Event], list[View]] = {}
_every: list[View] = []
_entries: list[EntryView] = []
_descriptions: dict[type[Event], Describe] = {}
_counts: dict[type[Event], list[Count]] = {}

F = TypeVar("F", bound=Callable[..., Any])


def of(*events: type[Event]) -> Callable[[F], F]:
    """Register a view of the things that these events open."""
    return _register(_views, events)


def every(view: View) -> View:
    """Register a view of all things."""
    _every.append(view)
    return view


def entry(view: EntryView) -> EntryView:
    """Register a view whose rows are made once, when an entry comes, and never closed."""
    _entries.append(view)
    return view


def describes(*events: type[Event]) -> Callable[[F], F]:
    """Register what is particular to the things that these events open. Others are described alike."""

    def register(describe: F) -> F:
        for event in events:
            if event in _descriptions:
                raise TypeError(f"two descriptions of what {event.type} opens")
            _descriptions[event] = describe
        return describe

    return register


def counts(*events: type[Event]) -> Callable[[F], F]:
    """Register contributions to metrics of the things that these events open."""
    return _register(_counts, events)


def rows(thing: Thing) -> dict[Identity, Row]:
    """All rows of a thing: a pure function of its history."""
    found: dict[Identity, Row] = {}
    for view in (*_every, *_views.get(type(thing.opening.event), ())):
        for row in view(thing):
            identity = (row.table, row.key.int, row.line)
            if identity in found:
                raise ValueError(f"two views made the same row of {row.table}")
            found[identity] = row
    return found


def entry_rows(arrival: Arrival) -> Iterator[Row]:
    """The rows that an entry makes once, whatever becomes of its thing."""
    for view in _entries:
        yield from view(arrival)


def description(thing: Thing) -> Description | None:
    """What a kind of thing says of itself, if it says anything."""
    describe = _descriptions.get(type(thing.opening.event))
    return describe(thing) if describe else None


def contributions(thing: Thing) -> Iterator[Contribution]:
    """What a thing adds to the figures: nothing once it is retracted."""
    if not thing.retracted:
        for count in _counts.get(type(thing.opening.event), ()):
            yield from count(thing)


def stated(count: int | Quantity) -> dict[str, Any]:
    """A count as columns of a contribution; its unit is the metric's, not the sender's."""
    if isinstance(count, Quantity):
        return {"quantity": count.value, "qualifier": count.qualifier}
    return {"quantity": count}


def find_views() -> None:
    """Import every file of `projections/`, which registers what is in it."""
    from services.projector import projections

    for module in iter_modules(projections.__path__):
        import_module(f"{projections.__name__}.{module.name}")


def _register(register: dict[type[Event], list[Any]], events: tuple[type[Event], ...]) -> Callable[[F], F]:
    def add(function: F) -> F:
        for event in events:
            register.setdefault(event, []).append(function)
        return function

    return add
