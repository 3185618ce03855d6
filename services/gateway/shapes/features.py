"""Documents of OGC API - Features."""

from datetime import datetime
from typing import Literal, NotRequired
from uuid import UUID

from typing_extensions import TypedDict

from services.gateway.shapes.lines import Point
from services.gateway.shapes.room import Link
from services.gateway.shapes.words import Moment


class Landing(TypedDict):
    """The landing page."""

    title: str
    description: str
    links: list[Link]


class Conformance(TypedDict):
    """Which parts of the standard hold."""

    conformsTo: list[str]


class Collection(TypedDict):
    """One collection."""

    id: str
    title: str
    itemType: Literal["feature"]
    crs: list[str]
    links: list[Link]


class Collections(TypedDict):
    """All collections."""

    links: list[Link]
    collections: list[Collection]


class Properties(TypedDict):
    """What a feature says; `type`, `occurred_to`, `precision` and `place` of entries alone."""

    headline: str
    state: str
    agency: str
    country: str | None
    category: str | None
    occurred_at: datetime
    recorded_at: datetime
    phase: str | None
    strand: str | None
    in_scope: bool
    handling: list[str]
    conditions: str | None
    type: NotRequired[str]
    occurred_to: NotRequired[datetime | None]
    precision: NotRequired[str]
    place: NotRequired[str | None]


class Feature(TypedDict):
    """One record or entry; what has no coordinates has no geometry."""

    type: Literal["Feature"]
    id: UUID
    geometry: Point | None
    properties: Properties


class LinkedFeature(Feature):
    """One feature, with its links."""

    links: list[Link]


class Items(TypedDict):
    """A page of a collection; `about` says the handling of all of it."""

    type: Literal["FeatureCollection"]
    moment: Moment
    about: dict[str, str]
    numberReturned: int
    features: list[Feature]
    links: list[Link]
    tail: str
