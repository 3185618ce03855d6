"""Records that hold the same numbers and names: found by their marks, opened, and compared as they were written."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Uuid, and_, cast, func, or_, select, tuple_

from services.gateway.opened import open_entries
from services.gateway.picture import Picture
from services.gateway.vocabulary import RETRACTED
from services.shared.desk_tables import keys
from services.shared.marks import Feature, Kind, features
from services.shared.tables import entries, timeline

MOST_CANDIDATES = 200


@dataclass(frozen=True, slots=True)
class Record:
    """One entry that the viewer sees, with the numbers and names in it."""

    entry: UUID
    thing: UUID
    state: str
    """Of its line: in_force, corrected or retracted."""
    features: tuple[Feature, ...]
    data: dict[str, Any]


async def records_marked(picture: Picture, marks: Collection[int]) -> list[Record]:
    """The records under any of these marks, those under most of them first, as far as the viewer sees them."""
    if not marks:
        return []
    any_of_them = cast(list(marks), ARRAY(BigInteger))
    mark = func.unnest(keys.c.marks).table_valued("mark", name="marked").render_derived()
    shared = (
        select(keys.c.entry, func.count(mark.c.mark.distinct()).label("shared"))
        .select_from(keys)
        .join(mark, mark.c.mark.in_(marks))
        .where(keys.c.operation == picture.viewer.operation, keys.c.marks.op("&&")(any_of_them))
        .group_by(keys.c.entry)
        .subquery()
    )
    seen = _seen(picture).join(shared, shared.c.entry == entries.c.key)
    order = (shared.c.shared.desc(), entries.c.since.desc())
    return await _records(picture, _told(picture, seen).order_by(*order).limit(MOST_CANDIDATES))


async def records_of(picture: Picture, thing: UUID) -> list[Record]:
    """The records of one thing."""
    query = _told(picture, _seen(picture)).where(entries.c.thing == thing)
    return await _records(picture, query.order_by(entries.c.since).limit(MOST_CANDIDATES))


async def recurring(
    picture: Picture, kinds: Collection[Kind], *, after: tuple[int, int] | None, limit: int
) -> list[dict[str, Any]]:
    """Marks that stand in several things which the viewer sees: those in most of them first."""
    mark = func.unnest(keys.c.marks).table_valued("mark", name="marked").render_derived()
    # The first seven bits of a mark are its kind.
    spans = [mark.c.mark.between(kind << 56, (kind + 1 << 56) - 1) for kind in kinds]
    order = (func.count(entries.c.thing.distinct()), mark.c.mark)
    query = (
        select(
            mark.c.mark,
            order[0].label("records"),
            func.array_agg(entries.c.thing.distinct(), type_=ARRAY(Uuid)).label("things"),
        )
        .select_from(_seen(picture).join(keys, keys.c.entry == entries.c.key).join(mark, or_(*spans)))
        .where(
            picture.true_then(entries),
            picture.true_then(timeline),
            timeline.c.state != RETRACTED,
            keys.c.operation == picture.viewer.operation,
        )
        .group_by(mark.c.mark)
        .having(order[0] > 1)
    )
    if picture.moment.at is not None:
        query = query.where(entries.c.occurred_at <= picture.moment.at)
    if after is not None:
        query = query.having(tuple_(*order) < after)
    return await picture.rows(query.order_by(*(column.desc() for column in order)).limit(limit))


def _seen(picture: Picture) -> Any:
    return entries.join(timeline, and_(timeline.c.operation == entries.c.operation, timeline.c.key == entries.c.key))


def _told(picture: Picture, seen: Any) -> Any:
    query = (
        select(entries.c.key, entries.c.thing, entries.c.body, timeline.c.state)
        .select_from(seen)
        .where(picture.true_then(entries), picture.true_then(timeline))
    )
    return query if picture.moment.at is None else query.where(entries.c.occurred_at <= picture.moment.at)


async def _records(picture: Picture, query: Any) -> list[Record]:
    rows = await picture.rows(query)
    opened = await open_entries([row["body"] for row in rows], picture, "combination")
    return [
        Record(row["key"], row["thing"], row["state"], tuple(features(data)), data)
        for row, data in zip(rows, (entry["report"]["data"] for entry in opened), strict=True)
    ]
