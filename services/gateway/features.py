"""Features: the picture as maps read it, for OGC API clients. Who may see what, and when, is the picture's matter."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, NamedTuple, Self
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field, TypeAdapter, ValidationError
from sqlalchemy import Column, ColumnElement, Select, and_, func, or_, select, tuple_

import schemas.events  # noqa: F401  (finds every event type)
from schemas.event import REGISTER
from services.gateway.asked import Listing
from services.gateway.handling import Stamp, stamped
from services.gateway.pages import narrowed
from services.gateway.picture import Picture
from services.shared.tables import things, timeline

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(minutes=5)
_TIME = TypeAdapter(AwareDatetime)
MOST = 1000
EVENTS = "events"
KINDS = {event.opens: event.title for event in REGISTER.values() if event.opens}
"""Every kind of record, with the title of what opens it."""
_OF_RECORDS = "headline state agency country category occurred_at recorded_at phase strand in_scope"
_OF_EVENTS = f"type {_OF_RECORDS} occurred_to precision place"


class Box(NamedTuple):
    """Degrees. Across the antimeridian west is the larger."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def read(cls, said: str) -> Self:
        """Of four numbers, or of six, whose heights are left out. Raises ValueError that says what is possible."""
        numbers = said.split(",")
        try:
            box = cls(*(float(one) for one in (numbers[:2] + numbers[3:5] if len(numbers) == 6 else numbers)))
        except (ValueError, TypeError):
            raise ValueError("use west,south,east,north in degrees, as in 16.0,43.5,30.0,48.3") from None
        if not (abs(box.west) <= 180 and abs(box.east) <= 180 and -90 <= box.south <= box.north <= 90):
            raise ValueError("longitudes are within -180 and 180, latitudes within -90 and 90, south first")
        return box


class Interval(NamedTuple):
    """A stretch of time, both ends in it; None where it is open."""

    begin: datetime | None
    end: datetime | None

    @classmethod
    def read(cls, said: str) -> Self:
        """Of an instant, or of two with a slash, of which one may be `..`. Raises ValueError as Box does."""
        first, slash, second = said.partition("/")
        try:
            found = cls(*(_instant(one) for one in (first, second if slash else first)))
        except ValidationError:
            found = cls(None, None)
        if found == (None, None):
            raise ValueError("use a time with its offset, or an interval, as in 2022-06-24T00:00:00Z/..")
        if found.begin is not None and found.end is not None and found.begin > found.end:
            raise ValueError("the interval ends before it begins; give the times the other way round")
        return found


def _instant(said: str) -> datetime | None:
    return None if said in ("", "..") else _TIME.validate_python(said)


def _readable(form: type[Box] | type[Interval]) -> AfterValidator:
    def check(said: str) -> str:
        form.read(said)
        return said

    return AfterValidator(check)


class FeaturesAsked(Listing):
    """Items of a collection, narrowed as every view, and as OGC API - Features says."""

    # A client may wish for more than there is in a page; the standard wants it to get a page all the same.
    limit: Annotated[int, Field(ge=1), AfterValidator(lambda said: min(said, MOST))] = 100
    bbox: Annotated[str, Field(max_length=200), _readable(Box)] | None = Field(
        None, description="west,south,east,north in degrees; only what is located can lie in it."
    )
    datetime: Annotated[str, Field(max_length=100), _readable(Interval)] | None = Field(
        None, description="When it happened: an instant, or an interval, `..` for open."
    )


class Shown:
    """One collection: its rows, their properties and where their place is."""

    def __init__(self, name: str) -> None:
        self.table = timeline if name == EVENTS else things
        self.kind = None if name == EVENTS else name
        names = _OF_EVENTS if name == EVENTS else _OF_RECORDS
        self.columns: list[Column[Any]] = [self.table.c[one] for one in names.split()]

    def query(self, picture: Picture) -> Select[Any]:
        """All rows of the collection, each with its place, which is that of the opening event."""
        query = select(self.table.c.key, *self.columns, timeline.c.latitude, timeline.c.longitude)
        if self.kind is None:
            return query.where(picture.true_then(timeline), timeline.c.state != "retracted")
        placed = and_(picture.true_then(timeline), timeline.c.key == things.c.key)
        return query.join_from(things, timeline, placed, isouter=True).where(
            picture.true_then(things), things.c.kind == self.kind, things.c.state != "retracted"
        )


async def features(picture: Picture, name: str, asked: FeaturesAsked) -> tuple[list[dict[str, Any]], str | None]:
    """One page of a collection, newest first, and the cursor of the next."""
    shown = Shown(name)
    order = (shown.table.c.occurred_at, shown.table.c.key)
    query = shown.query(picture).where(
        order[0] <= picture.moment.as_of + _AHEAD, *narrowed(shown.table, asked), *_within(shown, asked)
    )
    bound_to = (name_of_cursor(name), asked.query(), *picture.viewer.binding)
    if asked.cursor is not None:
        content = picture.seals.read(asked.cursor, bound_to=bound_to)
        at = _EPOCH + timedelta(microseconds=int.from_bytes(content[16:24], "big", signed=True))
        query = query.where(tuple_(*order) < (at, UUID(bytes=content[24:40])))
    await picture.walk_the_index()
    rows = await picture.rows(query.order_by(*(column.desc() for column in order)).limit(asked.limit + 1))
    following = None
    if len(rows) > asked.limit:
        last = rows[asked.limit - 1]
        moment = picture.moment
        content = moment.seen.to_bytes(8, "big") + _micros(moment.as_of) + _micros(last["occurred_at"])
        following = picture.seals.cursor(content + last["key"].bytes, bound_to=bound_to)
    return [_feature(row) for row in rows[: asked.limit]], following


async def one_feature(picture: Picture, name: str, key: UUID) -> dict[str, Any] | None:
    shown = Shown(name)
    rows = await picture.rows(shown.query(picture).where(shown.table.c.key == key))
    return _feature(rows[0]) if rows else None


async def stamped_features(
    found: list[dict[str, Any]], picture: Picture, name: str
) -> tuple[list[dict[str, Any]], Stamp]:
    """Features with their handling codes, as every file has them, and those of all together."""
    of = "entry" if name == EVENTS else "thing"
    rows, stamp = await stamped([{**one["properties"], of: one["id"]} for one in found], picture)
    said = [{name: row[name] for name in ("handling", "conditions")} for row in rows]
    return [{**one, "properties": one["properties"] | more} for one, more in zip(found, said, strict=True)], stamp


def name_of_cursor(collection: str) -> str:
    return f"features/{collection}"


def _within(shown: Shown, asked: FeaturesAsked) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if asked.bbox is not None:
        west, south, east, north = Box.read(asked.bbox)
        longitude = timeline.c.longitude
        inside = longitude.between(west, east) if west <= east else or_(longitude >= west, longitude <= east)
        conditions += (timeline.c.latitude.between(south, north), inside)
    if asked.datetime is not None:
        begin, end = Interval.read(asked.datetime)
        happened = shown.table.c.occurred_at
        # What lasted is found by any part of it.
        lasted = happened if shown.kind else func.coalesce(timeline.c.occurred_to, happened)
        conditions += [lasted >= begin] if begin is not None else []
        conditions += [happened <= end] if end is not None else []
    return conditions


def _feature(row: dict[str, Any]) -> dict[str, Any]:
    longitude, latitude = row.pop("longitude"), row.pop("latitude")
    point = None if latitude is None else {"type": "Point", "coordinates": [longitude, latitude]}
    return {"type": "Feature", "id": row.pop("key"), "geometry": point, "properties": row}


def _micros(time: datetime) -> bytes:
    return ((time - _EPOCH) // timedelta(microseconds=1)).to_bytes(8, "big", signed=True)
