"""Recipients: to whom an originator's entry was given, by the ledger, and who said that they have it."""

from collections import defaultdict
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select

from services.gateway.ledger_index import Given
from services.gateway.picture import Picture
from services.gateway.problems import NotFound
from services.gateway.recalls import Recall, acknowledgements, changes
from services.shared.tables import entries


async def recipients(picture: Picture, entry: UUID) -> dict[str, Any]:
    """Of an entry that the viewer's agency provided. Raises NotFound for any other, seen or not."""
    operation, agency = picture.viewer.operation, picture.viewer.agency
    bodies = select(entries.c.body, entries.c.thing).where(picture.true_then(entries), entries.c.key == entry)
    rows = await picture.rows(bodies)
    if not rows or agency not in _providers(msgspec.json.decode(rows[0]["body"])):
        raise NotFound
    originator = _providers(msgspec.json.decode(rows[0]["body"]))[-1]
    given = await _told(picture, await picture.index.given(operation, [entry], originator=originator))
    recall = next((one for one in await changes(picture, of=rows[0]["thing"]) if one.entry == entry), None)
    acknowledged = await _acknowledged(picture, entry, recall)
    return {
        "entry": entry,
        "recalled": {"change": recall.change, **recall.told} if recall else None,
        "recipients": _by_agency([line for line in given if not line.about], recall, acknowledged),
        "given": [
            {"agency": line.agency, "actor": line.actor, "at": line.at, "act": line.act, "purpose": line.purpose}
            for line in given
        ],
        "acknowledged": [{name: one[name] for name in ("agency", "entry", "recorded_at")} for one in acknowledged],
    }


async def _told(picture: Picture, given: list[Given]) -> list[Given]:
    """Without those combinations of which the viewer may not see the entry: that it was combined would betray it."""
    by = {UUID(line.about) for line in given if line.about}
    if not by:
        return given
    rows = await picture.rows(select(entries.c.key).where(picture.true_then(entries), entries.c.key.in_(by)))
    seen = {str(row["key"]) for row in rows}
    return [line for line in given if not line.about or line.about in seen]


def _providers(entry: dict[str, Any]) -> list[str]:
    """Who posted it and, last, whose record it is."""
    behalf = entry["report"]["data"].get("on_behalf_of")
    return [entry["agency"], *([behalf] if behalf else [])]


async def _acknowledged(picture: Picture, entry: UUID, recall: Recall | None) -> list[dict[str, Any]]:
    """Acknowledgements of the entry, or of what it was changed by: either says that they know."""
    named = recall.named if recall else [entry]
    found = await acknowledgements(picture, named)
    return sorted((one for target in named for one in found.get(target, ())), key=lambda one: one["position"])


def _by_agency(given: list[Given], recall: Recall | None, acknowledged: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each agency that has the entry: since when, how, and whether it said that it knows the latest of it."""
    lines: dict[str, list[Given]] = defaultdict(list)
    for line in given:
        lines[line.agency].append(line)
    known = {one["agency"]: one["entry"] for one in acknowledged if recall is None or recall.precedes(one)}
    return [
        {
            "agency": agency,
            "first_at": found[0].at,
            "last_at": found[-1].at,
            "acts": sorted({line.act for line in found}),
            "had_it_before": recall is not None and any(recall.missed_by(line) for line in found),
            "acknowledged": known.get(agency),
        }
        for agency, found in sorted(lines.items())
    ]
