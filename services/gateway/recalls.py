"""Recalls: what was given to somebody and has since been corrected, retracted or taken from them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

import msgspec
from sqlalchemy import ARRAY, ColumnElement, Text, and_, cast, select
from sqlalchemy.orm import aliased

from schemas.events.record import RecordAcknowledged, RecordCorrected, RecordRetracted
from services.gateway.ledger_index import Given
from services.gateway.picture import Picture
from services.shared.tables import audience_changes, audiences, entries, timeline

Change = Literal["corrected", "retracted", "withdrawn"]
_CHANGES: dict[str, Change] = {RecordCorrected.type: "corrected", RecordRetracted.type: "retracted"}


@dataclass(frozen=True, slots=True)
class Recall:
    """The last change of an entry that whoever had it before must know."""

    entry: UUID
    change: Change
    position: int
    told: dict[str, Any] = field(hash=False, compare=False)
    """What is said of it: of which thing, by which entry, and when that was recorded."""

    @property
    def named(self) -> list[UUID]:
        """What an acknowledgement names: the entry, or the one that changed it."""
        return [self.entry, *([self.told["by"]] if self.told["by"] else [])]

    def precedes(self, acknowledgement: dict[str, Any]) -> bool:
        return bool(acknowledgement["position"] > self.position)

    def missed_by(self, given: Given) -> bool:
        """Whether an answer gave the entry as it was before."""
        return not given.about and self.entry in given.entries and given.upto < self.position


async def recalls(picture: Picture) -> list[dict[str, Any]]:
    """What the viewer's agency was given, by whatever channel, and must now read otherwise; the latest first."""
    operation, agency = picture.viewer.operation, picture.viewer.agency
    changed = [*await changes(picture), *await _withdrawn(picture)]
    given = await picture.index.given(operation, {one.entry for one in changed}, reader=agency)
    missed = {one: [line for line in given if one.missed_by(line)] for one in changed}
    had = [one for one in changed if missed[one]]
    known = await acknowledgements(picture, {named for one in had for named in one.named}, by=agency)
    return [
        _told(
            one,
            missed[one],
            [said for named in one.named for said in known.get(named, ()) if one.precedes(said)],
            agency=agency,
        )
        for one in sorted(had, key=lambda one: one.position, reverse=True)
    ]


def _told(recall: Recall, missed: list[Given], said: list[dict[str, Any]], *, agency: str) -> dict[str, Any]:
    return {
        "entry": recall.entry,
        "change": recall.change,
        "originator": missed[-1].originator,
        **recall.told,
        "given": {"first_at": missed[0].at, "last_at": missed[-1].at, "by": sorted({line.act for line in missed})},
        "acknowledged": said[0]["entry"] if said else None,
        # Of what the viewer sees no longer nothing can be said in the log; and nobody is told what is its own record.
        "to_acknowledge": not said and recall.change != "withdrawn" and missed[-1].originator != agency,
    }


async def changes(picture: Picture, *, of: UUID | None = None) -> list[Recall]:
    """The last correction or retraction in force of each entry, or of all entries of one thing."""
    columns = entries.c
    query = (
        select(columns.since, columns.key, columns.thing, columns.type, columns.moment, columns.body, timeline.c.state)
        .join_from(entries, timeline, and_(picture.true_then(timeline), timeline.c.key == columns.key), isouter=True)
        .where(picture.true_then(entries), columns.type.in_(_CHANGES), *_within(of))
        .order_by(columns.since)
    )
    found: dict[UUID, Recall] = {}
    for row in await picture.rows(query):
        if row["state"] != "retracted":
            target = UUID(msgspec.json.decode(row["body"])["report"]["data"]["target"])
            told = {"thing": row["thing"], "by": row["key"], "recorded_at": row["moment"]}
            found[target] = Recall(target, _CHANGES[row["type"]], row["since"], told)
    return list(found.values())


async def acknowledgements(
    picture: Picture, of: Collection[UUID], *, by: str | None = None
) -> dict[UUID, list[dict[str, Any]]]:
    """Who said that they have read these entries, or what changed them; oldest first."""
    columns, things_of = entries.c, aliased(entries)
    same_thing = select(things_of.c.thing).where(picture.true_then(things_of), things_of.c.key.in_(of))
    query = select(columns.since, columns.key, columns.agency, columns.moment, columns.body, columns.thing).where(
        picture.true_then(entries), columns.type == RecordAcknowledged.type, columns.thing.in_(same_thing)
    )
    if by is not None:
        query = query.where(columns.agency == by)
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in await picture.rows(query.order_by(columns.since)):
        data = msgspec.json.decode(row["body"])["report"]["data"]
        told = {"agency": data.get("on_behalf_of") or row["agency"], "entry": row["key"], "recorded_at": row["moment"]}
        found.setdefault(UUID(data["target"]), []).append({**told, "position": row["since"]})
    return found


async def _withdrawn(picture: Picture) -> list[Recall]:
    """What the viewer saw and sees no longer. Nothing is said of it but that."""
    presented = cast(list(picture.viewer.tokens), ARRAY(Text))
    before, after = audiences.alias("before"), audiences.alias("after")
    columns = audience_changes.c
    query = (
        select(columns.since, columns.earlier)
        .join_from(audience_changes, before, before.c.id == columns.before_id)
        .join(after, after.c.id == columns.after_id)
        .where(
            columns.operation == picture.viewer.operation,
            columns.since <= picture.moment.position,
            before.c.members.op("&&")(presented),
            ~after.c.members.op("&&", is_comparison=True)(presented),
        )
        .order_by(columns.since)
    )
    lost = {entry: row["since"] for row in await picture.rows(query) for entry in row["earlier"]}
    seen = await _seen(picture, lost)
    nothing = {"thing": None, "by": None, "recorded_at": None}
    return [Recall(one, "withdrawn", since, nothing) for one, since in lost.items() if one not in seen]


async def _seen(picture: Picture, of: Iterable[UUID]) -> set[UUID]:
    query = select(entries.c.key).where(picture.true_then(entries), entries.c.key.in_(list(of)))
    return {row["key"] for row in await picture.rows(query)}


def _within(thing: UUID | None) -> list[ColumnElement[bool]]:
    return [entries.c.thing == thing] if thing is not None else []
