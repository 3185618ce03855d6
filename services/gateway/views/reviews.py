"""Reviews: the viewer's own records at which it must look again, because the day for it has come."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from pydantic import Field

from services.gateway import view
from services.gateway.asked import Listing
from services.gateway.course import state_at
from services.gateway.pages import Order, Page, page
from services.gateway.picture import Picture
from services.gateway.shapes.records import Review
from services.gateway.shapes.words import Listed
from services.gateway.views.things import EXAMPLE, as_shown, columns_of
from services.shared.tables import things


class ReviewsAsked(Listing):
    """Reviews by when they are due."""

    by: date | None = Field(None, description="Due by the end of this day; without it, by the moment.")


@view.pages("reviews", summary="Own records whose review is due", shape=Listed[Review], asked=ReviewsAsked,
            example={**EXAMPLE, "review_on": "2025-06-24"})  # fmt: skip
async def reviews(picture: Picture, asked: ReviewsAsked) -> Page:
    """Records of the viewer's agency that still name somebody and are to be reviewed, what is due first at first.

    The day is the record's `review_on`, or what its last review said, else three years after it came or was reviewed
    (Regulation (EU) 2016/794 Art. 31(1)). Retracted records are among them: they name persons as well.
    """
    until = picture.moment.clock
    if asked.by is not None:
        until = datetime.combine(asked.by, time(), UTC) + timedelta(days=1) - timedelta.resolution
    found = await page(
        picture,
        things,
        asked,
        things.c.agency == picture.viewer.agency,
        things.c.review_at <= until,
        name="reviews",
        columns=[*columns_of(picture), things.c.review_at],
        order=Order(things.c.review_at, newest_first=False),
        state=state_at(asked.at),
    )
    return Page([_shown(picture, row) for row in found.rows], found.next)


def _shown(picture: Picture, row: dict[str, Any]) -> dict[str, Any]:
    shown = as_shown(picture, row)
    return {**shown, "review_on": shown.pop("review_at").astimezone(UTC).date()}
