"""The history of a figure: when it moved, by which entry, and what it was from then on."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select, union

from schemas.metrics import Metric
from services.gateway.cursors import micros
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
    operation, now = picture.viewer.operation, picture.moment.position
    moves = []
    for table in (facts, statements, pairs):
        this = [table.c.operation == operation]
        if table is not pairs:
            this.append(table.c.metric == known.name)
        for column in (table.c.since, table.c.until):
            moves.append(select(column.label("position")).where(*this, column > after, column <= now, column < OPEN))
    moved = union(*moves).subquery()
    query = select(moved.c.position).order_by(moved.c.position).limit(limit)
    return [row["position"] for row in await picture.rows(query)]


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
