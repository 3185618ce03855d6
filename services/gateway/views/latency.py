"""How long it takes from a fact to its record, by agency."""

from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import ARRAY, Double, cast, func, not_, select

from schemas.event import REGISTER
from services.gateway import view
from services.gateway.asked import Filtered
from services.gateway.pages import narrowed
from services.gateway.picture import Picture
from services.gateway.shapes.boards import Latency
from services.gateway.shapes.words import AllAtMoment
from services.gateway.vocabulary import OF_A_LINE, RETRACTED, categories_of, check
from services.shared.tables import timeline

_TIMED = ("minute", "hour")
_NO_FACTS = ("operation", "participant", "phase", "record", "handling", "figure", "duplicate")
_SHARES = (0.5, 0.9)


class LatencyAsked(Filtered):
    """Latency by agency, and by type too."""

    by: Annotated[list[Literal["agency", "type"]], Field(max_length=2)] = Field(
        default=["agency"], description="What a line is for."
    )


_EXAMPLE = {
    "items": [{"agency": "BA", "reports": 12, "measured": 10, "median_seconds": 900, "p90_seconds": 5400}],
}


@view.document(
    "latency", summary="From the fact to its record", shape=AllAtMoment[Latency], asked=LatencyAsked, example=_EXAMPLE
)
async def latency(picture: Picture, asked: LatencyAsked) -> dict[str, Any]:
    """Seconds from the end of what happened to its record, by agency: median, and what nine of ten do not exceed.

    Measured is what is known to the minute or hour and was not brought in as history; `reports` counts all of it.
    """
    check("state", asked.state, OF_A_LINE)
    check("category", asked.category, categories_of(None))
    columns = timeline.c
    by = [columns[name] for name in ("agency", "type") if name in asked.by]
    timed = [columns.precision.in_(_TIMED), not_(columns.imported)]
    happened = func.coalesce(columns.occurred_to, columns.occurred_at)
    took = func.greatest(func.date_part("epoch", columns.recorded_at - happened), 0)
    # Both shares at once, so that the times are sorted once.
    shares = func.percentile_cont(cast(_SHARES, ARRAY(Double))).within_group(took)
    query = select(
        *by,
        func.count().label("reports"),
        func.count().filter(*timed).label("measured"),
        shares.filter(*timed).label("shares"),
    ).where(
        picture.true_then(timeline),
        columns.state != RETRACTED,
        columns.type.not_in([name for name in REGISTER if name.partition(".")[0] in _NO_FACTS]),
        *narrowed(timeline, asked),
    )
    rows = await picture.rows(query.group_by(*by).order_by(*by))
    return {"items": [_line(row) for row in rows]}


def _line(row: dict[str, Any]) -> dict[str, Any]:
    median, slow = row.pop("shares") or (None, None)
    return {**row, "median_seconds": _whole(median), "p90_seconds": _whole(slow)}


def _whole(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds)
