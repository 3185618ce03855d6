"""Running totals: the sums at the last tally, with what came and went since: equally dear at any size."""

from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    Text,
    and_,
    bindparam,
    case,
    func,
    literal,
    select,
    union_all,
)

from schemas.metrics import adds_alone
from services.gateway.asked import Filtered
from services.gateway.figures.counted import Counted, of_metric, visible
from services.gateway.figures.standing import ENDED, inside_of_aggregates, standing_of, touched_series
from services.gateway.picture import Picture, Spot
from services.shared.tables import facts, tallies, totals

_OF_A_SUM = ("metric", "unit", "qualifier")
_BY = ("credit_only", "agency", "joint_with", "visible")
_AMOUNTS = ("total", "stated", "not_stated")
_OPERATION, _POSITION = bindparam("of_operation", type_=Text), bindparam("at_position", type_=BigInteger)
_TALLY = bindparam("at_tally", type_=BigInteger)
_NOW, _THEN = Spot(_OPERATION, _POSITION), Spot(_OPERATION, _TALLY)


async def last_tally(picture: Picture) -> int | None:
    """The last position up to the moment at which there are totals."""
    position = picture.moment.position
    query = select(func.max(tallies.c.position).label("last")).where(
        tallies.c.operation == picture.viewer.operation, tallies.c.position <= position
    )
    (row,) = await picture.rows(query)
    last: int | None = row["last"]
    return last


async def running_totals(
    picture: Picture, tally: int, *, name: str | None, by: tuple[str, ...]
) -> list[dict[str, Any]]:
    """Sums of what counts and the viewer sees or is told of: metric by metric, and by what of a claim is asked for."""
    async with picture.planned_once():
        rows = await picture.rows(running_totals_query(name, by), running_totals_parameters(picture, tally))
    return [row for row in rows if row["stated"] or row["not_stated"]]


def running_totals_parameters(picture: Picture, tally: int) -> dict[str, Any]:
    return {
        _OPERATION.key: picture.viewer.operation,
        _POSITION.key: picture.moment.position,
        _TALLY.key: tally,
    }


@lru_cache(maxsize=256)
def running_totals_query(name: str | None = None, by: tuple[str, ...] = _BY) -> Select[Any]:
    """The one query behind them. It is made once, which takes longer than to answer it."""
    parts = [_at_the_tally(name, by), _moved(name, by, came=True), _moved(name, by, came=False)]
    if name is None or not adds_alone(name):
        touched = touched_series(_OPERATION, name, after=_TALLY, until=_POSITION)
        parts += [
            _once_each(name, by),
            _contributed(standing_of(touched, _NOW), by, sign=1),
            _contributed(standing_of(touched, _THEN), by, sign=-1),
            # What the totals have in them although an aggregate includes it.
            _contributed(inside_of_aggregates(_NOW, name), by, sign=-1),
        ]
    moved = union_all(*parts).subquery().c
    groups = [moved[column] for column in (*_OF_A_SUM, *by)]
    return select(*groups, *(func.sum(moved[amount]).label(amount) for amount in _AMOUNTS)).group_by(*groups)


def _at_the_tally(name: str | None, by: tuple[str, ...]) -> Select[Any]:
    amounts = [totals.c[amount] for amount in _AMOUNTS]
    return select(*_columns(totals, by), *amounts).where(
        totals.c.operation == _OPERATION, totals.c.position == _TALLY, *of_metric(totals, name)
    )


def _moved(name: str | None, by: tuple[str, ...], *, came: bool) -> Select[Any]:
    """The contributions that came between the tally and the moment and hold, or held at the tally and went."""
    since, until = facts.c.since, facts.c.until
    if came:
        span = [since > _TALLY, since <= _POSITION, until > _POSITION]
    else:
        span = [since <= _TALLY, until > _TALLY, until <= _POSITION, until < ENDED]
    added_alone = and_(facts.c.latest_of.is_(None), facts.c.distinct_on.is_(None))
    return select(*_columns(facts, by), *_amounts(facts.c.quantity, sign=1 if came else -1)).where(
        facts.c.operation == _OPERATION, *span, added_alone, *of_metric(facts, name)
    )


def _once_each(name: str | None, by: tuple[str, ...]) -> Select[Any]:
    counted = Counted(_NOW, Filtered(), name=name, only=[facts.c.distinct_on.is_not(None)])
    return select(*_columns(facts, by), *_amounts(counted.share, sign=1)).where(*counted.judged)


def _contributed(contributions: Select[Any], by: tuple[str, ...], *, sign: int) -> Select[Any]:
    found = contributions.subquery().c
    return select(*(found[column] for column in (*_OF_A_SUM, *by)), *_amounts(found.quantity, sign=sign))


def _columns(table: FromClause, by: tuple[str, ...]) -> list[ColumnElement[Any]]:
    return [visible(table).label(name) if name == "visible" else table.c[name] for name in (*_OF_A_SUM, *by)]


def _amounts(quantity: ColumnElement[Any], *, sign: int) -> list[ColumnElement[Any]]:
    """What one contribution adds, or takes away; one that is not stated adds no quantity."""
    stated = quantity.is_not(None)
    return [
        (func.coalesce(quantity, 0) * literal(sign)).label("total"),
        case((stated, sign), else_=0).label("stated"),
        case((stated, 0), else_=sign).label("not_stated"),
    ]
