"""Handling in force: what may be done with each record that leaves as a file, written onto it.

The codes are those of today, whatever moment is asked for: what was made stricter is stamped so in every export.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, and_, case, func, or_, select

from schemas.codes import HANDLING_CODES
from schemas.events.permission import PermissionRequested
from services.gateway.picture import Picture
from services.gateway.problems import PictureBehind
from services.shared.tables import OPEN, entries, things, timeline

HEADER = "Vcp-Handling"
_FREE = "H0"
_GRANTED = "granted"


@dataclass(frozen=True, slots=True)
class Stamp:
    """Handling codes with the conditions that their providers wrote."""

    codes: frozenset[str] = frozenset()
    conditions: tuple[str, ...] = ()

    def __or__(self, other: Self) -> "Stamp":
        said = (*self.conditions, *(one for one in other.conditions if one not in self.conditions))
        return Stamp(self.codes | other.codes, said)

    def on(self, row: dict[str, Any]) -> dict[str, Any]:
        """The row with the stamp on it."""
        return {**row, "handling": sorted(self.codes), "conditions": "; ".join(self.conditions) or None}

    def header(self) -> dict[str, str]:
        return {HEADER: ", ".join(sorted(self.codes))} if self.codes else {}

    def lines(self) -> dict[str, str]:
        """What a file says of itself: its codes, and what each forbids."""
        forbidding = {code: HANDLING_CODES.english[code] for code in sorted(self.codes) if code != _FREE}
        return {"handling": ", ".join(sorted(self.codes)) or "none", **forbidding}


@dataclass(frozen=True, slots=True)
class Stamps:
    """The stamps of entries, and of things, which carry those of all that was said of them."""

    of_entries: dict[UUID, Stamp] = field(default_factory=dict)
    of_things: dict[UUID, Stamp] = field(default_factory=dict)

    def of(self, row: dict[str, Any]) -> Stamp | None:
        """That of the record which a row shows; None for a row of no single record, such as a figure."""
        if "id" in row and "handling" in row:  # A feature, which is never sent without its stamp.
            return _stamp(row["handling"], row["conditions"])
        entry, thing = row.get("entry"), row.get("thing") or row.get("id")
        if entry is None and thing is None:
            return None
        key = UUID(str(entry or thing))
        found = self.of_entries.get(key) if entry is not None else self.of_things.get(key, self.of_entries.get(key))
        if found is None:
            raise PictureBehind("A record was taken from you while this was written; try again.")
        return found


async def stamped(rows: Sequence[dict[str, Any]], picture: Picture) -> tuple[list[dict[str, Any]], Stamp]:
    """Rows with their stamps on, and the stamp of all of them together.

    Where a row shows no single record, nobody can tell what is in it: the whole bears what all that is seen bears.
    """
    found = await _stamps(picture, _named(rows))
    permitted = await _permitted(picture, found)
    stamps = [_with_leave(found.of(row), row, permitted) for row in rows]
    whole = await stamp_of_all(picture) if None in stamps else Stamp()
    for stamp in stamps:
        whole |= stamp or Stamp()
    return [stamp.on(row) if stamp else row for row, stamp in zip(rows, stamps, strict=True)], whole


async def _permitted(picture: Picture, found: "Stamps") -> dict[UUID, list[str]]:
    """What the owners of records allowed the viewer's agency to do with them, in words."""
    columns = things.c
    record = columns.detail["target"].astext
    query = select(record.label("record"), columns.headline, columns.detail).where(
        columns.operation == picture.viewer.operation,
        columns.until == OPEN,
        columns.kind == PermissionRequested.opens,
        columns.state == _GRANTED,
        columns.agency == picture.viewer.agency,
        record.in_([str(one) for one in (*found.of_entries, *found.of_things)]),
    )
    permitted: dict[UUID, list[str]] = {}
    for row in await picture.rows(query.order_by(columns.recorded_at, columns.key)):
        granted = row["detail"]["followed"][-1]
        said = [
            f"Granted to {picture.viewer.agency}: {row['headline']} ({granted['entry']})",
            granted.get("conditions"),
        ]
        permitted.setdefault(UUID(row["record"]), []).append(", ".join(one for one in said if one))
    return permitted


def _with_leave(stamp: Stamp | None, row: dict[str, Any], permitted: dict[UUID, list[str]]) -> Stamp | None:
    if stamp is None or not permitted:
        return stamp
    named = {UUID(str(row[name])) for name in ("entry", "thing", "id") if row.get(name)}
    return stamp | Stamp(conditions=tuple(leave for one in sorted(named) for leave in permitted.get(one, ())))


async def stamp_of_all(picture: Picture) -> Stamp:
    """The codes of everything that the viewer sees of the operation."""
    codes = select(func.unnest(timeline.c.handling).label("code")).where(_now(picture)).distinct()
    return Stamp(frozenset(row["code"] for row in await picture.rows(codes)))


def _named(rows: Iterable[dict[str, Any]]) -> list[UUID]:
    named = (row.get("entry") or row.get("thing") or row.get("id") for row in rows)
    return [UUID(str(one)) for one in named if one is not None]


async def _stamps(picture: Picture, ids: list[UUID]) -> Stamps:
    found = Stamps()
    if not ids:
        return found
    columns, parked = entries.c, timeline.c.key.is_(None)
    query = (
        select(columns.key, columns.thing, timeline.c.handling, timeline.c.conditions)
        .add_columns(case((parked, columns.body)).label("body"))
        .join_from(entries, timeline, and_(_now(picture), timeline.c.key == columns.key), isouter=True)
        .where(
            columns.operation == picture.viewer.operation,
            columns.since <= picture.moment.position,
            or_(columns.key.in_(ids), columns.thing.in_(ids)),
        )
        .order_by(columns.since)
    )
    for row in await picture.rows(query):
        stamp = _posted(row["body"]) if row["body"] else _stamp(row["handling"], row["conditions"])
        found.of_entries[row["key"]] = stamp
        found.of_things[row["thing"]] = found.of_things.get(row["thing"], Stamp()) | stamp
    return found


def _posted(body: str) -> Stamp:
    """Of an entry that the views could not take: as it was posted."""
    said = msgspec.json.decode(body)["report"]["data"]["handling"]
    return _stamp(said["codes"], said.get("text"))


def _stamp(codes: Iterable[str], conditions: str | None) -> Stamp:
    return Stamp(frozenset(codes), (conditions,) if conditions else ())


def _now(picture: Picture) -> ColumnElement[bool]:
    return and_(timeline.c.operation == picture.viewer.operation, timeline.c.until == OPEN)
