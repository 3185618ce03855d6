"""Things of one kind: arrests, cases, incidents, ...; each also by its id."""

from typing import Any
from uuid import UUID

from sqlalchemy import select, true

from services.gateway import view
from services.gateway.asked import Sorted
from services.gateway.pages import Order, Page, page, renamed, shown_columns
from services.gateway.picture import Picture
from services.gateway.vocabulary import RETRACTED, categories_of, check, states_of
from services.shared.tables import things

KINDS = {
    "arrests": "arrest",
    "hits": "hit",
    "crosschecks": "check",
    "seizures": "seizure",
    "cases": "case",
    "participants": "participant",
    "incidents": "incident",
}
"""The plain lists of things: where they are found, and which kind they show."""
EXAMPLE = {
    "thing": "7c0f3a52-6d0e-5a51-9b7e-2f6f5a9d1c11",
    "kind": "arrest",
    "state": "detained",
    "category": "fugitive",
    "agency": "BA",
    "country": "BA",
    "occurred_at": "2022-06-24T07:40:00Z",
    "recorded_at": "2022-06-24T10:05:00Z",
    "phase": "operational",
    "strand": None,
    "in_scope": False,
    "crime_areas": ["financial_crime"],
    "headline": "1 arrest: fugitive, red notice",
    "version": "7c0f3a52-6d0e-5a51-9b7e-2f6f5a9d1c11",
    "detail": {"category": "fugitive", "basis": "red_notice", "count": 1},
    "etag": '"invented-etag-0000000"',
}
COLUMNS = [column for column in shown_columns(things) if column.name != "last_position"]


async def things_page(picture: Picture, asked: Sorted, *conditions: Any, name: str, kind: str) -> Page:
    """Things of one kind. Retracted ones are left out unless that state is asked for. `name` is the view's path."""
    check("state", asked.state, states_of(kind))
    check("category", asked.category, categories_of(kind))
    narrower = [things.c.kind == kind, *conditions]
    if RETRACTED not in asked.state:
        narrower.append(things.c.state != RETRACTED)
    order = Order(things.c.occurred_at, newest_first=asked.newest_first)
    found = await page(picture, things, asked, *narrower, name=name, columns=COLUMNS, order=order)
    return Page([as_shown(picture, row) for row in found.rows], found.next)


async def operation_seen(picture: Picture) -> dict[str, Any] | None:
    """The operation as a thing: window, leads, priorities, state."""
    rows = await picture.rows(select(things.c.key).where(picture.true_then(things), things.c.kind == "operation"))
    return await one_thing(picture, rows[0]["key"]) if rows else None


async def one_thing(picture: Picture, thing: UUID, *, kind: str | None = None) -> dict[str, Any] | None:
    of_kind = things.c.kind == kind if kind else true()
    rows = await picture.rows(select(*COLUMNS).where(picture.true_then(things), things.c.key == thing, of_kind))
    return as_shown(picture, rows[0]) if rows else None


def as_shown(picture: Picture, row: dict[str, Any]) -> dict[str, Any]:
    """A row as an item: its ETag in place of what only the door must know."""
    shown = renamed(row, "thing")
    shown["etag"] = picture.seals.etag(shown["thing"], shown["version"])
    shown["detail"] = {name: value for name, value in shown["detail"].items() if name not in ("posters", "parties")}
    return shown


def _add_kind(path: str, kind: str) -> None:
    @view.pages(path, summary=f"The {path}", asked=Sorted, example=EXAMPLE | {"kind": kind})
    async def found(picture: Picture, asked: Sorted) -> Page:
        return await things_page(picture, asked, name=path, kind=kind)

    @view.thing(f"{path}/{{thing}}", summary=f"One {kind}, by the entry that opened it", example=EXAMPLE)
    async def one(picture: Picture, thing: UUID) -> dict[str, Any] | None:
        return await one_thing(picture, thing, kind=kind)


for _path, _kind in KINDS.items():
    _add_kind(_path, _kind)
