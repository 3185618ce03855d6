"""The ledger of seizures, by category and unit; kilograms and tablets are never added."""

from collections import defaultdict
from typing import Any

from sqlalchemy import func, select

from schemas.metrics import NOT_ESTABLISHED, NOT_STATED
from services.gateway import view
from services.gateway.asked import Filtered
from services.gateway.course import state_at
from services.gateway.pages import narrowed
from services.gateway.picture import Picture
from services.gateway.reckoned import figures_by_name
from services.gateway.shapes.numbers import Ledger
from services.gateway.views.things import of_kind
from services.gateway.vocabulary import categories_of, check
from services.shared.tables import things

_FAMILY = "seizures"
_PENDING = "pending_inventory"
_QUANTITY = things.c.detail["quantity"]
_EXAMPLE = {
    "items": [
        {
            "category": "cannabis",
            "unit": "KGM",
            "reported": {"value": 12.5, "qualifier": "about"},
            "deduplicated": {"value": 12.5, "qualifier": "about"},
            "records": 1,
            "pending_inventory": 1,
            "values": [{"unit": "EUR", "reported": {"value": 60000, "qualifier": "about"}}],
            "figure": "seizures.cannabis.KGM",
        }
    ],
    "pending_inventory": 1,
}


@view.document("seizures/ledger", summary="The ledger of seizures", shape=Ledger, asked=Filtered, example=_EXAMPLE)
async def ledger(picture: Picture, asked: Filtered) -> dict[str, Any]:
    """Seizures by category and unit, with how many records stand behind a line and how many wait for their inventory.

    A line is a figure, and drills down like it. Values in money stand apart, by currency. What waits for its inventory
    is listed by `/seizures?state=pending_inventory`.
    """
    check("category", asked.category, categories_of("seizure"))
    figures = await figures_by_name(picture, asked, family=_FAMILY)
    records = await _records(picture, asked)
    values: dict[str, list[dict[str, Any]]] = defaultdict(list)
    lines: dict[tuple[str, str], dict[str, Any]] = {}
    for name, figure in sorted(figures.items()):
        match name.split("."):
            case [family, category, "value", currency] if family == _FAMILY:
                values[category].append({"unit": currency, **_numbers(figure), "figure": name})
            case [family, category, unit] if family == _FAMILY:
                lines[category, unit] = {"category": category, "unit": unit, **_numbers(figure), "figure": name}
    items = [
        {**line, **records.get(key, {"records": 0, "pending_inventory": 0}), "values": values[key[0]]}
        for key, line in lines.items()
    ]
    return {"items": items, "pending_inventory": sum(one["pending_inventory"] for one in records.values())}


def _numbers(figure: dict[str, Any]) -> dict[str, Any]:
    return {"reported": figure["reported"], "deduplicated": figure["deduplicated"]}


async def _records(picture: Picture, asked: Filtered) -> dict[tuple[str, str], dict[str, int]]:
    state = state_at(asked.at)
    by = (
        func.coalesce(things.c.category, NOT_ESTABLISHED).label("of_category"),
        func.coalesce(_QUANTITY["unit"].astext, NOT_STATED).label("unit"),
    )
    query = (
        select(*by, func.count().label("records"), func.count().filter(state == _PENDING).label(_PENDING))
        .where(
            picture.true_then(things),
            ~things.c.credit_only,
            *of_kind(picture, asked, "seizure"),
            *narrowed(things, asked, state=state),
        )
        .group_by("of_category", "unit")
    )
    return {
        (row["of_category"], row["unit"]): {"records": row["records"], _PENDING: row[_PENDING]}
        for row in await picture.rows(query)
    }
