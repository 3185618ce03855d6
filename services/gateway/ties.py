"""Ties between things, in both directions: what names what, as far as the viewer sees both."""

from collections.abc import Collection
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, select

from services.gateway.picture import Picture
from services.shared.tables import entries, links


class Tie(NamedTuple):
    """One thing names another, as something."""

    thing: UUID
    rel: str
    target: UUID


async def ties_of(picture: Picture, things: Collection[UUID]) -> list[Tie]:
    """The ties from these things and to them. An entry of a thing stands for the thing."""
    to = _ties(picture).where(entries.c.thing.in_(things))
    of = _ties(picture).where(links.c.thing.in_(things))
    found = {_tie(row) for query in (to, of) for row in await picture.rows(query)}
    return sorted(found)


async def ties_to(picture: Picture, things: Collection[UUID], *rels: str) -> list[Tie]:
    """The ties of these sorts to these things."""
    query = _ties(picture).where(entries.c.thing.in_(things), links.c.rel.in_(rels))
    return sorted({_tie(row) for row in await picture.rows(query)})


def _ties(picture: Picture) -> Any:
    return (
        select(links.c.thing, links.c.rel, entries.c.thing.label("target"))
        .join_from(
            links,
            entries,
            and_(entries.c.operation == links.c.operation, entries.c.key == links.c.target, picture.true_then(entries)),
        )
        .where(picture.true_then(links), links.c.thing != entries.c.thing)
    )


def _tie(row: dict[str, Any]) -> Tie:
    return Tie(row["thing"], row["rel"], row["target"])
