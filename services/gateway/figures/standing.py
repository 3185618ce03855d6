"""What may count among numbers that others replace or include: found by the index, however many there were before."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, literal, select, true, tuple_
from sqlalchemy.dialects.postgresql import distinct_on

from services.gateway.figures.counted import Counted, included_in, of_metric, visible
from services.gateway.figures.running_totals import added_alone
from services.gateway.picture import Picture
from services.shared.tables import facts

_SERIES = ("metric", "latest_of", "audience_id")
"""What the numbers have in common of which the latest counts."""
_ROW = ("key", "line", "since")
_CLAIM = ("metric", "unit", "qualifier", "agency", "joint_with", "credit_only", "quantity")
# Made once: an alias has as many columns as its table.
_NUMBER, _OUTER, _ITEM = (facts.alias(name) for name in ("number", "outer", "item"))
_LAST, _EARLIER_SERIES = facts.alias("last"), facts.alias("earlier_series")


def last_of_each_series(picture: Picture, counted: Counted, name: str | None) -> Select[Any]:
    """Of each series the latest number, with claims of mere credit that are no earlier, as far as they count.

    The index leads from the end of one series to that of the next, so old numbers are not looked at.
    """
    ends, number = _ends(picture, name), _NUMBER
    last_number = (
        select(number.c.occurred_to)
        .where(_of(ends, number), picture.true_then(number), ~number.c.credit_only)
        .order_by(*(number.c[column].desc() for column in (*_SERIES, "occurred_to")))
        .limit(1)
        .correlate(ends)
        .scalar_subquery()
    )
    # A claim of credit replaces nothing, so before it stands what it does not replace.
    begin = case((~ends.c.credit_only, ends.c.occurred_to), else_=last_number)
    counting = (
        _claims(facts)
        .where(_of(ends, facts), facts.c.latest_of.is_not(None), facts.c.distinct_on.is_(None), *counted.conditions)
        .where(case((begin.is_(None), literal(True)), else_=facts.c.occurred_to >= begin))
        .offset(0)
        .lateral("counting")
    )
    return select(*counting.c).select_from(ends.join(counting, true()))


def inside_of_aggregates(picture: Picture, name: str | None) -> Select[Any]:
    """What the totals have in them and an aggregate too, read from the aggregates, of which there are few.

    Both must be seen: that a hidden number is in an aggregate would tell whose it is.
    """
    aggregate, item = _OUTER, _ITEM
    inside = (
        _claims(item, *_ROW)
        .where(picture.true_then(item), included_in(aggregate, item), visible(item), added_alone(item))
        # Without this the planner would rather read all that might be in one.
        .offset(0)
        .lateral("inside")
    )
    row = [inside.c[name] for name in _ROW]
    return (
        select(*inside.c)
        .select_from(aggregate.join(inside, true()))
        .where(picture.true_then(aggregate), aggregate.c.includes_itemised, visible(aggregate))
        .where(*of_metric(aggregate, name))
        # Once each, however many aggregates include it.
        .ext(distinct_on(*row))
        .order_by(*row)
    )


def _claims(table: FromClause, *more: str) -> Select[Any]:
    return select(*(table.c[name] for name in (*more, *_CLAIM)), visible(table).label("visible"))


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
