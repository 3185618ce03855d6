"""Duplicate review: pairs on record, both claims, and what was decided by whom."""

from typing import Any

from services.gateway import view
from services.gateway.asked import Sorted
from services.gateway.figures.pairs import sides
from services.gateway.pages import Order, Page, page
from services.gateway.picture import Picture
from services.gateway.shapes.records import Pair
from services.gateway.shapes.words import Listed
from services.gateway.views.things import EXAMPLE, things_by_id
from services.gateway.vocabulary import check
from services.shared.tables import pairs

_STATES = ("suggested", "confirmed", "rejected")
_SIDE = ("thing", "kind", "state", "headline", "agency", "country", "occurred_at")
_COLUMNS = ("key", "a", "b", "state", "kept", "reasons", "score", "suggested_by", "decided_by", "decision")
_EXAMPLE = {
    "pair": "9c0f3a52-6d0e-5a51-9b7e-2f6f5a9d1c11",
    "etag": EXAMPLE["etag"],
    "a": {name: EXAMPLE[name] for name in _SIDE},
    "b": {name: EXAMPLE[name] for name in _SIDE} | {"thing": "8c0f3a52-6d0e-5a51-9b7e-2f6f5a9d1c11", "agency": "MD"},
    "state": "suggested",
    "kept": None,
    "reasons": ["same_time", "same_place"],
    "score": 0.58,
    "suggested_by": "AT",
    "decided_by": None,
    "decision": None,
    "occurred_at": EXAMPLE["occurred_at"],
    "recorded_at": EXAMPLE["recorded_at"],
}


@view.pages(
    "duplicates",
    summary="Pairs that may be one, and what was decided",
    shape=Listed[Pair],
    asked=Sorted,
    example=_EXAMPLE,
)
async def duplicates(picture: Picture, asked: Sorted) -> Page:
    """Pairs on record. A side that the caller does not see is null. The `etag` is what a decision is posted with.

    What may be a duplicate and is not on record yet is under `figures/{metric}/duplicates`.
    """
    check("state", asked.state, _STATES)
    columns = [*(pairs.c[name] for name in _COLUMNS), pairs.c.occurred_at, pairs.c.recorded_at]
    order = Order(pairs.c.occurred_at, newest_first=asked.newest_first)
    found = await page(picture, pairs, asked, name="duplicates", columns=columns, order=order)
    things = {row["key"]: (row["a"], row["b"]) for row in await sides(picture)}
    wanted = {row["key"] for row in found.rows} | {side for row in found.rows for side in things[row["key"]]}
    shown = await things_by_id(picture, wanted)
    return Page([_shown(row, things[row["key"]], shown) for row in found.rows], found.next)


def _shown(row: dict[str, Any], things: tuple[Any, Any], shown: dict[Any, dict[str, Any]]) -> dict[str, Any]:
    told = {name: value for name, value in row.items() if name not in ("key", "a", "b")}
    both = {
        side: {name: shown[thing][name] for name in _SIDE} if thing in shown else None
        for side, thing in zip(("a", "b"), things, strict=True)
    }
    return {"pair": row["key"], "etag": shown[row["key"]]["etag"], **both, **told}
