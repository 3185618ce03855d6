"""Things of one kind: arrests, cases, incidents, ...; each also by its id."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from schemas.metrics import NOT_STATED
from services.gateway import view
from services.gateway.asked import Filtered, Sorted, SortedByDue
from services.gateway.course import as_it_was, state_at
from services.gateway.pages import Order, Page, narrowed, page, renamed, shown_columns
from services.gateway.picture import Picture
from services.gateway.shapes.records import RecordCounts, Thing
from services.gateway.shapes.words import Listed
from services.gateway.vocabulary import RETRACTED, WAITING, categories_of, check, states_of
from services.shared.tables import things

KINDS = {
    "arrests": "arrest",
    "children": "child",
    "deployments": "deployment",
    "detections": "detection",
    "goods": "goods",
    "handovers": "desk",
    "incidents": "incident",
    "investigations": "investigation",
    "lessons": "lesson",
    "listings": "listing",
    "measures": "measure",
    "nil-reports": "nil_report",
    "opinions": "opinion",
    "participants": "participant",
    "permissions": "permission",
    "refusals": "refusal",
    "seizures": "seizure",
    "sitreps": "sitrep",
    "premises": "search",
    "suspects": "suspect",
    "targets": "target",
    "victims": "victim",
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
    "due_at": None,
    "imported": False,
    "steps": [],
    "version": "7c0f3a52-6d0e-5a51-9b7e-2f6f5a9d1c11",
    "detail": {"category": "fugitive", "basis": "red_notice", "count": 1},
    "etag": '"invented-etag-0000000"',
}
COUNTS_EXAMPLE = {
    "total": 2,
    "by_state": {"invented": 2},
    "by_country": {"BA": 2},
    "by_category": {NOT_STATED: 2},
}
_UNSHOWN = ("last_position", "state", "review_at", "credit_only")
_COLUMNS = [column for column in shown_columns(things) if column.name not in _UNSHOWN]

_OF_THE_DOOR = ("posters", "parties", "held")
"""What of a thing's detail only the door must know."""


async def things_page(
    picture: Picture,
    asked: Sorted | SortedByDue,
    *conditions: ColumnElement[bool],
    name: str,
    kind: str,
    only_waiting: bool = False,
) -> Page:
    """Things of one kind. Retracted ones are left out unless that state is asked for. `name` is the view's path."""
    wanted = [state for state in WAITING.get(kind, ()) if not asked.state or state in asked.state]
    queue = only_waiting or (asked.state and set(asked.state) <= set(wanted))
    by_due = asked.sort == "due"
    order = Order(things.c.due_at if by_due else things.c.occurred_at, newest_first=asked.newest_first)
    if by_due:
        conditions = (*conditions, things.c.due_at.is_not(None))
    found = await page(
        picture,
        things,
        asked,
        *of_kind(picture, asked, kind),
        *conditions,
        name=name,
        columns=columns_of(picture),
        order=order,
        state=state_at(asked.at),
        # States of an earlier time of the fact are worked out, and no index has them.
        waiting=wanted if queue and asked.at is None else (),
        few=only_waiting,
    )
    return Page([as_shown(picture, row) for row in found.rows], found.next)


async def counts(picture: Picture, asked: Filtered, *, kind: str) -> dict[str, Any]:
    """How many things of one kind there are, by state, by country and by category: records, never persons."""
    state = state_at(asked.at)
    by = (state.label("by_state"), things.c.country.label("by_country"), things.c.category.label("by_category"))
    conditions = [*of_kind(picture, asked, kind), *narrowed(things, asked, state=state)]
    query = select(*by, func.count().label("records")).where(picture.true_then(things), *conditions)
    counted: dict[str, dict[str, int]] = {column.name: defaultdict(int) for column in by}
    total = 0
    names = [column.name for column in by]
    # In an order: the one in which the database comes upon them depends on how much is hidden.
    for row in await picture.rows(query.group_by(*names).order_by(*names)):
        total += row["records"]
        for name, of_value in counted.items():
            of_value[str(row[name]) if row[name] is not None else NOT_STATED] += row["records"]
    return {"total": total, **counted}


def of_kind(picture: Picture, asked: Filtered, kind: str) -> list[ColumnElement[bool]]:
    """What holds for all of one kind that are listed or counted; values that the kind cannot have are refused."""
    check("state", asked.state, states_of(kind))
    check("category", asked.category, categories_of(kind))
    conditions = [things.c.kind == kind]
    if RETRACTED not in asked.state:
        conditions.append(things.c.state != RETRACTED)
    return conditions


def columns_of(picture: Picture) -> list[Any]:
    """What an item is made from; its state is that of the time of the fact, where one is asked for."""
    return [*_COLUMNS, state_at(picture.moment.at).label("state")]


async def operation_seen(picture: Picture) -> dict[str, Any] | None:
    """The operation as a thing: window, leads, priorities, state."""
    rows = await picture.rows(select(things.c.key).where(picture.true_then(things), things.c.kind == "operation"))
    return await one_thing(picture, rows[0]["key"]) if rows else None


async def one_thing(picture: Picture, thing: UUID, *, kind: str | None = None) -> dict[str, Any] | None:
    """One thing; None when it does not exist, is hidden or had not happened by the time that is asked for."""
    found = (await things_by_id(picture, [thing])).get(thing)
    return found if found and kind in (None, found["kind"]) else None


async def things_by_id(picture: Picture, ids: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """Those of these things that the viewer sees and that had happened, whatever their kind and state."""
    conditions = [picture.true_then(things), things.c.key.in_(ids)]
    if picture.moment.at is not None:
        conditions.append(things.c.occurred_at <= picture.moment.at)
    rows = await picture.rows(select(*columns_of(picture)).where(*conditions))
    return {row["key"]: as_shown(picture, row) for row in rows}


def as_shown(picture: Picture, row: dict[str, Any]) -> dict[str, Any]:
    """A row as an item: its ETag in place of what only the door must know, and nothing that happened later."""
    shown = renamed(row, "thing")
    shown["etag"] = picture.seals.etag(shown["thing"], shown["version"])
    shown["detail"] = {name: value for name, value in shown["detail"].items() if name not in _OF_THE_DOOR}
    return shown if picture.moment.at is None else as_it_was(shown, picture.moment.at)


def add_counts(path: str, kind: str) -> None:
    """Registers the counts of a list of things that has no others to tell."""

    @view.document(
        f"{path}/counts", summary=f"The {path}, counted", shape=RecordCounts, asked=Filtered, example=COUNTS_EXAMPLE
    )
    async def counted(picture: Picture, asked: Filtered) -> dict[str, Any]:
        return await counts(picture, asked, kind=kind)


def _add_kind(path: str, kind: str) -> None:
    @view.pages(path, summary=f"The {path}", shape=Listed[Thing], asked=Sorted, example=EXAMPLE | {"kind": kind})
    async def found(picture: Picture, asked: Sorted) -> Page:
        return await things_page(picture, asked, name=path, kind=kind)

    @view.thing(f"{path}/{{thing}}", summary=f"One {kind}, by the entry that opened it", shape=Thing, example=EXAMPLE)
    async def one(picture: Picture, thing: UUID) -> dict[str, Any] | None:
        return await one_thing(picture, thing, kind=kind)

    add_counts(path, kind)


for _path, _kind in KINDS.items():
    _add_kind(_path, _kind)
