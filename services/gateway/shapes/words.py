"""Words that answers share: moments, pages, amounts, clocks."""

from datetime import datetime
from typing import Generic, Literal, NotRequired, TypeVar
from uuid import UUID

from typing_extensions import TypedDict

Item = TypeVar("Item")
Counts = dict[str, int]
"""How many there are of each."""
Qualifier = Literal["exact", "about", "over", "at_least", "almost", "under", "not_stated", "withheld"]


class Moment(TypedDict):
    """Which moment an answer shows; `incomplete` where the picture lacks entries that wait to be taken up."""

    as_of: datetime
    at: datetime | None
    live: bool
    incomplete: NotRequired[Literal[True]]


class Momentary(TypedDict):
    """An answer of one moment."""

    moment: Moment


class Listed(TypedDict, Generic[Item]):
    """A page of a list: `next` asks for the page after it, and from `tail` the live stream goes on."""

    moment: Moment
    items: list[Item]
    next: str | None
    tail: str


class All(TypedDict, Generic[Item]):
    """A list that is answered whole."""

    items: list[Item]


class AllAtMoment(Momentary, Generic[Item]):
    """A list of one moment that is answered whole."""

    items: list[Item]


class Amount(TypedDict):
    """A number and how exactly it was stated; without a number, none was stated."""

    value: float | None
    qualifier: Qualifier


class Clock(TypedDict):
    """How long something waits, or waited; `due_at` is absent where the law and the asker name no time."""

    started_at: datetime
    due_at: datetime | None
    stopped_at: datetime | None
    state: Literal["running", "overdue", "met", "missed", "waiting", "answered"]
    seconds: int


class Said(TypedDict):
    """An entry that said something of a record."""

    entry: UUID
    type: str
    agency: str
    recorded_at: datetime
