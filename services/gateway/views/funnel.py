"""The funnel: from searches to hits, to confirmed hits, to what was done about them, to arrests."""

from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from schemas.codes import DATABASES
from services.gateway import view
from services.gateway.asked import Filtered
from services.gateway.course import last_outcome
from services.gateway.pages import narrowed
from services.gateway.picture import Picture
from services.gateway.reckoned import figures_by_name, stands
from services.gateway.shapes.numbers import Funnel
from services.gateway.views.things import of_kind
from services.shared.tables import entries, links, things

_DATABASE = things.c.detail["database"].astext
_LINE = {
    "database": "SLTD",
    "searches": {"value": 1200, "qualifier": "exact"},
    "raised": 3,
    "confirmed": 2,
    "refuted": 0,
    "undetermined": 0,
    "actioned": 1,
    "confirmed_without_action": 1,
    "led_to_arrest": 1,
    "arrests": 1,
}


@view.document(
    "funnel",
    summary="From searches to arrests, by database",
    shape=Funnel,
    asked=Filtered,
    example={"items": [_LINE], "searches_without_system": {"value": 0, "qualifier": "exact"}},
)
async def funnel(picture: Picture, asked: Filtered) -> dict[str, Any]:
    """By database: searches as reported, and records of hits raised, confirmed, acted upon, and that led to arrests.

    Databases are never added: one search may ask several of them, and one person may stand in several.
    """
    conditions = [*of_kind(picture, asked, "hit"), ~things.c.credit_only, *narrowed(things, asked)]
    hits = {row["database"]: row for row in await picture.rows(_hits(picture, asked, conditions))}
    arrests = {row["database"]: row for row in await picture.rows(_arrests(picture, asked, conditions))}
    figures = await figures_by_name(picture, asked, family="searches")
    names = [name for name in DATABASES.codes if name in hits or f"searches.{name}" in figures]
    return {
        "items": [
            {
                "database": name,
                "searches": stands(figures.get(f"searches.{name}")),
                **{column: hits.get(name, {}).get(column, 0) for column in _COLUMNS},
                "led_to_arrest": arrests.get(name, {}).get("hits", 0),
                "arrests": arrests.get(name, {}).get("arrests", 0),
            }
            for name in names
        ],
        "searches_without_system": stands(figures.get("searches")),
    }


_COLUMNS = ("raised", "confirmed", "refuted", "undetermined", "actioned", "confirmed_without_action")


def _hits(picture: Picture, asked: Filtered, conditions: list[ColumnElement[bool]]) -> Any:
    stood = (
        select(
            _DATABASE.label("database"),
            last_outcome("verified", at=asked.at).label("verdict"),
            func.coalesce(last_outcome("actioned", at=asked.at), "none").label("action"),
        )
        .where(picture.true_then(things), *conditions)
        .offset(0)  # worked out once, and not for each number anew
        .subquery()
        .c
    )
    not_acted = and_(stood.verdict == "confirmed", stood.action == "none")
    verdicts = [func.count().filter(stood.verdict == name).label(name) for name in _COLUMNS[1:4]]
    return select(
        stood.database,
        func.count().label("raised"),
        *verdicts,
        func.count().filter(stood.action != "none").label("actioned"),
        func.count().filter(not_acted).label("confirmed_without_action"),
    ).group_by(stood.database)


def _arrests(picture: Picture, asked: Filtered, conditions: list[ColumnElement[bool]]) -> Any:
    """Arrests that name a hit as what led to them, counted under the hit's database."""
    arrest = things.alias("arrest")
    happened = [] if asked.at is None else [arrest.c.occurred_at <= asked.at]
    # First what arrests name, of which there is less than hits and all that was recorded of them.
    led = (
        select(arrest.c.key.label("arrest"), links.c.target)
        .select_from(links)
        .join(arrest, and_(arrest.c.operation == links.c.operation, arrest.c.key == links.c.thing))
        .where(
            *(picture.true_then(table) for table in (links, arrest)),
            *happened,
            links.c.rel == "result_of",
            arrest.c.kind == "arrest",
            ~arrest.c.credit_only,
        )
        .cte("led")
        .prefix_with("materialized")
    )
    return (
        select(
            _DATABASE.label("database"),
            func.count(things.c.key.distinct()).label("hits"),
            func.count(led.c.arrest.distinct()).label("arrests"),
        )
        .select_from(led)
        .join(entries, entries.c.key == led.c.target)
        .join(things, things.c.key == entries.c.thing)
        .where(*(picture.true_then(table) for table in (things, entries)), *conditions)
        .group_by(_DATABASE)
    )
