"""Scenes of a replay: entries in the order in which they were known, or in which they happened."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from sqlalchemy import and_, func, select, tuple_

from services.gateway.asked import Replaying
from services.gateway.handling import stamped
from services.gateway.opened import open_entries
from services.gateway.picture import Picture
from services.gateway.problems import Malformed
from services.shared.tables import entries, timeline

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NOTHING = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a replay stands: after which entry by either order, and where it ends. Positions stay inside."""

    end: int
    after: int = 0
    time: datetime = _EPOCH
    key: UUID = _NOTHING

    def told_time(self) -> datetime | None:
        return self.time if self.key != _NOTHING else None

    def written(self) -> bytes:
        micros = (self.time - _EPOCH) // timedelta(microseconds=1)
        return b"".join(
            (self.end.to_bytes(8, "big"), self.after.to_bytes(8, "big"), micros.to_bytes(8, "big", signed=True))
        ) + self.key.bytes  # fmt: skip

    @classmethod
    def read(cls, content: bytes) -> Self:
        end, after = (int.from_bytes(content[at : at + 8], "big") for at in (0, 8))
        time = _EPOCH + timedelta(microseconds=int.from_bytes(content[16:24], "big", signed=True))
        return cls(end, after, time, UUID(bytes=content[24:40]))


@dataclass(frozen=True, slots=True)
class Scene:
    """One entry with its time in the replay, and where the replay stands after it."""

    time: datetime
    headline: str | None
    entry: dict[str, Any]
    mark: Mark


async def first_mark(picture: Picture, asked: Replaying) -> Mark:
    """Before the first scene. Raises Malformed for an entry that is not there, or a range that is none."""
    mark, begin = Mark(picture.moment.seen), asked.begin()
    if asked.by == "happened":
        return replace(mark, time=begin - timedelta(microseconds=1)) if isinstance(begin, datetime) else mark
    columns = entries.c
    here = columns.operation == picture.viewer.operation
    if isinstance(begin, UUID):
        first = await picture.connection.scalar(select(columns.since).where(here, columns.key == begin))
        if first is None:
            raise Malformed("`from` names no entry that you can see.")
        if first > mark.end:
            raise Malformed("`from` is after `to`; give them the other way round.")
        before = await picture.connection.scalar(select(func.max(columns.since)).where(here, columns.since < first))
    elif begin is not None:
        before = await picture.connection.scalar(select(func.max(columns.since)).where(here, columns.moment < begin))
    else:
        before = None
    return replace(mark, after=before or 0)


async def scenes_after(picture: Picture, asked: Replaying, mark: Mark, *, most: int) -> list[Scene]:
    """The next scenes, as the viewer may see them now."""
    rows = await (_happened if asked.by == "happened" else _known)(picture, asked, mark, most)
    told, _ = await stamped(await open_entries([row["body"] for row in rows], picture, "replay"), picture)
    return [
        Scene(row["time"], row["headline"], entry, Mark(mark.end, row["since"], row["time"], row["key"]))
        for row, entry in zip(rows, told, strict=True)
    ]


async def _known(picture: Picture, asked: Replaying, mark: Mark, most: int) -> list[dict[str, Any]]:
    columns, line = entries.c, timeline.c
    as_it_came = and_(line.operation == columns.operation, line.key == columns.key, line.since == columns.since)
    query = (
        select(columns.since, columns.key, columns.moment.label("time"), columns.body, line.headline)
        .join_from(entries, timeline, as_it_came, isouter=True)
        .where(picture.true_then(entries), columns.since > mark.after)
    )
    return await picture.rows(query.order_by(columns.since).limit(most))


async def _happened(picture: Picture, asked: Replaying, mark: Mark, most: int) -> list[dict[str, Any]]:
    """By the time of the fact, as it is known at the end: what was retracted did not happen."""
    line = timeline.c
    query = (
        select(entries.c.since, line.key, line.occurred_at.label("time"), entries.c.body, line.headline)
        .join_from(timeline, entries, and_(entries.c.operation == line.operation, entries.c.key == line.key))
        .where(
            picture.true_then(timeline),
            line.state != "retracted",
            tuple_(line.occurred_at, line.key) > (mark.time, mark.key),
        )
    )
    if (until := asked.end()) is not None:
        query = query.where(line.occurred_at <= until)
    await picture.walk_the_index()
    return await picture.rows(query.order_by(line.occurred_at, line.key).limit(most))
