"""The lines behind a figure: what each entry contributes. They sum to it."""

from typing import Any

from sqlalchemy import and_, select

from services.gateway.asked import Listing
from services.gateway.figures.amounts import number
from services.gateway.figures.counted import Counted, visible
from services.gateway.picture import Picture
from services.shared.tables import facts, timeline


async def contributions(picture: Picture, name: str, asked: Listing) -> list[dict[str, Any]]:
    """The lines behind a figure, oldest first. Their contributions sum to it."""
    counted = Counted(picture, asked, name=name)
    query = (
        select(
            facts.c.entry,
            visible(facts).label("visible"),
            counted.share.label("share"),
            facts.c.unit,
            facts.c.qualifier,
            timeline.c.agency,
            timeline.c.occurred_at,
            timeline.c.headline,
        )
        .join_from(
            facts,
            timeline,
            and_(picture.true_then(timeline), timeline.c.key == facts.c.entry),
            isouter=True,
        )
        .where(*counted.conditions, facts.c.metric == name, ~facts.c.credit_only)
        .order_by(facts.c.occurred_at, facts.c.key, facts.c.line)
    )
    return [_line(row) for row in await picture.rows(query)]


def _line(row: dict[str, Any]) -> dict[str, Any]:
    contribution = {"value": number(row["share"]), "unit": row["unit"], "qualifier": row["qualifier"]}
    if not row["visible"]:
        return {
            "entry": None,
            "agency": None,
            "occurred": None,
            "headline": "restricted",
            "contribution": contribution,
        }
    return {
        "entry": row["entry"],
        "agency": row["agency"],
        "occurred": row["occurred_at"],
        "headline": row["headline"],
        "contribution": contribution,
    }
