"""Pairs as a viewer sees them: which records they leave out of a count, and how many wait for a decision."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, and_, cast, func, select

from services.gateway.figures.one_of_each import Pair, left_out
from services.gateway.picture import Picture
from services.shared.tables import entries, facts, pairs

_OF_A, _OF_B = entries.alias("of_a"), entries.alias("of_b")
CONFIRMED, SUGGESTED = "confirmed", "suggested"


@dataclass(frozen=True, slots=True)
class Duplicates:
    """What confirmed pairs leave out, and the open pairs by the metrics that both their sides add to."""

    dropped: frozenset[UUID] = frozenset()
    pending: Counter[str] = field(default_factory=Counter)


async def duplicates(picture: Picture, *, at: datetime | None) -> Duplicates:
    """The duplicates of the operation at the moment. A pair that the viewer does not see changes nothing for it."""
    found = [row for row in await sides(picture) if row["state"] in (CONFIRMED, SUGGESTED) and row["a"] != row["b"]]
    if not found:
        return Duplicates()
    metrics = await _metrics(picture, {row[side] for row in found for side in ("a", "b")}, at=at)
    claims = {thing: frozenset(name.partition(".")[0] for name in names) for thing, names in metrics.items()}
    confirmed = [
        Pair(row["a"], row["b"], row["position"]) if row["keeps_a"] else Pair(row["b"], row["a"], row["position"])
        for row in found
        if row["state"] == CONFIRMED and (row["keeps_a"] or row["keeps_b"])
    ]
    pending = Counter(
        name
        for row in found
        if row["state"] == SUGGESTED
        for name in metrics.get(row["a"], frozenset()) & metrics.get(row["b"], frozenset())
    )
    return Duplicates(left_out(confirmed, claims), pending)


async def _metrics(picture: Picture, things: Iterable[UUID], *, at: datetime | None) -> dict[UUID, frozenset[str]]:
    """What each thing adds to, as far as the viewer is told of it."""
    # As one value, so that it is the same statement however many there are.
    is_one = facts.c.key == func.any(cast(list(things), ARRAY(Uuid)))
    conditions = [picture.true_then(facts), is_one, ~facts.c.credit_only]
    if at is not None:
        conditions.append(facts.c.occurred_to <= at)
    query = select(facts.c.key, func.array_agg(facts.c.metric.distinct()).label("metrics")).where(*conditions)
    return {row["key"]: frozenset(row["metrics"]) for row in await picture.rows(query.group_by(facts.c.key))}


async def sides(picture: Picture) -> list[dict[str, Any]]:
    """The pairs of the operation that the viewer sees, each with the things of its two sides."""
    query = (
        select(
            pairs.c.key,
            pairs.c.state,
            (pairs.c.kept == pairs.c.a).label("keeps_a"),
            (pairs.c.kept == pairs.c.b).label("keeps_b"),
            pairs.c.position,
            # A side may be named by any of its entries; what is hidden and only counts, by its opening alone.
            func.coalesce(_OF_A.c.thing, pairs.c.a).label("a"),
            func.coalesce(_OF_B.c.thing, pairs.c.b).label("b"),
        )
        .select_from(pairs)
        .outerjoin(_OF_A, and_(_OF_A.c.operation == pairs.c.operation, _OF_A.c.key == pairs.c.a))
        .outerjoin(_OF_B, and_(_OF_B.c.operation == pairs.c.operation, _OF_B.c.key == pairs.c.b))
        .where(picture.true_then(pairs))
    )
    return await picture.rows(query)
