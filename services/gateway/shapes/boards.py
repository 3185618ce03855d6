"""What stands across records: what changed, what recurs, what belongs together, who is silent, how late it comes."""

from datetime import datetime
from typing import Literal, NotRequired
from uuid import UUID

from typing_extensions import TypedDict

from services.gateway.shapes.lines import Line
from services.gateway.shapes.records import Brief, Thing
from services.gateway.shapes.words import Counts, Moment, Momentary, Said

EntityKind = Literal["document", "plate", "vin", "phone", "person", "registration"]


class Change(TypedDict):
    """A record as it stood before and as it stands then, and what was said of it in between."""

    thing: UUID
    kind: str
    change: Literal["new", "changed", "retracted"]
    before: Thing | None
    after: Thing
    entries: list[Said]


Changes = TypedDict(
    "Changes", {"moment": Moment, "from": Moment, "items": list[Change], "next": str | None, "tail": str}
)


class Entity(TypedDict):
    """A person or an object that stands in several records."""

    kind: EntityKind
    records: int
    things: list[Brief]


class Written(Brief):
    """A record, and what was written in it."""

    entry: UUID
    line: str
    written: list[str]


class EntityOf(TypedDict):
    """A person or an object of a record, and where else it stands."""

    kind: EntityKind
    records: list[Written]


class Entities(Momentary):
    """The persons and objects of a record that stand elsewhere too."""

    thing: UUID
    entities: list[EntityOf]


Tie = TypedDict("Tie", {"rel": str, "from": UUID, "to": UUID})
"""That one record names another, and how."""


class Tied(Thing):
    """A record of a file, and the ties by which it belongs there."""

    ties: list[Tie]


class File(Momentary):
    """All that belongs together; `complete` says whether all of it is here."""

    root: UUID
    agencies: list[str]
    by_kind: Counts
    things: list[Tied]
    timeline: list[Line]
    complete: bool


class LastReport(TypedDict):
    """The last entry of an agency."""

    entry: UUID
    type: str
    recorded_at: datetime


NilReport = TypedDict(
    "NilReport",
    {"entry": UUID, "recorded_at": datetime, "topics": list[str], "from": datetime, "to": datetime | None},
)
"""That an agency had nothing to report, on what, and for which time."""


class Participant(TypedDict):
    """An agency that takes part, and when it was heard of last."""

    agency: str
    role: str
    country: str | None
    state: Literal["reporting", "nil", "silent", "never", "left"]
    joined_at: datetime
    last_report: LastReport | None
    last_nil_report: NilReport | None
    silent_seconds: int


class Latency(TypedDict):
    """How long the records of an agency took, or those of one type."""

    agency: NotRequired[str]
    type: NotRequired[str]
    reports: int
    measured: int
    median_seconds: int | None
    p90_seconds: int | None
