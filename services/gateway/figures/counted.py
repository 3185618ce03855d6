"""Which contributions count: neither replaced by a later cumulative number nor included in an aggregate."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, FromClause, Uuid, and_, case, cast, exists, func, or_, select, tuple_

from services.gateway.asked import Filtered
from services.gateway.figures.questions import Attribute, Attributed
from services.gateway.pages import narrowed
from services.gateway.picture import Spot
from services.shared.tables import audiences, facts

_WHAT_AN_AGGREGATE_NARROWS = ("country", "place", "phase", "strand")
"""What an aggregate leaves open it includes, wherever it was."""

# Made once: an alias has as many columns as its table, and a figure needs several.
_EARLIER, _LATER, _AGGREGATE = (facts.alias(name) for name in ("earlier", "later", "aggregate"))

_JUDGED_BY = ("latest_of", "distinct_on", "manner")


def visible(table: FromClause) -> ColumnElement[bool]:
    """Whether the viewer may see the contribution itself, and not only that it counts.

    The database gives a viewer nothing hidden but what counts all the same, so only that is looked into.
    """
    # Each once for a statement, as in the policies.
    tokens = select(func.string_to_array(func.nullif(func.current_setting("vcp.viewer", True), ""), ","))
    opens = table.c.audience_id.in_(
        select(audiences.c.id).where(audiences.c.members.op("&&")(tokens.scalar_subquery()))
    )
    return or_(~table.c.countable, opens)


def of_metric(table: FromClause, name: str | None) -> list[ColumnElement[bool]]:
    """The metric of this name and its parts, which are named after it; without a name, all."""
    if name is None:
        return []
    # The bounds are for the index: in the order of bytes "/" comes next after ".".
    bounds = (table.c.metric >= name, table.c.metric < f"{name}/")
    return [*bounds, or_(table.c.metric == name, func.starts_with(table.c.metric, f"{name}."))]


def stood_for(dropped: Collection[UUID]) -> ColumnElement[bool]:
    """Whether another record stands for this one. What counts once for each value needs none to do so."""
    # As one value, so that it is the same statement however many there are.
    return and_(facts.c.distinct_on.is_(None), facts.c.key == func.any(cast(list(dropped), ARRAY(Uuid))))


class Counted:
    """The contributions of one metric, or of all, that count for a viewer at a moment.

    Of a cumulative number the latest counts, whatever filters are asked for: so the days of an operation sum to it.
    """

    def __init__(
        self,
        spot: Spot,
        asked: Filtered,
        *,
        name: str | None = None,
        only: Collection[ColumnElement[bool]] = (),
        alone: bool = False,
    ) -> None:
        self._spot = spot
        self._asked = asked
        self._name = name
        self._only = only
        self.alone = alone
        """Whether all of them count by themselves, by what their metric is."""

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """What picks them from the facts; claims of mere credit are among them."""
        return [*self._picked, self.latest, ~self.included]

    @property
    def latest(self) -> ColumnElement[bool]:
        """What is no cumulative number, or one that no later one replaces."""
        return or_(facts.c.latest_of.is_(None), ~self._replaced())

    @property
    def by_themselves(self) -> list[ColumnElement[bool]]:
        """What picks those that count whatever else was reported, as nearly all do: each adds its quantity."""
        return [*self._picked, *(facts.c[name].is_(None) for name in _JUDGED_BY)]

    @property
    def judged(self) -> list[ColumnElement[bool]]:
        """What picks the others, that count as far as no other replaces, repeats or includes them."""
        return [*self.conditions, or_(*(facts.c[name].is_not(None) for name in _JUDGED_BY))]

    @property
    def _picked(self) -> list[ColumnElement[bool]]:
        return [*self._there(facts), *self._narrowed(), *self._only, *of_metric(facts, self._name)]

    @property
    def share(self) -> ColumnElement[Any]:
        """What each adds: a value that is counted once adds nothing when it comes again."""
        earlier = _EARLIER
        again = exists().where(
            *self._there(earlier),
            _same(earlier, "metric", "distinct_on"),
            tuple_(earlier.c.occurred_at, earlier.c.key) < tuple_(facts.c.occurred_at, facts.c.key),
        )
        return case((and_(facts.c.distinct_on.is_not(None), again), 0), else_=facts.c.quantity)

    def _there(self, table: FromClause) -> list[ColumnElement[bool]]:
        """What had happened and is known, as far as the viewer sees or is told of it."""
        there = [self._spot.true_then(table)]
        if self._asked.at is not None:
            there.append(table.c.occurred_to <= self._asked.at)
        return there

    def _narrowed(self) -> list[ColumnElement[bool]]:
        """Filters; hidden contributions that only count are in totals alone."""
        if not self._asked.is_narrowed and self._asked.at is None:
            return []
        filters = narrowed(facts, self._asked.model_copy(update={"at": None}))
        attributed_to_none = [
            ~facts.c.in_scope if name == "scope" else facts.c[name].is_(None) for name in self._without
        ]
        return [*filters, *attributed_to_none, visible(facts)]

    @property
    def _without(self) -> list[Attribute]:
        return self._asked.without if isinstance(self._asked, Attributed) else []

    def _replaced(self) -> ColumnElement[bool]:
        """Whether a later number of the same key, for the same viewers, stands in its place."""
        later = _LATER
        order = ("occurred_to", "occurred_at", "position")
        return exists().where(
            *self._there(later),
            _same(later, "metric", "latest_of", "audience_id"),
            ~later.c.credit_only,
            tuple_(*(later.c[name] for name in order)) > tuple_(*(facts.c[name] for name in order)),
        )

    @property
    def included(self) -> ColumnElement[bool]:
        """Whether an aggregate has it in it already.

        Both must be seen: that a hidden number is in an aggregate would tell whose it is.
        """
        aggregate = _AGGREGATE
        in_one = exists().where(
            *self._there(aggregate), included_in(aggregate, facts), visible(aggregate), visible(facts)
        )
        return and_(facts.c.manner.is_not(None), ~facts.c.includes_itemised, in_one)


def included_in(aggregate: FromClause, item: FromClause) -> ColumnElement[bool]:
    """Whether the one is an aggregate that has the other in it: of its kind, and within its period and place."""
    narrower = [
        or_(aggregate.c[name].is_(None), aggregate.c[name] == item.c[name]) for name in _WHAT_AN_AGGREGATE_NARROWS
    ]
    return and_(
        aggregate.c.includes_itemised,
        ~aggregate.c.credit_only,
        item.c.manner.is_not(None),
        ~item.c.includes_itemised,
        *(aggregate.c[name] == item.c[name] for name in ("metric", "agency", "manner")),
        *narrower,
        item.c.occurred_at >= aggregate.c.occurred_at,
        # Said once more, of the column that the index has.
        item.c.occurred_at <= aggregate.c.occurred_to,
        item.c.occurred_to <= aggregate.c.occurred_to,
    )


def _same(table: FromClause, *names: str) -> ColumnElement[bool]:
    return and_(*(table.c[name] == facts.c[name] for name in names))
