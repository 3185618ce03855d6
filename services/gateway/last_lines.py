"""When anything was last told of each place, from the indexes of places."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ARRAY, ColumnElement, Select, Text, cast, column, func, select, true

from services.gateway.pages import AHEAD
from services.gateway.picture import Picture
from services.shared.tables import timeline

Place = tuple[str | None, ...]


async def latest_at(
    picture: Picture, names: Sequence[str], places: Collection[Place], conditions: Collection[ColumnElement[bool]]
) -> dict[Place, datetime]:
    """The time of the last line that meets the conditions, of places of which there is one, by these attributes."""
    await picture.walk_the_index()
    # With this bound what came later is not stepped over; only where clocks were wrong a place has nothing within it.
    found = await _last_of(
        picture, names, places, [*conditions, timeline.c.occurred_at <= picture.moment.as_of + AHEAD]
    )
    left = [place for place in places if place not in found]
    return found | await _last_of(picture, names, left, conditions)


async def _last_of(
    picture: Picture, names: Sequence[str], places: Collection[Place], conditions: Collection[ColumnElement[bool]]
) -> dict[Place, datetime]:
    # What is not stated is found by another condition than what is, so that each sort of places is asked for by itself.
    alike: defaultdict[tuple[bool, ...], list[Place]] = defaultdict(list)
    for place in places:
        alike[tuple(part is not None for part in place)].append(place)
    found: dict[Place, datetime] = {}
    for stated, these in alike.items():
        for row in await picture.rows(_last(picture, names, stated, these, conditions)):
            found[these[row["nth"] - 1]] = row["occurred_at"]
    return found


def _last(
    picture: Picture,
    names: Sequence[str],
    stated: tuple[bool, ...],
    places: list[Place],
    conditions: Collection[ColumnElement[bool]],
) -> Select[tuple[int, datetime]]:
    lists = [cast([place[nth] for place in places], ARRAY(Text)) for nth in range(len(names))]
    asked = func.unnest(*lists).table_valued(
        *(column(name, Text) for name in names), with_ordinality="nth", name="asked"
    )
    here = asked.render_derived()
    columns = timeline.c
    of_place = [
        columns[name] == here.c[name] if is_stated else columns[name].is_(None)
        for name, is_stated in zip(names, stated, strict=True)
    ]
    last = (
        select(columns.occurred_at)
        .where(picture.true_then(timeline), *of_place, *conditions)
        .order_by(*(columns[name].desc() for name in names), columns.occurred_at.desc())
        .limit(1)
        .lateral("last_of_place")
    )
    return select(here.c.nth, last.c.occurred_at).select_from(here.join(last, true()))
