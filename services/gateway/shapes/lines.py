"""The timeline: its lines, their course, and where they lie."""

from datetime import datetime
from typing import Any, Generic, Literal, NotRequired, TypeVar
from uuid import UUID

from typing_extensions import TypedDict

from services.gateway.shapes.words import Counts, Moment, Momentary

Of = TypeVar("Of")


class _OfALine(TypedDict):
    entry: UUID
    thing: UUID
    type: str
    headline: str
    state: Literal["in_force", "corrected", "retracted"]
    agency: str
    on_behalf_of: str | None
    country: str | None
    category: str | None
    occurred_at: datetime
    occurred_to: datetime | None
    precision: str
    recorded_at: datetime
    phase: str | None
    strand: str | None
    in_scope: bool
    crime_areas: list[str]
    handling: list[str]
    conditions: str | None
    incident: UUID | None
    place: str | None
    crossing_point: str | None
    border_section: str | None
    imported: bool


class Line(_OfALine):
    """A line of the timeline: what one entry said."""

    latitude: float | None
    longitude: float | None


class Restricted(TypedDict):
    """How many records of a country there are that the caller may not see."""

    by: str
    records: int


class Timeline(TypedDict):
    """A page of the timeline; `restricted` only where there is something to tell."""

    moment: Moment
    items: list[Line]
    next: str | None
    tail: str
    restricted: NotRequired[list[Restricted]]


class LineCounts(Momentary):
    """Lines by type, agency, country, state, and day in the operation's time zone."""

    total: int
    by_type: Counts
    by_agency: Counts
    by_country: Counts
    by_state: Counts
    by_day: Counts


class Course(TypedDict):
    """A page of the timeline's course: a row is one version of one line, in the order of `fields`."""

    moment: Moment
    fields: list[str]
    rows: list[list[Any]]
    next: str | None
    changes: str
    tail: str


class Point(TypedDict):
    """A point in degrees: longitude, latitude."""

    type: Literal["Point"]
    coordinates: list[float]


class Located(TypedDict):
    """A record with its place."""

    type: Literal["Feature"]
    id: UUID
    geometry: Point
    properties: _OfALine


class Features(TypedDict, Generic[Of]):
    """A page of features (RFC 7946)."""

    type: Literal["FeatureCollection"]
    moment: Moment
    features: list[Of]
    next: str | None
    tail: str


class _AtAPlace(TypedDict):
    records: int
    by_type: Counts
    latest_at: datetime
    located: int
    middle: list[float] | None


class InCountry(_AtAPlace):
    """What was reported of a country; null where none was said."""

    country: str | None


class AtCrossing(_AtAPlace):
    """What was reported of a border crossing point or section."""

    country: str | None
    border_section: str | None
    crossing_point: str | None
