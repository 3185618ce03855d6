"""What may count among numbers that others replace or include: found by the index, however many there were before."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    FromClause,
    Select,
    and_,
    func,
    literal_column,
    select,
    true,
    union,
    union_all,
)
from sqlalchemy.dialects.postgresql import distinct_on

from services.gateway.asked import Filtered
from services.gateway.figures.counted import Counted, included_in, of_metric, visible
from services.gateway.picture import Spot
from services.shared.tables import OPEN, facts

_SERIES = ("metric", "latest_of", "audience_id")
"""What the numbers have in common of which the latest counts."""
_EVER = literal_column("'-infinity'::timestamptz", DateTime(timezone=True))
ENDED: ColumnElement[int] = literal_column(str(OPEN), BigInteger)
"""What `until` is less than where a row has ended: said in the statement, so that the indexes of these are found."""
_ROW = ("key", "line", "since")
_CLAIM = ("metric", "unit", "qualifier", "agency", "joint_with", "credit_only", "quantity")
# Made once: an alias has as many columns as its table.
_NUMBER, _OUTER = facts.alias("number"), facts.alias("outer")


def standing_of(touched: Any, spot: Spot) -> Select[Any]:
    """What counts of these series at the spot.

    Of a series the latest number counts, with claims of mere credit that are no earlier; its old ones are not read.
    """
    number = _NUMBER
    last = (
        select(number.c.occurred_to)
        .where(_of(touched, number), spot.true_then(number), ~number.c.credit_only)
        .order_by(*(number.c[column].desc() for column in (*_SERIES, "occurred_to")))
        .limit(1)
        .lateral("last_number")
    )
    # Where there are claims of credit alone, nothing replaces them.
    begin = func.coalesce(last.c.occurred_to, _EVER)
    counting = (
        _claims(facts)
        .where(_of(touched, facts), facts.c.distinct_on.is_(None), spot.true_then(facts))
        .where(facts.c.occurred_to >= begin, Counted(spot, Filtered()).latest)
        .offset(0)
        .lateral("counting")
    )
    found = touched.outerjoin(last, true()).join(counting, true())
    return select(*counting.c).select_from(found)


def inside_of_aggregates(spot: Spot, name: str | None) -> Select[Any]:
    """What the totals have in them and an aggregate too, read from the aggregates, of which there are few.

    Both must be seen: that a hidden number is in an aggregate would tell whose it is.
    """
    # Those of one place are by far the most, and what was there is found by the index.
    there, anywhere = _OUTER.c.place == facts.c.place, _OUTER.c.place.is_(None)
    found = union_all(_inside(spot, name, there), _inside(spot, name, anywhere)).subquery().c
    row = [found[column] for column in _ROW]
    # Once each, however many aggregates include it.
    return select(*found).ext(distinct_on(*row)).order_by(*row)


def _inside(spot: Spot, name: str | None, where: ColumnElement[bool]) -> Select[Any]:
    aggregate = _OUTER
    inside = (
        _claims(facts, *_ROW)
        .where(spot.true_then(facts), included_in(aggregate, facts), where, visible(facts))
        .where(facts.c.distinct_on.is_(None), Counted(spot, Filtered()).latest)
        # Without this the planner would rather read all that might be in one.
        .offset(0)
        .lateral("inside")
    )
    return (
        select(*inside.c)
        .select_from(aggregate.join(inside, true()))
        .where(spot.true_then(aggregate), aggregate.c.includes_itemised, visible(aggregate))
        .where(*of_metric(aggregate, name))
    )


def touched_series(operation: Any, name: str | None, *, after: Any, until: Any) -> Any:
    """The series of which anything came or went between two positions."""
    moved = []
    for column in (facts.c.since, facts.c.until):
        here = [facts.c.operation == operation, facts.c.latest_of.is_not(None), *of_metric(facts, name)]
        within = [column > after, column <= until, column < ENDED]
        moved.append(select(*(facts.c[one] for one in _SERIES)).where(*here, *within))
    return union(*moved).cte("touched")


def _claims(table: FromClause, *more: str) -> Select[Any]:
    return select(*(table.c[name] for name in (*more, *_CLAIM)), visible(table).label("visible"))


def _of(touched: Any, table: Any) -> ColumnElement[bool]:
    return and_(*(table.c[column] == touched.c[column] for column in _SERIES))
