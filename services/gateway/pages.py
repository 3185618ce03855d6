"""Pages of a view: filters, keyset order and opaque cursors."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Column, ColumnElement, FromClause, Select, Table, Text, cast, select, tuple_

from services.gateway.asked import Filtered, Listing
from services.gateway.cursors import from_micros, micros
from services.gateway.picture import Picture
from services.gateway.problems import Malformed
from services.shared.tables import things

AHEAD = timedelta(minutes=5)
"""By how much a fact may lie ahead of its record: clocks differ."""
_FIRST = 2_000
"""How many of a list are looked through for those that wait, before the index of states is asked."""
_INSIDE = frozenset({"operation", "line", "since", "until", "audience_id"})


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one page, and the cursor of the next one."""

    rows: list[dict[str, Any]]
    next: str | None
    beside: dict[str, Any] = field(default_factory=dict)
    """What the list says beside its items."""


@dataclass(frozen=True, slots=True)
class Order:
    """A column of times by which a list is paged, and which end comes first."""

    by: Column[Any]
    newest_first: bool = True


def narrowed(table: Table, asked: Filtered, *, state: ColumnElement[str] | None = None) -> list[ColumnElement[bool]]:
    """The filters as conditions; one that this view does not have is refused. `state`: where it is no plain column."""
    columns = table.c
    conditions: list[ColumnElement[bool]] = []
    for name in ("type", "country", "agency", "category", "state", "phase", "strand"):
        values = getattr(asked, name)
        if values and name not in columns:
            raise Malformed(f"This view has no filter `{name}`.")
        if values:
            value = state if name == "state" and state is not None else columns[name]
            conditions.append(value.in_(values))
    if asked.crime_area:
        if "crime_areas" not in columns:
            raise Malformed("This view has no filter `crime_area`.")
        conditions.append(columns.crime_areas.op("&&")(cast(asked.crime_area, ARRAY(Text))))
    if asked.scope == "in":
        if "in_scope" not in columns:
            raise Malformed("This view has no filter `scope`.")
        conditions.append(columns.in_scope)
    if asked.from_ is not None:
        conditions.append(columns.occurred_at >= asked.from_)
    if asked.to is not None:
        conditions.append(columns.occurred_at < asked.to)
    if asked.at is not None:
        conditions.append(columns.occurred_at <= asked.at)
    return conditions


async def page(
    picture: Picture,
    table: Table,
    asked: Listing,
    *conditions: ColumnElement[bool],
    name: str,
    columns: list[Any],
    order: Order,
    state: ColumnElement[str] | None = None,
    waiting: Collection[str] = (),
    few: bool = False,
) -> Page:
    """One page in the order that is given. All pages of one cursor show the same moment.

    `waiting`: the states to which a list of things is narrowed, where few may be left in them; `few`: surely few.
    """
    by = tuple_(order.by, table.c.key)
    query = select(*columns).where(
        picture.true_then(table),
        # Without this bound a page of an early moment is found by stepping over all that came later.
        table.c.occurred_at <= picture.moment.as_of + AHEAD,
        *conditions,
        *narrowed(table, asked.model_copy(update={"state": []}) if waiting else asked, state=state),
    )
    if asked.cursor is not None:
        mark = _read(picture, asked, name)
        query = query.where(by < mark if order.newest_first else by > mark)
    await picture.walk_the_index()
    if waiting:
        rows = await _waiting(picture, query, waiting, order, limit=asked.limit + 1, few=few)
    else:
        rows = await picture.rows(query.order_by(*_ordered(table.c, order)).limit(asked.limit + 1))
    more = len(rows) > asked.limit
    rows = rows[: asked.limit]
    following = _cursor(picture, asked, name, rows[-1][order.by.name], rows[-1]["key"]) if more else None
    return Page(rows, following)


async def _waiting(
    picture: Picture, query: Select[Any], states: Collection[str], order: Order, *, limit: int, few: bool
) -> list[dict[str, Any]]:
    """Those in these states: among the first of the list, where many wait; else by the index of states.

    An old queue is nearly empty, and walking along the list to its few would pass everything that ever waited.
    """
    if not few:
        first = query.order_by(*_ordered(query.selected_columns, order)).limit(_FIRST).subquery()
        rows = await picture.rows(_of_states(first, states, order).limit(limit))
        if len(rows) == limit:
            return rows
    standing = query.where(things.c.state.in_(states)).cte("standing").prefix_with("materialized")
    await picture.find_standing()
    return await picture.rows(_of_states(standing, states, order).limit(limit))


def _of_states(found: FromClause, states: Collection[str], order: Order) -> Select[Any]:
    return select(found).where(found.c.state.in_(states)).order_by(*_ordered(found.c, order))


def _ordered(columns: Any, order: Order) -> tuple[Any, ...]:
    by = (columns[order.by.name], columns["key"])
    return tuple(column.desc() for column in by) if order.newest_first else by


def shown_columns(table: Table) -> list[Any]:
    """What an item may show of a row: never its span nor its audience."""
    return [column for column in table.c if column.name not in _INSIDE]


def renamed(row: dict[str, Any], name: str) -> dict[str, Any]:
    """A row under the name of what its key is: an entry or a thing."""
    return {name: row["key"], **{column: value for column, value in row.items() if column != "key"}}


def _read(picture: Picture, asked: Listing, name: str) -> tuple[datetime, UUID]:
    assert asked.cursor is not None
    content = picture.seals.read(asked.cursor, bound_to=(name, asked.query(), *picture.viewer.binding))
    return from_micros(content[16:24]), UUID(bytes=content[24:40])


def _cursor(picture: Picture, asked: Listing, name: str, at: datetime, key: UUID) -> str:
    moment = picture.moment
    # The first sixteen bytes of every page's cursor are its moment, and where the clocks stood.
    content = moment.seen.to_bytes(8, "big") + micros(moment.clock) + micros(at) + key.bytes
    return picture.seals.cursor(content, bound_to=(name, asked.query(), *picture.viewer.binding))
