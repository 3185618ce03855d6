"""The map: located events as points, and what was reported by country and by crossing point."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from sqlalchemy import Column, ColumnElement, Select, func, or_, select

from services.gateway import view
from services.gateway.asked import Filtered, Sorted
from services.gateway.last_lines import latest_at
from services.gateway.line_counts import MILLIONTHS, blocks_to, millionths, openings_by
from services.gateway.pages import Order, Page, narrowed, page, renamed, shown_columns
from services.gateway.picture import Picture
from services.gateway.shapes.lines import AtCrossing, Features, InCountry, Located
from services.gateway.shapes.words import AllAtMoment
from services.gateway.views.timeline import EXAMPLE as LINE_EXAMPLE
from services.gateway.vocabulary import OF_A_LINE, RETRACTED, categories_of, check
from services.shared.tables import timeline

_COLUMNS = shown_columns(timeline)
_POSSIBLE = "four numbers: west, south, east, north; longitudes -180 to 180, latitudes -90 to 90, south before north"


def _box(text: str) -> str:
    """A box as RFC 7946 has it; west of more than east crosses the antimeridian."""
    if box_of(text) is None:
        raise PydanticCustomError("not_a_box", "{detail}", {"detail": _POSSIBLE})
    return text


def box_of(text: str) -> tuple[float, float, float, float] | None:
    """West, south, east and north; None when it is no box on earth."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return None
    on_earth = all(-180 <= one <= 180 for one in (west, east)) and -90 <= south <= north <= 90
    return (west, south, east, north) if on_earth else None


Box = Annotated[
    Annotated[str, Field(max_length=100), AfterValidator(_box)] | None,
    Field(description="west,south,east,north in degrees (RFC 7946), as 16.2,45.8,30.1,48.5."),
]


class MapAsked(Sorted):
    """Points of the timeline."""

    bbox: Box = None


class MapCounted(Filtered):
    """What is counted by country and crossing point."""

    bbox: Box = None


_FEATURE = {
    "type": "Feature",
    "id": LINE_EXAMPLE["entry"],
    "geometry": {"type": "Point", "coordinates": [18.42, 45.04]},
    "properties": {name: value for name, value in LINE_EXAMPLE.items() if name not in ("latitude", "longitude")},
}
_LINE = {
    "records": 3,
    "by_type": {"arrest.made.v1": 1, "seizure.made.v1": 2},
    "latest_at": "2022-06-24T07:40:00Z",
    "located": 1,
    "middle": [18.4, 45.0],
}


@view.pages(
    "map", summary="Located events as GeoJSON", shape=Features[Located], asked=MapAsked, example=_FEATURE, is_map=True
)
async def map_points(picture: Picture, asked: MapAsked) -> Page:
    """GeoJSON (RFC 7946): each located record that was not retracted is a point, newest first.

    What was done to a record afterwards is no second point.
    """
    found = await page(
        picture,
        timeline,
        asked,
        *_conditions(asked),
        timeline.c.latitude.is_not(None),
        name="map",
        columns=_COLUMNS,
        order=Order(timeline.c.occurred_at, newest_first=asked.newest_first),
    )
    return Page([_feature(renamed(row, "entry")) for row in found.rows], found.next)


@view.document(
    "map/countries",
    summary="What was reported, by country",
    shape=AllAtMoment[InCountry],
    asked=MapCounted,
    example={"items": [{"country": "BA", **_LINE}]},
)
async def by_country(picture: Picture, asked: MapCounted) -> dict[str, Any]:
    """Records by country of the place, else of the agency: how many of each type. Records, not persons."""
    return {"items": await _counted(picture, asked, timeline.c.country)}


@view.document(
    "map/crossing-points",
    summary="What was reported, by border crossing point",
    shape=AllAtMoment[AtCrossing],
    asked=MapCounted,
    example={"items": [{"country": "BA", "border_section": None, "crossing_point": "invented", **_LINE}]},
)
async def by_crossing_point(picture: Picture, asked: MapCounted) -> dict[str, Any]:
    """Records by border crossing point and section, where either was stated: how many of each type."""
    columns = timeline.c
    placed = or_(columns.crossing_point.is_not(None), columns.border_section.is_not(None))
    by = (columns.country, columns.border_section, columns.crossing_point)
    return {"items": await _counted(picture, asked, *by, condition=placed)}


async def _counted(
    picture: Picture, asked: MapCounted, *by: Column[Any], condition: ColumnElement[bool] | None = None
) -> list[dict[str, Any]]:
    """Openings counted by place and type, the busiest place first; the middle of their points where there are any."""
    names, conditions = [column.name for column in by], _conditions(asked)
    blocks = None if asked.bbox else await blocks_to(picture, asked)
    if blocks:
        rows = await picture.rows(_of_places(openings_by(picture, blocks, *names, placed=condition is not None), names))
        latest = await latest_at(picture, names, [tuple(row[name] for name in names) for row in rows], conditions)
        for row in rows:
            row["latest_at"] = latest[tuple(row[name] for name in names)]
    else:
        columns = timeline.c
        of_types = select(
            *by,
            columns.type,
            func.count().label("records"),
            func.count(columns.latitude).label("located"),
            func.sum(millionths(columns.latitude)).label("latitudes"),
            func.sum(millionths(columns.longitude)).label("longitudes"),
            func.max(columns.occurred_at).label("latest_at"),
        ).where(picture.true_then(timeline), *conditions, *narrowed(timeline, asked))
        if condition is not None:
            of_types = of_types.where(condition)
        rows = await picture.rows(_of_places(of_types.group_by(*by, columns.type), names))
    items = [{**{name: row[name] for name in names}, **_place(row)} for row in rows]
    return sorted(items, key=lambda item: -item["records"])


def _of_places(of_types: Select[Any], names: list[str]) -> Select[Any]:
    """What is known of each place by type, in one row of the place."""
    one = of_types.subquery().c
    places = [one[name] for name in names]
    sums = [func.sum(one[name]).label(name) for name in ("records", "located", "latitudes", "longitudes")]
    by_type = func.json_object_agg(one.type, one.records).label("by_type")
    latest = [func.max(one.latest_at).label("latest_at")] if "latest_at" in one else []
    return select(*places, *sums, by_type, *latest).group_by(*places).order_by(*places)


def _place(row: dict[str, Any]) -> dict[str, Any]:
    located = int(row["located"])
    middle = None
    if located:
        # Coarse on purpose: a place on a map is not where a person stood.
        middle = [round(int(row[name] or 0) / located / MILLIONTHS, 2) for name in ("longitudes", "latitudes")]
    return {
        "records": int(row["records"]),
        "by_type": dict(sorted(row["by_type"].items())),
        "latest_at": row["latest_at"],
        "located": located,
        "middle": middle,
    }


def _conditions(asked: MapAsked | MapCounted) -> list[ColumnElement[bool]]:
    check("state", asked.state, OF_A_LINE)
    check("category", asked.category, categories_of(None))
    columns = timeline.c
    conditions: list[ColumnElement[bool]] = [columns.key == columns.thing, columns.state != RETRACTED]
    box = box_of(asked.bbox) if asked.bbox else None
    if box is not None:
        west, south, east, north = box
        conditions.append(columns.latitude.between(south, north))
        if west <= east:
            conditions.append(columns.longitude.between(west, east))
        else:
            conditions.append(or_(columns.longitude >= west, columns.longitude <= east))
    return conditions


def _feature(row: dict[str, Any]) -> dict[str, Any]:
    longitude, latitude = row.pop("longitude"), row.pop("latitude")
    return {
        "type": "Feature",
        "id": row["entry"],
        "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
        "properties": row,
    }
