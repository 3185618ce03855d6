"""What may count among numbers that others replace or include: found by the index, however many there were before."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, literal, select, true, tuple_

from services.gateway.figures.counted import included_in, of_metric
from services.gateway.picture import Picture
from services.shared.tables import facts

_SERIES = ("metric", "latest_of", "audience_id")
"""What the numbers have in common of which the latest counts."""
_ROW = ("key", "line", "since")
# Made once: an alias has as many columns as its table.
_NUMBER, _CANDIDATE, _OUTER, _ITEM = (facts.alias(name) for name in ("number", "candidate", "outer", "item"))
_LAST, _EARLIER_SERIES = facts.alias("last"), facts.alias("earlier_series")


def among(candidates: Select[Any]) -> ColumnElement[bool]:
    """Whether a contribution is one of these."""
    return tuple_(*(facts.c[name] for name in _ROW)).in_(candidates)


def last_of_each_series(picture: Picture, name: str | None) -> Select[Any]:
    """The latest numbers of each series, with claims of mere credit that are no earlier: surely all that count.

    The index leads from the end of one series to that of the next, so old numbers are not looked at.
    """
    ends, number, row = _ends(picture, name), _NUMBER, _CANDIDATE
    last_number = (
        select(number.c.occurred_to)
        .where(_of(ends, number), picture.true_then(number), ~number.c.credit_only)
        .order_by(*(number.c[column].desc() for column in (*_SERIES, "occurred_to")))
        .limit(1)
        .scalar_subquery()
    )
    # A claim of credit replaces nothing, so before it stands what it does not replace.
    begin = case((~ends.c.credit_only, ends.c.occurred_to), else_=last_number)
    counting = (
        select(*(row.c[column] for column in _ROW))
        .where(_of(ends, row), picture.true_then(row))
        .where(case((begin.is_(None), literal(True)), else_=row.c.occurred_to >= begin))
        .offset(0)
        .lateral("counting")
    )
    return select(*(counting.c[column] for column in _ROW)).select_from(ends.join(counting, true()))


def inside_of_aggregates(picture: Picture, name: str | None) -> Select[Any]:
    """What an aggregate has in it, read from the aggregates, of which there are few."""
    aggregate, item = _OUTER, _ITEM
    inside = (
        select(*(item.c[column] for column in _ROW))
        .where(picture.true_then(item), included_in(aggregate, item))
        # Without this the planner would rather read all that might be in one.
        .offset(0)
        .lateral("inside")
    )
    return (
        select(*(inside.c[column] for column in _ROW))
        .select_from(aggregate.join(inside, true()))
        .where(picture.true_then(aggregate), aggregate.c.includes_itemised, *of_metric(aggregate, name))
    )


def _ends(picture: Picture, name: str | None) -> Any:
    """The latest that there is of each series, by jumps along the index from its end to its beginning."""

    def last_before(table: Any, *conditions: ColumnElement[bool]) -> Select[Any]:
        order = [table.c[column].desc() for column in (*_SERIES, "occurred_to")]
        within = [picture.true_then(table), table.c.latest_of.is_not(None), *of_metric(table, name)]
        return select(*(table.c[column] for column in shown)).where(*within, *conditions).order_by(*order).limit(1)

    shown = (*_SERIES, "occurred_to", "credit_only")
    ends = last_before(_LAST).cte("ends", recursive=True)
    table = _EARLIER_SERIES
    before = tuple_(*(table.c[column] for column in _SERIES)) < tuple_(*(ends.c[column] for column in _SERIES))
    following = last_before(table, before).lateral("next_end")
    return ends.union_all(select(*(following.c[column] for column in shown)).select_from(ends.join(following, true())))


def _of(ends: Any, table: Any) -> ColumnElement[bool]:
    return and_(*(table.c[column] == ends.c[column] for column in _SERIES))
