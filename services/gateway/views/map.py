"""The map: located events as points."""

from typing import Any

from sqlalchemy import select

from services.gateway import view
from services.gateway.asked import Listing
from services.gateway.pages import narrowed, renamed, shown_columns
from services.gateway.picture import Picture
from services.gateway.vocabulary import RETRACTED
from services.shared.tables import timeline

_COLUMNS = shown_columns(timeline)
_EXAMPLE = {"type": "FeatureCollection", "features": []}


@view.document("map", summary="Located events as GeoJSON", asked=Listing, example=_EXAMPLE, is_map=True)
async def map_points(picture: Picture, asked: Listing) -> dict[str, Any]:
    """GeoJSON (RFC 7946): each located line of the timeline is a point, newest first."""
    columns = timeline.c
    query = (
        select(*_COLUMNS)
        .where(
            picture.true_then(timeline),
            columns.latitude.is_not(None),
            columns.state != RETRACTED,
            *narrowed(timeline, asked),
        )
        .order_by(columns.occurred_at.desc(), columns.key.desc())
        .limit(asked.limit)
    )
    features = [_feature(renamed(row, "entry")) for row in await picture.rows(query)]
    return {"type": "FeatureCollection", "features": features}


def _feature(row: dict[str, Any]) -> dict[str, Any]:
    longitude, latitude = row.pop("longitude"), row.pop("latitude")
    return {
        "type": "Feature",
        "id": row["entry"],
        "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
        "properties": row,
    }
