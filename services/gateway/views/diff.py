"""What changed between two moments: which things came or moved, and which figures."""

from collections import defaultdict
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import Field
from sqlalchemy import and_, select

from services.gateway import view
from services.gateway.asked import Filtered, Paged, Reading, moment_of
from services.gateway.cursors import micros
from services.gateway.pages import Page
from services.gateway.picture import Picture
from services.gateway.problems import Fault, Malformed
from services.gateway.reckoned import difference, figures_by_name, stands
from services.gateway.shapes.boards import Changes
from services.gateway.shapes.numbers import FiguresMoved
from services.gateway.views.things import EXAMPLE, things_by_id
from services.shared.tables import entries, things

_NUMBERS = ("reported", "deduplicated", "validated", "released", "disputed", "duplicates_pending")
_Moment = Annotated[str, Field(max_length=64)]


class BetweenAsked(Reading):
    """The two moments, instead of one."""

    asks_as: ClassVar = "to"

    from_: _Moment = Field(alias="from", description="The earlier: a time with its offset, or an entry id.")
    to: _Moment | None = Field(None, description="The later; without one, now.")

    def as_of_moment(self) -> Any:
        """The later of the two is the moment that is shown."""
        if self.as_of is not None:
            raise Malformed("This view has `from` and `to` instead of `as_of`.")
        return None if self.to is None else moment_of(self.to, name="to")


class DiffAsked(BetweenAsked, Paged):
    """What changed, in pages."""


_EXAMPLE = {
    "thing": EXAMPLE["thing"],
    "kind": "arrest",
    "change": "changed",
    "before": {**EXAMPLE, "state": "made"},
    "after": EXAMPLE,
    "entries": [
        {
            "entry": "8c0f3a52-6d0e-5a51-9b7e-2f6f5a9d1c11",
            "type": "arrest.updated.v1",
            "agency": "BA",
            "recorded_at": "2022-06-25T09:00:00Z",
        }
    ],
}


@view.pages("diff", summary="What changed between two moments", shape=Changes, asked=DiffAsked, example=_EXAMPLE)
async def diff(picture: Picture, asked: DiffAsked) -> Page:
    """Each thing of which something was recorded after `from` and up to `to`: as it stood before and as it stands then.

    `new`, `changed`, or `retracted`; in the order of what was recorded of them last.
    """
    earlier = await _earlier(picture, asked)
    binding = ("diff", asked.query(), *picture.viewer.binding)
    after = earlier.moment.position
    if asked.cursor is not None:
        after = int.from_bytes(picture.seals.read(asked.cursor, bound_to=binding)[16:24], "big")
    rows = await picture.rows(_last_of_each(picture, after=after, limit=asked.limit + 1))
    more, rows = len(rows) > asked.limit, rows[: asked.limit]
    ids = [row["thing"] for row in rows]
    told = await _told(picture, ids, after=earlier.moment.position)
    now, before = await things_by_id(picture, ids), await things_by_id(earlier, ids)
    items = [_item(now[id], before.get(id), told[id]) for id in ids if id in now]
    following = None
    if more:
        content = picture.moment.seen.to_bytes(8, "big") + micros(picture.moment.clock)
        following = picture.seals.cursor(content + rows[-1]["since"].to_bytes(8, "big"), bound_to=binding)
    return Page(items, following, {"from": earlier.moment.said()})


@view.document(
    "diff/figures",
    summary="Which figures moved between two moments",
    shape=FiguresMoved,
    asked=BetweenAsked,
    example={
        "from": {"as_of": "2022-06-24T12:00:00Z", "at": None, "live": False},
        "items": [
            {
                "metric": "arrests",
                "title": "Arrests",
                "unit": "person",
                "before": {"deduplicated": {"value": 9, "qualifier": "exact"}},
                "after": {"deduplicated": {"value": 12, "qualifier": "exact"}},
                "delta": 3,
            }
        ],
    },
)
async def moved(picture: Picture, asked: BetweenAsked) -> dict[str, Any]:
    """The figures of which any number is another at `to` than it was at `from`."""
    earlier = await _earlier(picture, asked)
    narrower = Filtered(at=asked.at)
    now, before = await figures_by_name(picture, narrower), await figures_by_name(earlier, narrower)
    items = [_moved(now.get(name), before.get(name)) for name in now | before]
    return {"from": earlier.moment.said(), "items": [item for item in items if item["before"] != item["after"]]}


async def _earlier(picture: Picture, asked: BetweenAsked) -> Picture:
    earlier = await picture.as_of(moment_of(asked.from_, name="from"), name="from")
    if earlier.moment.position > picture.moment.position:
        fault: Fault = {"pointer": "/query/to", "detail": "Lies before `from`."}
        raise Malformed("The range is reversed.", faults=[fault])
    return earlier


def _last_of_each(picture: Picture, *, after: int, limit: int) -> Any:
    """The last entry of each thing in the span, in the order of the log."""
    columns, later = entries.c, entries.alias("later")
    same_thing = and_(later.c.thing == columns.thing, later.c.since > columns.since)
    overtaken = select(later.c.key).where(picture.true_then(later), same_thing).exists()
    query = select(columns.thing, columns.since).where(picture.true_then(entries), columns.since > after, ~overtaken)
    if picture.moment.at is not None:
        happened = select(things.c.key).where(
            picture.true_then(things), things.c.key == columns.thing, things.c.occurred_at <= picture.moment.at
        )
        query = query.where(happened.exists())
    return query.order_by(columns.since).limit(limit)


async def _told(picture: Picture, ids: list[UUID], *, after: int) -> dict[UUID, list[dict[str, Any]]]:
    columns = entries.c
    query = (
        select(
            columns.thing, columns.key.label("entry"), columns.type, columns.agency, columns.moment.label("recorded_at")
        )
        .where(picture.true_then(entries), columns.thing.in_(ids), columns.since > after)
        .order_by(columns.since)
    )
    told: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in await picture.rows(query):
        told[row.pop("thing")].append(row)
    return told


def _item(now: dict[str, Any], before: dict[str, Any] | None, told: list[dict[str, Any]]) -> dict[str, Any]:
    change = "new" if before is None else "changed"
    if now["state"] == "retracted" and (before is None or before["state"] != "retracted"):
        change = "retracted"
    return {
        "thing": now["thing"],
        "kind": now["kind"],
        "change": change,
        "before": before,
        "after": now,
        "entries": told,
    }


def _moved(now: dict[str, Any] | None, before: dict[str, Any] | None) -> dict[str, Any]:
    known = now or before
    assert known is not None
    return {
        **{name: known[name] for name in ("metric", "title", "unit")},
        "before": _numbers(before),
        "after": _numbers(now),
        "delta": difference(stands(now), stands(before)),
    }


def _numbers(figure: dict[str, Any] | None) -> dict[str, Any] | None:
    """The numbers of a figure, without what it is called and where it is found."""
    return None if figure is None else {name: figure[name] for name in _NUMBERS}
