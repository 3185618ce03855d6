"""What is told of a caller, of the operations and types there are, and of the deployment."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict


class Me(TypedDict):
    """For whom a token speaks, and what it may do; `types` null: all that its agency may post."""

    agency: str
    kind: str
    country: str | None
    groups: list[str]
    may_read: bool
    may_post: bool
    types: list[str] | None


class Place(TypedDict):
    """An officer's role in an operation."""

    operation: str
    role: str
    groups: list[str]


class OfficerSession(TypedDict):
    """Who is signed in. What changes something repeats the `mark`."""

    name: str
    agency: str
    purpose: str | None
    mark: str
    roles: list[Place]


class Provider(TypedDict):
    """The identity provider, and where to sign in there."""

    name: str
    address: str


class WaysIn(TypedDict):
    """How an officer can sign in, and whether this browser has a session in force."""

    password: bool
    provider: Provider | None
    signed_in: bool


class Live(TypedDict):
    """The process answers."""

    status: Literal["live"]


class Readiness(TypedDict):
    """Whether promises can be kept, and if not, why."""

    status: Literal["ready", "incomplete", "unready"]
    reasons: list[str]


class OperationEntry(TypedDict):
    """An operation in which the caller's agency takes part, or whose ledger the caller audits."""

    operation: str
    name: str
    state: str
    agency: str
    role: str
    exercise: bool


class EventType(TypedDict):
    """An event type: what it says, who posts it, and where its schema is."""

    type: str
    title: str
    description: str
    posted_by: list[str]
    opens: str | None
    changes: str | None
    needs_version: bool
    schema: str


class CodeListed(TypedDict):
    list: str
    version: str
    codes: int


class CodeLabels(TypedDict):
    list: str
    version: str
    labels: dict[str, str]


class CodeLists(TypedDict):
    """The lists, and the languages that have labels."""

    items: list[CodeListed]
    languages: list[str]


class Link(TypedDict):
    """A link."""

    href: str
    rel: str
    type: NotRequired[str]


class EnginesShare(TypedDict):
    """What one of the cross-check engines of an agency attends, as long as it says so again in time."""

    operations: list[str]
    lists: list[str]
    engines: int
    seconds: float
