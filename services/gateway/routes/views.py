"""Views of the picture: the timeline, the map, and the things of each kind."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from services.gateway import documented
from services.gateway.answering import json_response, list_response
from services.gateway.asked import Listing
from services.gateway.dependencies import ListLook, Look, OneLook, pages_of
from services.gateway.problems import NotFound
from services.gateway.views import map_points, one_thing, things_page, timeline_page

router = APIRouter(prefix="/v1/operations/{operation}", tags=["picture"])

KINDS = {
    "arrests": "arrest",
    "hits": "hit",
    "crosschecks": "check",
    "seizures": "seizure",
    "cases": "case",
    "participants": "participant",
    "incidents": "incident",
}
"""The lists of things: where they are found, and which kind they show."""


@router.get("/timeline", responses=documented.LIST)
async def get_timeline(look: Annotated[Look[Listing], pages_of("timeline")]) -> Response:
    """What happened, newest first: a line for each entry that the caller may see."""
    found = await timeline_page(look.picture, look.asked)
    return list_response(look.picture, found.rows, found.next)


@router.get("/map", responses=documented.MAP)
async def get_map(look: ListLook) -> Response:
    """Located events as GeoJSON (RFC 7946)."""
    return json_response(await map_points(look.picture, look.asked), media="application/geo+json")


def _add_list(name: str, kind: str) -> None:
    async def get_list(look: Annotated[Look[Listing], pages_of(kind)]) -> Response:
        found = await things_page(look.picture, look.asked, kind=kind)
        return list_response(look.picture, found.rows, found.next)

    async def get_one(thing: UUID, look: OneLook) -> Response:
        found = await one_thing(look.picture, thing, kind=kind)
        if found is None:
            raise NotFound
        return json_response(found, headers={"ETag": found["etag"]})

    router.add_api_route(
        f"/{name}",
        get_list,
        name=f"get_{name}",
        summary=f"The {name}, newest first",
        responses=documented.LIST,
    )
    router.add_api_route(
        f"/{name}/{{thing}}",
        get_one,
        name=f"get_{kind}",
        summary=f"One {kind}, by the entry that opened it",
        responses=documented.THING,
    )


for _name, _kind in KINDS.items():
    _add_list(_name, _kind)
