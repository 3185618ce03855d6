"""Lines of the timeline, counted from the blocks that lead to a moment and from what came and went after the last."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)

from services.gateway.asked import Filtered
from services.gateway.picture import Picture
from services.gateway.vocabulary import RETRACTED
from services.shared.tables import line_blocks, line_totals, timeline

_PLACE = ("country", "border_section", "crossing_point")
_SUMMED = ("lines", "located", "latitudes", "longitudes")
MILLIONTHS = 1e6
"""Parts of a degree: whole numbers add up to the same in any order, and can be taken away again."""

_BLOCK = line_blocks.c
_TOTAL = line_totals.c


@dataclass(frozen=True, slots=True)
class Blocks:
    """The blocks that lead to a moment, each by its position and by the one after which it begins; the last first."""

    spans: tuple[tuple[int, int], ...]

    @property
    def last(self) -> int:
        return self.spans[0][0]

    @property
    def totals(self) -> ColumnElement[bool]:
        """Their totals."""
        return or_(*(and_(_TOTAL.position == position, _TOTAL.after == after) for position, after in self.spans))


async def blocks_to(picture: Picture, asked: Filtered) -> Blocks | None:
    """The blocks that help to answer; None where not all lines are asked for, or there are no blocks yet."""
    if asked.is_narrowed or asked.at is not None:
        return None
    columns, here = (_BLOCK.position, _BLOCK.after), _BLOCK.operation == picture.viewer.operation
    last = select(*columns).where(here, _BLOCK.position <= picture.moment.position)
    # Of those that end at one position, the longest.
    chain = last.order_by(_BLOCK.position.desc(), _BLOCK.after).limit(1).cte("chain", recursive=True)
    before = select(*columns).where(here, _BLOCK.position == chain.c.after).order_by(_BLOCK.after).limit(1)
    found = before.lateral("before")
    chain = chain.union_all(select(found.c.position, found.c.after).select_from(chain.join(found, true())))
    spans = [(row["position"], row["after"]) for row in await picture.rows(select(chain))]
    return Blocks(tuple(sorted(spans, reverse=True))) if spans else None


async def lines_by(picture: Picture, blocks: Blocks, *names: str) -> dict[str, dict[str | None, int]]:
    """How many lines there are of each type, agency, country, state or quarter of an hour since 1970."""
    kept = select(_TOTAL.counted_by, _TOTAL.value, _TOTAL.lines).where(
        _TOTAL.operation == picture.viewer.operation, _TOTAL.counted_by.in_(names), blocks.totals
    )
    moved = _moved(picture, blocks).cte("moved").prefix_with("materialized")
    parts = [kept, *(_by(moved, name) for name in names)]
    counted = union_all(*parts).subquery().c
    lines = cast(func.sum(counted.lines), BigInteger)
    query = select(counted.counted_by, counted.value, lines.label("lines")).group_by(counted.counted_by, counted.value)
    found: dict[str, dict[str | None, int]] = {name: {} for name in names}
    for row in await picture.rows(query.having(lines != 0)):
        found[row["counted_by"]][row["value"]] = row["lines"]
    return found


def openings_by(picture: Picture, blocks: Blocks, *by: str, placed: bool) -> Select[Any]:
    """Openings that are not retracted by type and by what of a place is asked for, with the sums of their points.

    `placed`: only those at a border crossing point or section.
    """
    kept = select(
        *(_TOTAL[name] for name in by), _TOTAL.value.label("type"), *(_TOTAL[name] for name in _SUMMED)
    ).where(
        _TOTAL.operation == picture.viewer.operation,
        _TOTAL.counted_by == "place",
        blocks.totals,
        *(_at_border(_TOTAL) if placed else ()),
    )
    line = _moved(picture, blocks).subquery("moved").c
    sums = [
        line.sign.label("lines"),
        case((line.latitude.is_not(None), line.sign), else_=0).label("located"),
        *(
            (func.coalesce(millionths(line[name]), 0) * line.sign).label(f"{name}s")
            for name in ("latitude", "longitude")
        ),
    ]
    moved = select(*(line[name] for name in by), line.type, *sums).where(
        line.key == line.thing, line.state != RETRACTED, *(_at_border(line) if placed else ())
    )
    counted = union_all(kept, moved).subquery().c
    groups = [*(counted[name] for name in by), counted.type]
    lines, *others = (func.sum(counted[name]).label(name) for name in _SUMMED)
    return select(*groups, lines.label("records"), *others).group_by(*groups).having(func.sum(counted.lines) != 0)


def millionths(degrees: ColumnElement[Any]) -> ColumnElement[int]:
    return cast(func.round(degrees * MILLIONTHS), BigInteger)


def _moved(picture: Picture, blocks: Blocks) -> Select[Any]:
    """The lines that came after the last block and hold, and those that it has in it and that went since."""
    columns, position, last = timeline.c, picture.moment.position, blocks.last
    told = ("key", "thing", "type", "agency", "state", *_PLACE, "occurred_at", "latitude", "longitude")
    came = [columns.since > last, columns.since <= position, columns.until > position]
    went = [columns.since <= last, columns.until > last, columns.until <= position]
    parts = [
        select(*(columns[name] for name in told), literal(sign, Integer).label("sign")).where(
            columns.operation == picture.viewer.operation, *span
        )
        for sign, span in ((1, came), (-1, went))
    ]
    return select(union_all(*parts).subquery("each"))


def _by(moved: Any, name: str) -> Select[Any]:
    value = moved.c[name] if name != "quarter" else _quarter(moved.c.occurred_at)
    return select(literal(name, Text).label("counted_by"), value.label("value"), moved.c.sign.label("lines"))


def _quarter(time: ColumnElement[Any]) -> ColumnElement[str]:
    return cast(cast(func.floor(func.date_part("epoch", time) / 900), BigInteger), Text)


def _at_border(columns: Any) -> tuple[ColumnElement[bool], ...]:
    return (columns.border_section.is_not(None) | columns.crossing_point.is_not(None),)
