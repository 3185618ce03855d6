"""Entries of the log, who was given them, and what may be said next."""

from datetime import datetime
from typing import Literal, NotRequired
from uuid import UUID

from pydantic import ConfigDict, with_config
from typing_extensions import TypedDict

from services.gateway.shapes.records import Thing
from services.gateway.shapes.words import Momentary
from services.shared.disclosures import Act


class Audience(TypedDict):
    """Who may see a record, as its owner spelt it."""

    scope: Literal["all", "eu", "named"]
    agencies: NotRequired[list[str]]
    roles: NotRequired[list[str]]
    groups: NotRequired[list[str]]


class Handling(TypedDict):
    """How a record is to be handled."""

    codes: list[str]
    text: NotRequired[str | None]


class Evaluation(TypedDict):
    """How reliable source and information are, by which scheme."""

    scheme: NotRequired[str]
    source: str
    information: str


@with_config(ConfigDict(extra="allow"))
class Data(TypedDict):
    """What every event says; what else its type says is in the type's own schema."""

    audience: Audience
    handling: Handling
    evaluation: NotRequired[Evaluation | None]


@with_config(ConfigDict(extra="allow"))
class Report(TypedDict):
    """The report as it was posted, a CloudEvent; its extensions are members too."""

    specversion: str
    id: str
    source: str
    type: str
    time: NotRequired[datetime]
    datacontenttype: NotRequired[str]
    data: Data


class Erasure(TypedDict):
    """When and on which ground something of an entry was erased."""

    entry: UUID
    recorded_at: datetime
    ground: str


class LogEntry(TypedDict):
    """What the log keeps: the report, stamped by the gateway. `erased` names what of it is no more."""

    entry: UUID
    operation: str
    thing: UUID
    agency: str
    actor: str
    recorded_at: datetime
    digest: str
    report: Report
    received_at: NotRequired[datetime]
    imported: NotRequired[bool]
    erased: NotRequired[list[str]]
    erasures: NotRequired[list[Erasure]]


class Entry(LogEntry):
    """One entry, with the ETag of its thing."""

    etag: str | None


class Given(TypedDict):
    """To whom an entry was given, when, how and why."""

    agency: str
    actor: str
    at: datetime
    act: Act
    purpose: str


class Recipient(TypedDict):
    """An agency that has an entry; `acknowledged` is by which entry it said that it knows the latest of it."""

    agency: str
    first_at: datetime
    last_at: datetime
    acts: list[Act]
    had_it_before: bool
    acknowledged: UUID | None


class Acknowledged(TypedDict):
    """That an agency said it has read an entry."""

    agency: str
    entry: UUID
    recorded_at: datetime


class Recalled(TypedDict):
    """How an entry changed since it was given, and by which other."""

    change: Literal["corrected", "retracted", "withdrawn"]
    thing: UUID | None
    by: UUID | None
    recorded_at: datetime | None


class Disclosures(TypedDict):
    """Who was shown the persons of an entry, and who acknowledged it."""

    entry: UUID
    recalled: Recalled | None
    recipients: list[Recipient]
    given: list[Given]
    acknowledged: list[Acknowledged]


class GivenToUs(TypedDict):
    """When and by which ways an agency was given what has changed since."""

    first_at: datetime
    last_at: datetime
    by: list[Act]


class Recall(Recalled):
    """What an agency was given and must now read otherwise."""

    entry: UUID
    originator: str
    given: GivenToUs
    acknowledged: UUID | None
    to_acknowledge: bool


class LedgerLine(TypedDict):
    """A line of the disclosure ledger."""

    at: datetime
    act: Act
    originator: str
    agency: str
    actor: str
    purpose: str
    about: str
    entries: list[UUID]


class LedgerPage(TypedDict):
    """A page of the disclosure ledger, the latest line first."""

    items: list[LedgerLine]
    next: str | None


class Offer(TypedDict):
    """An event type that the door would take. About a record: the member that names it, and its name."""

    type: str
    title: str
    description: str
    needs_version: bool
    for_others: NotRequired[bool]
    member: NotRequired[str]
    target: NotRequired[UUID]


class OffersAbout(TypedDict):
    """What may be said about a record, with the version and the audience that a command carries."""

    thing: UUID
    kind: str
    state: str
    etag: str
    audience: Audience | None
    handling: Handling
    items: list[Offer]


class NextStep(TypedDict):
    """What is to be said next."""

    type: str
    title: str


class Waiting(TypedDict):
    """A record that waits for the caller's agency."""

    thing: UUID
    kind: str
    state: str
    headline: str
    agency: str
    country: str | None
    occurred_at: datetime
    recorded_at: datetime
    next: NextStep


class Fitting(TypedDict):
    """A record that fits what was sought, in which band and why."""

    band: Literal["exact", "strong", "possible", "weak"]
    reasons: list[str]
    entry: UUID
    line: str
    written: list[str]
    thing: Thing


class SearchResult(Momentary):
    """Records that fit, the strongest first; `complete` says whether all were looked at."""

    items: list[Fitting]
    complete: bool
