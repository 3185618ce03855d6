"""Running totals: the sums at the last tally, with what came and went since: equally dear at any size."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, func, select, union_all

from services.gateway.figures.counted import of_metric, visible
from services.gateway.picture import Picture
from services.shared.tables import facts, tallies, totals

_GROUPS = ("metric", "unit", "qualifier", "agency", "joint_with", "credit_only")
_AMOUNTS = ("total", "stated", "not_stated")


def added_alone(table: FromClause) -> ColumnElement[bool]:
    """What is in the totals: what neither replaces another number nor counts once for each value."""
    return and_(table.c.latest_of.is_(None), table.c.distinct_on.is_(None))


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
    """Sums of what the viewer sees or is told of: metric by metric, and by what else of a claim is asked for."""
    rows = await picture.rows(running_totals_query(picture, tally, name=name, by=by))
    return [row for row in rows if row["stated"] or row["not_stated"]]


def running_totals_query(
    picture: Picture,
    tally: int,
    *,
    name: str | None,
    by: tuple[str, ...] = ("credit_only", "agency", "joint_with", "visible"),
) -> Select[Any]:
    """The one query behind them, whose plan the benchmark shows."""
    moved = union_all(
        _at(picture, tally, name), _since(picture, tally, name, came=True), _since(picture, tally, name, came=False)
    ).subquery()
    groups = [moved.c[column] for column in ("metric", "unit", "qualifier", *by)]
    amounts = [func.sum(moved.c[amount]).label(amount) for amount in _AMOUNTS]
    return select(*groups, *amounts).group_by(*groups)


def _at(picture: Picture, tally: int, name: str | None) -> Select[Any]:
    columns = [totals.c[column] for column in (*_GROUPS, *_AMOUNTS)]
    return select(*columns, visible(totals).label("visible")).where(
        totals.c.operation == picture.viewer.operation, totals.c.position == tally, *of_metric(totals, name)
    )


def _since(picture: Picture, tally: int, name: str | None, *, came: bool) -> Select[Any]:
    """The contributions that came between the tally and the moment and hold, or held at the tally and went."""
    position, sign = picture.moment.position, 1 if came else -1
    since, until = facts.c.since, facts.c.until
    if came:
        span = [since > tally, since <= position, until > position]
    else:
        span = [since <= tally, until > tally, until <= position]
    stated = facts.c.quantity.is_not(None)
    return select(
        *(facts.c[column] for column in _GROUPS),
        (func.coalesce(facts.c.quantity, 0) * sign).label("total"),
        case((stated, sign), else_=0).label("stated"),
        case((stated, 0), else_=sign).label("not_stated"),
        visible(facts).label("visible"),
    ).where(facts.c.operation == picture.viewer.operation, *span, added_alone(facts), *of_metric(facts, name))
