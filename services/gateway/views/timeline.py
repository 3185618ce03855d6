"""The timeline: what happened, a line for each entry that the viewer may see."""

from collections import defaultdict
from typing import Any

from sqlalchemy import func, select

from schemas.metrics import NOT_STATED
from services.gateway import view
from services.gateway.asked import Filtered, Sorted
from services.gateway.pages import Order, Page, narrowed, page, renamed, shown_columns
from services.gateway.picture import Picture
from services.gateway.restricted import existing
from services.gateway.vocabulary import OF_A_LINE, categories_of, check
from services.shared.tables import timeline

_COLUMNS = shown_columns(timeline)
EXAMPLE = {
    "entry": "7c0f3a52-6d0e-5a51-9b7e-2f6f5a9d1c11",
    "thing": "7c0f3a52-6d0e-5a51-9b7e-2f6f5a9d1c11",
    "type": "arrest.made.v1",
    "headline": "1 arrest: fugitive, red notice",
    "state": "in_force",
    "agency": "BA",
    "on_behalf_of": None,
    "country": "BA",
    "category": "fugitive",
    "occurred_at": "2022-06-24T07:40:00Z",
    "occurred_to": None,
    "precision": "minute",
    "recorded_at": "2022-06-24T10:05:00Z",
    "phase": "operational",
    "strand": None,
    "in_scope": False,
    "crime_areas": ["financial_crime"],
    "handling": ["H0"],
    "conditions": None,
    "incident": None,
    "place": "invented for the drill",
    "latitude": None,
    "longitude": None,
    "crossing_point": None,
    "border_section": None,
    "imported": False,
}


@view.pages("timeline", summary="What happened, a line for each entry", asked=Sorted, example=EXAMPLE)
async def timeline_page(picture: Picture, asked: Sorted) -> Page:
    """What happened, newest first: a line for each entry that the caller may see, corrected and retracted ones too.

    `restricted` says by whom there are records that the caller may not see, where their providers let it be known.
    """
    check("state", asked.state, OF_A_LINE)
    check("category", asked.category, categories_of(None))
    order = Order(timeline.c.occurred_at, newest_first=asked.newest_first)
    found = await page(picture, timeline, asked, name="timeline", columns=_COLUMNS, order=order)
    return Page([renamed(row, "entry") for row in found.rows], found.next, await existing(picture))


@view.document(
    "timeline/counts",
    summary="The lines of the timeline, counted",
    asked=Filtered,
    example={
        "total": 3,
        "by_type": {"arrest.made.v1": 3},
        "by_agency": {"BA": 3},
        "by_country": {"BA": 3},
        "by_state": {"in_force": 3},
        "by_day": {"2022-06-24": 3},
    },
)
async def timeline_counts(picture: Picture, asked: Filtered) -> dict[str, Any]:
    """How many lines there are by type, agency, country, state, and day in the operation's time zone."""
    check("state", asked.state, OF_A_LINE)
    check("category", asked.category, categories_of(None))
    columns = timeline.c
    day = func.date(func.timezone(picture.viewer.time_zone, columns.occurred_at))
    by = {
        "type": columns.type,
        "agency": columns.agency,
        "country": columns.country,
        "state": columns.state,
        "day": day,
    }
    values = [column.label(f"by_{name}") for name, column in by.items()]
    query = select(*values, func.count().label("lines")).where(picture.true_then(timeline), *narrowed(timeline, asked))
    counted: dict[str, dict[str, int]] = {value.name: defaultdict(int) for value in values}
    total = 0
    for row in await picture.rows(query.group_by(*(value.name for value in values))):
        total += row["lines"]
        for name, of_value in counted.items():
            of_value[str(row[name]) if row[name] is not None else NOT_STATED] += row["lines"]
    return {"total": total, **{name: dict(sorted(of_value.items())) for name, of_value in counted.items()}}
