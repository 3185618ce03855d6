"""Recipients: to whom an originator's entry was given, by the ledger, and who said that they have it."""

from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select

from schemas.events.record import RecordAcknowledged
from services.gateway.picture import Picture
from services.gateway.problems import NotFound
from services.shared.tables import entries


async def recipients(picture: Picture, entry: UUID) -> dict[str, Any]:
    """Of an entry that the viewer's agency provided. Raises NotFound for any other, seen or not."""
    operation, agency = picture.viewer.operation, picture.viewer.agency
    bodies = select(entries.c.body, entries.c.thing).where(picture.true_then(entries), entries.c.key == entry)
    rows = await picture.rows(bodies)
    if not rows or agency not in _providers(msgspec.json.decode(rows[0]["body"])):
        raise NotFound
    originator = _providers(msgspec.json.decode(rows[0]["body"]))[-1]
    given = [
        {"agency": line.agency, "actor": line.actor, "at": line.at, "act": line.act, "purpose": line.purpose}
        async for line in picture.ledger.read(operation, originator=originator)
        if entry in line.entries
    ]
    return {"entry": entry, "given": given, "acknowledged": await _acknowledged(picture, entry, rows[0]["thing"])}


def _providers(entry: dict[str, Any]) -> list[str]:
    """Who posted it and, last, whose record it is."""
    behalf = entry["report"]["data"].get("on_behalf_of")
    return [entry["agency"], *([behalf] if behalf else [])]


async def _acknowledged(picture: Picture, entry: UUID, thing: UUID) -> list[dict[str, Any]]:
    columns = entries.c
    query = (
        select(columns.key, columns.agency, columns.moment, columns.body)
        .where(picture.true_then(entries), columns.thing == thing, columns.type == RecordAcknowledged.type)
        .order_by(columns.since)
    )
    return [
        {"agency": row["agency"], "entry": row["key"], "recorded_at": row["moment"]}
        for row in await picture.rows(query)
        if msgspec.json.decode(row["body"])["report"]["data"]["target"] == str(entry)
    ]
