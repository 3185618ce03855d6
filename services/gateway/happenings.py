"""Happenings: what came after a position, as it is told to viewers, each with those whom it is for.

They depend on positions alone, and not on when they are read: an entry is told to those to whom it was open at its
position and still is; a change of its audience tells it to those who gain it and takes it back from those who lose it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select

from services.gateway.erasures import tell_erasures
from services.gateway.opened import Given, open_bodies
from services.gateway.picture import Picture
from services.shared.tables import audience_changes, audiences, entries

CORRECTED, RETRACTED = "record.corrected.v1", "record.retracted.v1"
SLICE = 200

Tokens = frozenset[str]
Opened = tuple[dict[str, Any], Given | None]

_encode = msgspec.json.Encoder(decimal_format="number").encode
_ENTRY = [entries.c[name] for name in ("since", "key", "thing", "type", "country", "category", "body", "born_to")] + [
    entries.c.audience_id
]


@dataclass(frozen=True, slots=True)
class Happening:
    """One frame, before it is known to whom it goes. `entry_position` is that of the entry it is about."""

    position: int
    event: str
    data: bytes
    type: str
    country: str | None
    category: str | None
    entry_position: int
    told_to: Tokens
    open_to: Tokens | None = None
    known_to: Tokens = frozenset()
    given: Given | None = None
    """Whose sealed record it tells, and which: to be written down before it goes to anybody."""

    def is_for(self, tokens: Tokens) -> bool:
        if tokens.isdisjoint(self.told_to) or not tokens.isdisjoint(self.known_to):
            return False
        return self.open_to is None or not tokens.isdisjoint(self.open_to)


@dataclass(frozen=True, slots=True)
class Stretch:
    """What happened after one position and up to another, in order."""

    happenings: list[Happening]
    upto: int
    is_last: bool
    """Whether this is all that the picture has now."""


class Happenings:
    """Reads stretches of an operation. What an audience's id means never changes, so it is read once."""

    def __init__(self) -> None:
        self._members: dict[int, Tokens] = {}

    async def after(self, position: int, picture: Picture) -> Stretch:
        """What the picture's viewer may be told of, from after a position to the picture's moment, or less."""
        rows = await _entries_after(picture, position)
        is_last = len(rows) < SLICE
        upto = picture.moment.position if is_last else rows[-1]["since"]
        changes = await _changes(picture, after=position, upto=upto)
        earlier = await _of_things(picture, {change["thing"] for change in changes}, before=upto)
        await self._learn(picture, rows, changes, earlier)
        opened = await open_bodies([row["body"] for row in (*rows, *earlier)], picture)
        await tell_erasures((entry for entry, _ in opened), picture)
        read = dict(zip((row["key"] for row in (*rows, *earlier)), opened, strict=True))
        data = {key: entry for key, (entry, _) in read.items()}
        targets = await _targets(picture, rows, data)
        found = [
            *(one for row in rows for one in self._of_entry(row, read[row["key"]], targets)),
            *(one for change in changes for one in self._of_change(change, earlier, read)),
        ]
        # Where a position has several frames, its own entry is the last: what it does to others is told before it.
        found.sort(key=lambda one: (one.position, one.entry_position == one.position and one.event == "entry"))
        return Stretch(found, upto, is_last)

    def _of_entry(self, row: dict[str, Any], read: Opened, targets: dict[UUID, dict[str, Any]]) -> Iterator[Happening]:
        entry, given = read
        told_to, open_to = self._members[row["born_to"]], self._members[row["audience_id"]]
        if row["type"] in (CORRECTED, RETRACTED):
            target = targets.get(UUID(entry["report"]["data"]["target"]))
            if target is not None:
                event, said = _done_to(row, target)
                yield _happening(row["since"], event, said, about=target, told_to=told_to, open_to=open_to)
        said = _encode(entry)
        yield _happening(row["since"], "entry", said, about=row, told_to=told_to, open_to=open_to, given=given)

    def _of_change(
        self, change: dict[str, Any], earlier: list[dict[str, Any]], read: dict[UUID, Opened]
    ) -> Iterator[Happening]:
        position = change["since"]
        before, after = self._members[change["before_id"]], self._members[change["after_id"]]
        for entry, type in zip(change["earlier"], change["types"], strict=True):
            about = {**change, "type": type, "since": 0}
            yield _happening(position, "withdrawn", _withdrawn(entry), about=about, told_to=before, known_to=after)
        for row in earlier:
            if row["thing"] == change["thing"] and row["since"] < position:
                open_to = self._members[row["audience_id"]]
                entry, given = read[row["key"]]
                whom = {"told_to": after, "open_to": open_to, "known_to": before}
                yield _happening(position, "entry", _encode(entry), about=row, given=given, **whom)

    async def _learn(self, picture: Picture, *found: Iterable[dict[str, Any]]) -> None:
        columns = ("audience_id", "born_to", "before_id", "after_id")
        ids = {row[column] for rows in found for row in rows for column in columns if column in row}
        unknown = ids - self._members.keys()
        if unknown:
            query = select(audiences.c.id, audiences.c.members).where(audiences.c.id.in_(unknown))
            self._members |= {row["id"]: frozenset(row["members"]) for row in await picture.rows(query)}


def _happening(position: int, event: str, data: bytes, *, about: dict[str, Any], **whom: Any) -> Happening:
    return Happening(position, event, data, about["type"], about["country"], about["category"], about["since"], **whom)


def _done_to(row: dict[str, Any], target: dict[str, Any]) -> tuple[str, bytes]:
    if row["type"] == RETRACTED:
        return "withdrawn", _withdrawn(target["key"], by=row["key"])
    return "corrected", _encode({"entry": target["key"], "by": row["key"]})


def _withdrawn(entry: UUID, *, by: UUID | None = None) -> bytes:
    return _encode({"entry": entry, "by": by, "reason": "retracted" if by else "no_longer_for_you"})


async def _entries_after(picture: Picture, position: int) -> list[dict[str, Any]]:
    query = select(*_ENTRY).where(picture.true_then(entries), entries.c.since > position)
    return await picture.rows(query.order_by(entries.c.since).limit(SLICE))


async def _changes(picture: Picture, *, after: int, upto: int) -> list[dict[str, Any]]:
    """Changes of audience, each with what filters read of its thing."""
    columns = audience_changes.c
    query = select(
        columns.since, columns.thing, columns.before_id, columns.after_id,
        columns.earlier, columns.types, columns.country, columns.category,
    ).where(columns.operation == picture.viewer.operation, columns.since > after, columns.since <= upto)  # fmt: skip
    return await picture.rows(query.order_by(columns.since))


async def _of_things(picture: Picture, of: set[UUID], *, before: int) -> list[dict[str, Any]]:
    if not of:
        return []
    query = select(*_ENTRY).where(picture.true_then(entries), entries.c.thing.in_(of), entries.c.since < before)
    return await picture.rows(query.order_by(entries.c.since))


async def _targets(
    picture: Picture, rows: list[dict[str, Any]], data: dict[UUID, dict[str, Any]]
) -> dict[UUID, dict[str, Any]]:
    """What corrections and retractions are about."""
    wanted = [
        UUID(data[row["key"]]["report"]["data"]["target"]) for row in rows if row["type"] in (CORRECTED, RETRACTED)
    ]
    if not wanted:
        return {}
    query = select(*_ENTRY).where(picture.true_then(entries), entries.c.key.in_(wanted))
    return {row["key"]: row for row in await picture.rows(query)}
