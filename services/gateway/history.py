"""The whole course of the timeline: each version of each line, and from when to when it was what was known.

Whoever has it can show any moment without asking again: a line was known at a time T when known_from <= T, and
known_until, where there is one, is later than T. That is what `as_of=T` shows.
"""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, and_, case, or_, select, tuple_

from services.gateway.picture import Picture
from services.shared.tables import OPEN, entries, timeline

_LEFT_OUT = ("operation", "line", "since", "until", "audience_id", "key")
_TOLD = [column for column in timeline.c if column.name not in _LEFT_OUT]
FIELDS = ["entry", "known_from", "known_until", *(str(column.name) for column in _TOLD)]
_START = (0, UUID(int=0), -1)


class AskedHistory(BaseModel):
    """A page of the course: from the beginning, after the page before, or what changed since."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: Annotated[int, Field(ge=1, le=5000)] = 2000
    cursor: Annotated[str, Field(max_length=200)] | None = Field(
        None, description="`next` of the page before; or `changes` of an earlier answer, for what changed since."
    )


@dataclass(frozen=True, slots=True)
class Course:
    """One page: rows in the order of FIELDS."""

    rows: list[tuple[Any, ...]]
    next: str | None
    changes: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where reading goes on: what the reader knows already, how far this reading goes, the last row that it gave."""

    known: int
    upto: int | None = None
    mark: tuple[int, UUID, int] = _START

    def packed(self) -> bytes:
        since, key, line = self.mark
        upto = self.upto if self.upto is not None else -1
        numbers = (self.known, upto, since)
        return (
            b"".join(number.to_bytes(8, "big", signed=True) for number in numbers)
            + key.bytes
            + line.to_bytes(2, "big", signed=True)
        )

    @classmethod
    def unpacked(cls, content: bytes) -> "Place":
        known, upto, since = (int.from_bytes(content[at : at + 8], "big", signed=True) for at in (0, 8, 16))
        if upto < 0:
            return cls(known)
        return cls(known, upto, (since, UUID(bytes=content[24:40]), int.from_bytes(content[40:42], "big", signed=True)))


async def course(picture: Picture, asked: AskedHistory) -> Course:
    """A page of the timeline's course, as far as the viewer may see it. Raises Malformed for a foreign cursor."""
    binding = ("history", *picture.viewer.binding)
    place = Place.unpacked(picture.seals.read(asked.cursor, bound_to=binding)) if asked.cursor else Place(0)
    # Not the picture's own position: a cursor made from that would change with each hidden entry.
    upto = picture.moment.seen if place.upto is None else place.upto
    found = (await picture.connection.execute(_rows(picture, place, upto, limit=asked.limit + 1))).all()
    rows = found[: asked.limit]
    following = None
    if len(found) > asked.limit:
        last = rows[-1]
        following = picture.seals.cursor(
            Place(place.known, upto, (last.since, last.key, last.line)).packed(), bound_to=binding
        )
    changes = picture.seals.cursor(Place(upto).packed(), bound_to=binding)
    return Course([row[: len(FIELDS)] for row in rows], following, changes)


def _rows(picture: Picture, place: Place, upto: int, *, limit: int) -> Any:
    columns = timeline.c
    order = (columns.since, columns.key, columns.line)
    # A version that ended is told again, so that its reader ends it too.
    ended = and_(columns.until > place.known, columns.until <= upto)
    return (
        select(
            columns.key,
            _moment_of(picture, columns.since, upto).label("known_from"),
            _moment_of(picture, columns.until, upto).label("known_until"),
            *_TOLD,
            columns.since,
            columns.line,
        )
        .where(
            columns.operation == picture.viewer.operation,
            columns.since <= upto,
            or_(columns.since > place.known, ended),
            tuple_(*order) > place.mark,
        )
        .order_by(*order)
        .limit(limit)
    )


def _moment_of(picture: Picture, position: ColumnElement[int], upto: int) -> ColumnElement[Any]:
    """The moment of the first entry from this position on that the viewer sees: from then, `as_of` shows the change."""
    seen = entries.alias()
    first = (
        select(seen.c.moment)
        .where(seen.c.operation == picture.viewer.operation, seen.c.since >= position, seen.c.since <= upto)
        .order_by(seen.c.since)
        .limit(1)
        .scalar_subquery()
    )
    return case((position == OPEN, None), else_=first)
