"""The lines behind a figure: what each entry contributes. They sum to it, page by page."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, tuple_

from services.gateway.cursors import from_micros, micros
from services.gateway.figures.amounts import number
from services.gateway.figures.counted import Counted, stood_for, visible
from services.gateway.figures.pairs import duplicates
from services.gateway.figures.questions import FigureLines
from services.gateway.pages import Page
from services.gateway.picture import Picture
from services.shared.tables import facts, timeline

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(minutes=5)
_Mark = tuple[bool, datetime, UUID, int]
"""The last line of a page: whether it was a restricted one, and where it stands."""


async def contributions(picture: Picture, name: str, asked: FigureLines) -> Page:
    """A page of the lines behind a figure: oldest first, and those whose time is not told at the end."""
    counted = Counted(picture.spot, asked)
    wanted = [*counted.conditions, facts.c.metric == name, *await _of_the_number(picture, asked)]
    mark = _read(picture, name, asked) if asked.cursor else None
    await picture.walk_the_index()
    rows: list[dict[str, Any]] = []
    if mark is None or not mark[0]:
        rows = await _seen(picture, counted, wanted, after=mark, limit=asked.limit + 1)
        mark = None
    if len(rows) <= asked.limit:
        rows += await _restricted(picture, counted, wanted, after=mark, limit=asked.limit + 1 - len(rows))
    more, rows = len(rows) > asked.limit, rows[: asked.limit]
    following = _cursor(picture, name, asked, rows[-1], position=await position_told(picture)) if more else None
    return Page([_line(row) for row in rows], following)


async def _of_the_number(picture: Picture, asked: FigureLines) -> list[ColumnElement[bool]]:
    if asked.credit is not None:
        return [or_(facts.c.agency == asked.credit, facts.c.joint_with.any(asked.credit))]
    if asked.number == "reported":
        return [~facts.c.credit_only]
    dropped = (await duplicates(picture, at=asked.at)).dropped
    return [~facts.c.credit_only, *([not_(stood_for(dropped))] if dropped else [])]


async def _seen(
    picture: Picture, counted: Counted, wanted: list[ColumnElement[bool]], *, after: _Mark | None, limit: int
) -> list[dict[str, Any]]:
    order = (facts.c.occurred_at, facts.c.key, facts.c.line)
    told = (timeline.c.agency, timeline.c.headline)
    query = (
        select(*order, facts.c.entry, counted.share.label("share"), facts.c.unit, facts.c.qualifier, *told)
        .join_from(facts, timeline, and_(picture.true_then(timeline), timeline.c.key == facts.c.entry), isouter=True)
        .where(*wanted, visible(facts), facts.c.occurred_at <= picture.moment.as_of + _AHEAD)
        .order_by(*order)
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(*order) > after[1:])
    return [{**row, "restricted": False} for row in await picture.rows(query)]


async def _restricted(
    picture: Picture, counted: Counted, wanted: list[ColumnElement[bool]], *, after: _Mark | None, limit: int
) -> list[dict[str, Any]]:
    """What counts and is hidden: by its key, because the order of times would tell of them."""
    columns = (facts.c.key, facts.c.line, counted.share.label("share"), facts.c.unit, facts.c.qualifier)
    query = select(*columns).where(*wanted, facts.c.countable, not_(visible(facts)))
    if after is not None:
        query = query.where(tuple_(facts.c.key, facts.c.line) > after[2:])
    query = query.order_by(facts.c.key, facts.c.line).limit(limit)
    return [{**row, "restricted": True, "occurred_at": _EPOCH} for row in await picture.rows(query)]


async def position_told(picture: Picture) -> int:
    """The position of the pages that follow: of what the viewer sees, and of hidden numbers that count for it."""
    closed = func.max(facts.c.until).filter(facts.c.until <= picture.moment.position)
    query = select(func.max(facts.c.since).label("opened"), closed.label("closed")).where(
        facts.c.operation == picture.viewer.operation, facts.c.countable, facts.c.since <= picture.moment.position
    )
    (row,) = await picture.rows(query)
    return max(picture.moment.seen, row["opened"] or 0, row["closed"] or 0)


def _line(row: dict[str, Any]) -> dict[str, Any]:
    contribution = {"value": number(row["share"]), "unit": row["unit"], "qualifier": row["qualifier"]}
    if row["restricted"]:
        told = {"entry": None, "agency": None, "occurred": None, "headline": "restricted"}
    else:
        told = {name: row[name] for name in ("entry", "agency")}
        told |= {"occurred": row["occurred_at"], "headline": row["headline"]}
    return {**told, "contribution": contribution}


def lines_of(name: str) -> str:
    """What the cursors of a figure's lines are bound to."""
    return f"lines of {name}"


def _binding(picture: Picture, name: str, asked: FigureLines) -> tuple[str, ...]:
    return (lines_of(name), asked.query(), *picture.viewer.binding)


def _cursor(picture: Picture, name: str, asked: FigureLines, row: dict[str, Any], *, position: int) -> str:
    # The first sixteen bytes of every page's cursor are its moment, and where the clocks stood.
    moment = position.to_bytes(8, "big") + micros(picture.moment.clock)
    place = micros(row["occurred_at"]) + row["key"].bytes + row["line"].to_bytes(2, "big")
    content = moment + place + bytes([row["restricted"]])
    return picture.seals.cursor(content, bound_to=_binding(picture, name, asked))


def _read(picture: Picture, name: str, asked: FigureLines) -> _Mark:
    assert asked.cursor is not None
    content = picture.seals.read(asked.cursor, bound_to=_binding(picture, name, asked))
    place, line, restricted = content[16:40], int.from_bytes(content[40:42], "big"), bool(content[42])
    return restricted, from_micros(place[:8]), UUID(bytes=place[8:]), line
