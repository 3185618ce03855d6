"""The log as a viewer may see it: pages, the whole, one entry."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.gateway.asked import Listing
from services.gateway.cursors import micros
from services.gateway.handling import stamped
from services.gateway.opened import open_entries
from services.gateway.pages import narrowed
from services.gateway.picture import Picture
from services.gateway.views.things import one_thing
from services.shared.tables import entries


async def log_page(picture: Picture, asked: Listing) -> tuple[list[dict[str, Any]], str | None]:
    """The log as the viewer may see it, oldest first."""
    after = 0
    if asked.cursor is not None:
        content = picture.seals.read(asked.cursor, bound_to=("events", asked.query(), *picture.viewer.binding))
        after = int.from_bytes(content[16:24], "big")
    found = await _log(picture, asked, after=after, limit=asked.limit + 1)
    rows = found[: asked.limit]
    following = None
    if len(found) > asked.limit:
        moment = picture.moment.seen.to_bytes(8, "big") + micros(picture.moment.clock)
        content = moment + rows[-1]["since"].to_bytes(8, "big")
        following = picture.seals.cursor(content, bound_to=("events", asked.query(), *picture.viewer.binding))
    return await open_entries([row["body"] for row in rows], picture), following


async def whole_log(picture: Picture, asked: Listing, *, slice_size: int = 500) -> AsyncIterator[dict[str, Any]]:
    """The log from its beginning to the moment, in slices, whatever its length, each entry with its handling of now."""
    after = 0
    while rows := await _log(picture, asked, after=after, limit=slice_size):
        opened = await open_entries([row["body"] for row in rows], picture, "export")
        for entry in (await stamped(opened, picture))[0]:
            yield entry
        after = rows[-1]["since"]


async def one_entry(picture: Picture, entry: UUID) -> dict[str, Any] | None:
    """One entry, with the ETag of its thing; None when it does not exist or is hidden."""
    columns = entries.c
    query = select(columns.body, columns.thing).where(picture.true_then(entries), columns.key == entry)
    rows = await picture.rows(query)
    if not rows:
        return None
    (opened,) = await open_entries([rows[0]["body"]], picture)
    thing = await one_thing(picture, rows[0]["thing"])
    return {**opened, "etag": thing["etag"] if thing else None}


async def _log(picture: Picture, asked: Listing, *, after: int, limit: int) -> list[dict[str, Any]]:
    columns = entries.c
    query = (
        select(columns.since, columns.body)
        .where(picture.true_then(entries), columns.since > after, *narrowed(entries, asked))
        .order_by(columns.since)
        .limit(limit)
    )
    return await picture.rows(query)
