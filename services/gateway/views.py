"""The views of a picture: the log, the timeline, things of one kind, the map."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from sqlalchemy import select, true

from services.gateway.asked import Listing
from services.gateway.opened import open_entries
from services.gateway.pages import Page, narrowed, page
from services.gateway.picture import Picture
from services.shared.tables import entries, things, timeline

RETRACTED = "retracted"
_TIMELINE = [
    column for column in timeline.c if column.name not in ("operation", "line", "since", "until", "audience_id")
]
_THINGS = [
    column
    for column in things.c
    if column.name not in ("operation", "line", "since", "until", "audience_id", "last_position")
]


async def log_page(picture: Picture, asked: Listing) -> tuple[list[dict[str, Any]], str | None]:
    """The log as the viewer may see it, oldest first."""
    after = 0
    if asked.cursor is not None:
        content = picture.seals.read(asked.cursor, bound_to=("events", asked.query(), *picture.viewer.binding))
        after = int.from_bytes(content[8:16], "big")
    found = await _log(picture, asked, after=after, limit=asked.limit + 1)
    rows = found[: asked.limit]
    following = None
    if len(found) > asked.limit:
        content = picture.moment.seen.to_bytes(8, "big") + rows[-1]["since"].to_bytes(8, "big")
        following = picture.seals.cursor(content, bound_to=("events", asked.query(), *picture.viewer.binding))
    return await open_entries([row["body"] for row in rows], picture.vault), following


async def whole_log(picture: Picture, asked: Listing, *, slice_size: int = 500) -> AsyncIterator[dict[str, Any]]:
    """The log from its beginning to the moment, in slices, whatever its length."""
    after = 0
    while rows := await _log(picture, asked, after=after, limit=slice_size):
        for entry in await open_entries([row["body"] for row in rows], picture.vault):
            yield entry
        after = rows[-1]["since"]


async def log_between(picture: Picture, *, after: int, limit: int) -> list[dict[str, Any]]:
    """Entries after a position and up to the moment's, with their positions: for the live stream."""
    return await _log(picture, Listing(), after=after, limit=limit)


async def one_entry(picture: Picture, entry: UUID) -> dict[str, Any] | None:
    """One entry, with the ETag of its thing; None when it does not exist or is hidden."""
    columns = entries.c
    query = select(columns.body, columns.thing).where(picture.true_then(entries), columns.key == entry)
    rows = await picture.rows(query)
    if not rows:
        return None
    (opened,) = await open_entries([rows[0]["body"]], picture.vault)
    thing = await one_thing(picture, rows[0]["thing"])
    return {**opened, "etag": thing["etag"] if thing else None}


async def timeline_page(picture: Picture, asked: Listing) -> Page:
    found = await page(picture, timeline, asked, name="timeline", columns=_TIMELINE, newest_first=True)
    return Page([_renamed(row, "entry") for row in found.rows], found.next)


async def things_page(picture: Picture, asked: Listing, *, kind: str) -> Page:
    """Things of one kind, newest first. Retracted ones are left out unless that state is asked for."""
    conditions = [things.c.kind == kind]
    if RETRACTED not in asked.state:
        conditions.append(things.c.state != RETRACTED)
    found = await page(picture, things, asked, *conditions, name=kind, columns=_THINGS, newest_first=True)
    return Page([_thing(picture, row) for row in found.rows], found.next)


async def operation_seen(picture: Picture) -> dict[str, Any] | None:
    """The operation as a thing: window, leads, priorities, state."""
    rows = await picture.rows(select(things.c.key).where(picture.true_then(things), things.c.kind == "operation"))
    return await one_thing(picture, rows[0]["key"]) if rows else None


async def one_thing(picture: Picture, thing: UUID, *, kind: str | None = None) -> dict[str, Any] | None:
    of_kind = things.c.kind == kind if kind else true()
    rows = await picture.rows(select(*_THINGS).where(picture.true_then(things), things.c.key == thing, of_kind))
    return _thing(picture, rows[0]) if rows else None


async def map_points(picture: Picture, asked: Listing) -> dict[str, Any]:
    """GeoJSON (RFC 7946): each located line of the timeline is a point, newest first."""
    columns = timeline.c
    query = (
        select(*_TIMELINE)
        .where(
            picture.true_then(timeline),
            columns.latitude.is_not(None),
            columns.state != RETRACTED,
            *narrowed(timeline, asked),
        )
        .order_by(columns.occurred_at.desc(), columns.key.desc())
        .limit(asked.limit)
    )
    features = [_feature(_renamed(row, "entry")) for row in await picture.rows(query)]
    return {"type": "FeatureCollection", "moment": picture.moment.said(), "features": features}


async def _log(picture: Picture, asked: Listing, *, after: int, limit: int) -> list[dict[str, Any]]:
    columns = entries.c
    query = (
        select(columns.since, columns.body)
        .where(picture.true_then(entries), columns.since > after, *narrowed(entries, asked))
        .order_by(columns.since)
        .limit(limit)
    )
    return await picture.rows(query)


def _thing(picture: Picture, row: dict[str, Any]) -> dict[str, Any]:
    shown = _renamed(row, "thing")
    shown["etag"] = picture.seals.etag(shown["thing"], shown["version"])
    shown["detail"] = {name: value for name, value in shown["detail"].items() if name not in ("posters", "parties")}
    return shown


def _renamed(row: dict[str, Any], name: str) -> dict[str, Any]:
    return {name: row["key"], **{column: value for column, value in row.items() if column != "key"}}


def _feature(row: dict[str, Any]) -> dict[str, Any]:
    longitude, latitude = row.pop("longitude"), row.pop("latitude")
    return {
        "type": "Feature",
        "id": row["entry"],
        "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
        "properties": row,
    }
