"""The views of the picture, as the register has them."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from services.gateway import documented, view
from services.gateway.answering import json_response, map_response, page_response
from services.gateway.dependencies import Look, OneLook, looks_at, pages_of
from services.gateway.media import GeoJson
from services.gateway.problems import NotFound
from services.gateway.view import GEOJSON, View

router = APIRouter(prefix="/v1/operations/{operation}", tags=["picture"])


def _pages(shown: View) -> Any:
    respond = map_response if shown.media == GEOJSON else page_response

    async def get_page(look: Annotated[Look[Any], pages_of(shown.path, shown.asked)]) -> Response:
        found = await shown.answer(look.picture, look.asked)
        return respond(look.picture, found)

    return get_page


def _document(shown: View) -> Any:
    async def get_document(look: Annotated[Look[Any], looks_at(shown.asked)]) -> Response:
        found = await shown.answer(look.picture, look.asked)
        if found is None:
            raise NotFound
        return json_response({"moment": look.picture.moment.said(), **found}, media=shown.media)

    async def get_document_of(thing: UUID, look: Annotated[Look[Any], looks_at(shown.asked)]) -> Response:
        found = await shown.answer(look.picture, thing, look.asked)
        if found is None:
            raise NotFound
        return json_response({"moment": look.picture.moment.said(), **found}, media=shown.media)

    return get_document_of if shown.by_thing else get_document


def _thing(shown: View) -> Any:
    async def get_thing(thing: UUID, look: OneLook) -> Response:
        found = await shown.answer(look.picture, thing)
        if found is None:
            raise NotFound
        return json_response(found, headers={"ETag": found["etag"]})

    return get_thing


_ROUTES = {"pages": _pages, "document": _document, "thing": _thing}

for _shown in view.found():
    router.add_api_route(
        f"/{_shown.path}",
        _ROUTES[_shown.form](_shown),
        name=f"get_{_shown.path.replace('/{thing}', '_one').replace('/', '_')}",
        summary=_shown.summary,
        description=_shown.answer.__doc__ or _shown.summary,
        response_class=GeoJson if _shown.media == GEOJSON else JSONResponse,
        responses=documented.view(_shown),
    )
