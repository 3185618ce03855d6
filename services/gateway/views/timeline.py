"""The timeline: what happened, a line for each entry that the viewer may see."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, ColumnElement, DateTime, Integer, cast, func, select, true, tuple_

from schemas.metrics import NOT_STATED
from services.gateway import view
from services.gateway.asked import Filtered, Sorted
from services.gateway.line_counts import Blocks, blocks_to, lines_by
from services.gateway.pages import AHEAD, Order, Page, narrowed, page, renamed, shown_columns
from services.gateway.picture import Picture
from services.gateway.restricted import existing
from services.gateway.shapes.lines import LineCounts, Timeline
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


@view.pages("timeline", summary="What happened, a line for each entry", shape=Timeline, asked=Sorted, example=EXAMPLE)
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
    shape=LineCounts,
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
    if blocks := await blocks_to(picture, asked):
        return _told(await _from_blocks(picture, blocks))
    lines = [picture.true_then(timeline), *narrowed(timeline, asked)]
    begins = [row["begin"] for row in await picture.rows(_days(picture, asked))]
    counted: dict[str, dict[str, int]] = {f"by_{name}": {} for name in (*_COUNTED_BY, "day")}
    if begins:
        zone = ZoneInfo(picture.viewer.time_zone)
        for row in await picture.rows(_counted(lines, begins)):
            name = next(name for name in counted if not row[f"without_{name}"])
            value = row[name]
            if name == "by_day":
                value = begins[value - 1].astimezone(zone).date().isoformat()
            counted[name][NOT_STATED if value is None else value] = row["lines"]
    return _told(counted)


_COUNTED_BY = ("type", "agency", "country", "state")


def _told(counted: dict[str, dict[str, int]]) -> dict[str, Any]:
    total = sum(counted["by_state"].values())
    return {"total": total, **{name: dict(sorted(of_value.items())) for name, of_value in counted.items()}}


async def _from_blocks(picture: Picture, blocks: Blocks) -> dict[str, dict[str, int]]:
    found = await lines_by(picture, blocks, *_COUNTED_BY, "quarter")
    zone = ZoneInfo(picture.viewer.time_zone)
    days: Counter[str] = Counter()
    for quarter, lines in found.pop("quarter").items():
        assert quarter is not None  # every line has a time
        days[datetime.fromtimestamp(int(quarter) * 900, zone).date().isoformat()] += lines
    by = {
        f"by_{name}": {NOT_STATED if value is None else value: lines for value, lines in of_value.items()}
        for name, of_value in found.items()
    }
    return {**by, "by_day": dict(days)}


def _counted(lines: list[ColumnElement[bool]], begins: list[datetime]) -> Any:
    """The lines grouped by all at once, and what is told of each by itself added up from the groups."""
    columns = timeline.c
    day = func.width_bucket(columns.occurred_at, cast(begins, ARRAY(DateTime(timezone=True)))).label("by_day")
    by = [*(columns[name].label(f"by_{name}") for name in _COUNTED_BY), day]
    groups = select(*by, func.count().label("lines")).where(*lines).group_by(*by).cte("groups")
    each = [groups.c[column.name] for column in by]
    left_out = [func.grouping(column).label(f"without_{column.name}") for column in each]
    sets = func.grouping_sets(*(tuple_(column) for column in each))
    return select(*each, *left_out, func.sum(groups.c.lines, type_=Integer).label("lines")).group_by(sets)


def _days(picture: Picture, asked: Filtered) -> Any:
    """When each day begins on which anything happened, in the operation's time zone: by jumps along the index.

    To place a line between two begins costs much less than to work out its day.
    """
    zone = picture.viewer.time_zone

    def begin_of(time: ColumnElement[Any], *, later: timedelta = timedelta()) -> ColumnElement[Any]:
        return func.timezone(zone, func.date_trunc("day", func.timezone(zone, time)) + later)

    def first_of(*conditions: ColumnElement[bool]) -> Any:
        columns = timeline.c
        query = select(begin_of(columns.occurred_at).label("begin")).where(
            picture.true_then(timeline),
            columns.occurred_at <= picture.moment.as_of + AHEAD,
            *narrowed(timeline, asked),
            *conditions,
        )
        return query.order_by(columns.occurred_at, columns.key).limit(1)

    days = first_of().cte("days", recursive=True)
    following = first_of(timeline.c.occurred_at >= begin_of(days.c.begin, later=timedelta(days=1))).lateral("next_day")
    days = days.union_all(select(following.c.begin).select_from(days.join(following, true())))
    return select(days.c.begin).order_by(days.c.begin)
