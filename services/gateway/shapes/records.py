"""Records: what an event began, and what the boards tell of each sort beside that."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import ConfigDict, with_config
from typing_extensions import TypedDict

from services.gateway.shapes.words import Clock, Counts, Momentary


class Step(TypedDict):
    """What moved a record into the state that it came to."""

    verb: str
    entry: UUID
    agency: str
    outcome: str | None
    state: str
    occurred_at: datetime
    recorded_at: datetime


class _Record(TypedDict):
    thing: UUID
    kind: str
    state: str
    category: str | None
    agency: str
    country: str | None
    occurred_at: datetime
    recorded_at: datetime
    phase: str | None
    strand: str | None
    in_scope: bool
    crime_areas: list[str]
    headline: str
    due_at: datetime | None
    imported: bool
    steps: list[Step]
    version: UUID
    etag: str


class Thing(_Record):
    """A record: what an event began, as it stands. A command about it is posted with its `etag`."""

    detail: dict[str, Any]


Window = TypedDict("Window", {"from": datetime, "to": datetime, "time_zone": str})
"""From when to when an operation goes, and in which time zone its days are."""


@with_config(ConfigDict(extra="allow"))
class OperationDetail(TypedDict):
    """What was said of an operation when it was opened; all of it is in the schema of `operation.created.v1`."""

    code: str
    name: str
    lead: list[str]
    exercise: bool
    priorities: list[str]
    window: Window


class Operation(_Record):
    """The operation as a record."""

    detail: OperationDetail


class Hit(Thing):
    """A hit: who verifies it, for whom it waits, and how long already."""

    authority: list[str]
    waits_for: list[str]
    age_seconds: int
    verified: Step | None
    actioned: Step | None
    clock: Clock | None


class Awaited(Thing):
    """A cross-check or a request: for whom it waits, and how long already."""

    waits_for: list[str]
    clock: Clock | None


class CrossCheck(Awaited):
    """A cross-check. `raised`: the hits on it that the viewer sees, which may be more than its answer may tell all."""

    raised: int


class Task(Thing):
    """A task, with its clock."""

    clock: Clock


class Alert(Thing):
    """An alert, and whether it is in force."""

    in_force: bool


class Message(Thing):
    """A message with its text; null where it was erased or the message retracted."""

    text: str | None


class Measure(TypedDict):
    """What was done for victims."""

    thing: UUID
    agency: str
    measure: str
    count: int
    minors: int | None
    occurred_at: datetime


class Case(Thing):
    """A trafficking case: what was done for its victims, and who is responsible now."""

    measures: list[Measure]
    responsible: str


class Opinion(TypedDict):
    """An expert's opinion on a document: asked for, or given."""

    thing: UUID
    state: str
    agency: str
    occurred_at: datetime
    result: str | None


class Document(Thing):
    """False documents, with what experts were asked about them."""

    opinions: list[Opinion]


class Review(Thing):
    """A record that names somebody, and the day on which its owner looks at it again."""

    review_on: date


class RecordCounts(Momentary):
    """How many records there are: never persons."""

    total: int
    by_state: Counts
    by_country: Counts
    by_category: Counts


class HitCounts(Momentary):
    """Hits by state and database, how many wait too long, and since when the oldest waits."""

    total: int
    by_state: Counts
    by_database: dict[str, Counts]
    overdue: int
    oldest_waiting: datetime | None


class RequestCounts(Momentary):
    """Requests by state and clock, and how many are open after they were due."""

    total: int
    by_state: Counts
    by_clock: dict[str, Counts]
    overdue: int


class ChecksOfPair(TypedDict):
    """Cross-checks that one asked of another, and how fast they were answered."""

    requester: str
    target: str
    total: int
    open: int
    answered: int
    declined: int
    with_hits: int
    median_seconds: int | None
    slowest_seconds: int | None
    busiest_hour: int


class CheckCounts(Momentary):
    """Cross-checks by state, and by who asked whom."""

    total: int
    by_state: Counts
    lines: list[ChecksOfPair]


class Brief(TypedDict):
    """A record in a few words."""

    thing: UUID
    kind: str
    state: str
    headline: str
    agency: str
    country: str | None
    occurred_at: datetime


class Pair(TypedDict):
    """Two records that may be one, and what was decided. A side that the caller does not see is null."""

    pair: UUID
    etag: str
    a: Brief | None
    b: Brief | None
    state: Literal["suggested", "confirmed", "rejected"]
    kept: UUID | None
    reasons: list[str]
    score: float | None
    suggested_by: str
    decided_by: str | None
    decision: UUID | None
    occurred_at: datetime
    recorded_at: datetime


class Side(TypedDict):
    """A record that a figure may count a second time."""

    thing: UUID
    kind: str
    headline: str
    agency: str
    country: str | None
    occurred_at: datetime
    etag: str


class Why(TypedDict):
    """One feature of two records: on which level they agree or differ, and what that weighs in bits."""

    feature: str
    level: str
    bits: float
    words: str


class Suggestion(TypedDict):
    """Two records that may be counted twice; `pair` where somebody suggested them already.

    The bits of `why` sum to `bits`; `score` is the same between 0 and 1, and `reasons` are what speaks for it.
    """

    a: Side
    b: Side
    reasons: list[str]
    score: float
    band: Literal["possible", "probable"]
    bits: float
    weights: str
    why: list[Why]
    pair: UUID | None
