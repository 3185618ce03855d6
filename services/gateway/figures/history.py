"""The history of a figure: when it moved, by which entry, and what it was from then on."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, Table, and_, func, select, union

from schemas.metrics import Metric
from services.gateway.cursors import micros
from services.gateway.figures.counted import of_metric
from services.gateway.figures.drill_down import position_told
from services.gateway.figures.figure import numbers_of
from services.gateway.figures.questions import FigureHistory
from services.gateway.pages import Page
from services.gateway.picture import Picture
from services.shared.tables import OPEN, entries, facts, pairs, statements, timeline

_Item = dict[str, Any]


def history_of(name: str) -> str:
    """What the cursors of a figure's history are bound to."""
    return f"history of {name}"


async def history(picture: Picture, known: Metric, asked: FigureHistory) -> Page:
    """A page of what moved a figure, oldest first. A hidden entry that moved it is neither named nor dated."""
    binding = (history_of(known.name), asked.query(), *picture.viewer.binding)
    after = int.from_bytes(picture.seals.read(asked.cursor, bound_to=binding)[16:24], "big") if asked.cursor else 0
    positions = await _positions(picture, known, after=after, limit=asked.limit + 1)
    more, positions = len(positions) > asked.limit, positions[: asked.limit]
    told = await _told(picture, positions)
    before = await numbers_of(_then(picture, positions[0] - 1), known, asked) if positions else {}
    items = []
    for position in positions:
        numbers = await numbers_of(_then(picture, position), known, asked)
        # A correction that leaves the number as it was did not move it.
        if numbers != before:
            items.append({**told.get(position, _RESTRICTED), **numbers})
        before = numbers
    following = None
    if more:
        # The first sixteen bytes of every page's cursor are its moment, and where the clocks stood.
        moment = (await position_told(picture)).to_bytes(8, "big") + micros(picture.moment.clock)
        content = moment + positions[-1].to_bytes(8, "big")
        following = picture.seals.cursor(content, bound_to=binding)
    return Page(items, following)


_RESTRICTED: _Item = {"entry": None, "type": None, "agency": None, "headline": "restricted", "recorded_at": None}


async def _positions(picture: Picture, known: Metric, *, after: int, limit: int) -> list[int]:
    """Where something changed that the figure may rest on."""
    # A record of another part of the same whole may stand for one of this part: when it goes, that one counts again.
    of_whole = [*of_metric(facts, known.name.partition(".")[0]), facts.c.key.in_(_paired(picture))]
    rests_on: list[tuple[Table, list[ColumnElement[bool]]]] = [
        (facts, [facts.c.metric == known.name]),
        (facts, of_whole),
        (statements, [statements.c.metric == known.name]),
        (pairs, []),
    ]
    moves = []
    for table, conditions in rests_on:
        for column in (table.c.since, table.c.until):
            here = [table.c.operation == picture.viewer.operation, *conditions]
            within = [column > after, column <= picture.moment.position, column < OPEN]
            # Each by itself from its index: there may be very many, and a page is short.
            first = select(column.label("position")).where(*here, *within).distinct().order_by(column).limit(limit)
            moves.append(select(first.subquery().c.position))
    moved = union(*moves).subquery()
    query = select(moved.c.position).order_by(moved.c.position).limit(limit)
    return [row["position"] for row in await picture.rows(query)]


def _paired(picture: Picture) -> CompoundSelect[UUID]:
    """The records that were ever a side of a pair; a side may be named by any entry of its record."""
    sides, here = [], pairs.c.operation == picture.viewer.operation
    for column in (pairs.c.a, pairs.c.b):
        named = and_(entries.c.operation == pairs.c.operation, entries.c.key == column)
        thing = func.coalesce(entries.c.thing, column)
        sides.append(select(thing).select_from(pairs).outerjoin(entries, named).where(here))
    return union(*sides)


async def _told(picture: Picture, positions: list[int]) -> dict[int, _Item]:
    query = (
        select(
            entries.c.since.label("position"),
            entries.c.key.label("entry"),
            entries.c.type,
            entries.c.agency,
            timeline.c.headline,
            entries.c.moment.label("recorded_at"),
        )
        .join_from(entries, timeline, timeline.c.key == entries.c.key)
        .where(
            entries.c.operation == picture.viewer.operation,
            entries.c.since.in_(positions),
            picture.true_then(timeline),
        )
    )
    return {row.pop("position"): row for row in await picture.rows(query)}


def _then(picture: Picture, position: int) -> Picture:
    return replace(picture, moment=replace(picture.moment, position=position))
