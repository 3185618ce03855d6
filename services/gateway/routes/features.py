"""OGC API - Features: an operation's picture for QGIS, GDAL and whatever else reads the standard."""

from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from services.gateway import documented, ogc
from services.gateway.answering import json_response
from services.gateway.asked import Reading
from services.gateway.dependencies import GatewayParts, Look, OneLook, OperationPath, SeenBy
from services.gateway.features import FeaturesAsked, features, name_of_cursor, one_feature, stamped_features
from services.gateway.media import GeoJson
from services.gateway.ogc import COLLECTIONS, GEOJSON, Links
from services.gateway.parts import Parts
from services.gateway.problems import NotFound

router = APIRouter(prefix="/v1/operations/{operation}/features", tags=["features"])


def _links(
    operation: OperationPath, request: Request, asked: Annotated[Reading, Query()], gateway: GatewayParts
) -> Links:
    moment = {name: request.query_params[name] for name in ("as_of", "at") if name in request.query_params}
    return Links(f"{_root(request, gateway)}/v1/operations/{operation}/features", moment)


def _root(request: Request, gateway: Parts) -> str:
    return (gateway.settings.public_url or str(request.base_url)).rstrip("/")


Found = Annotated[Links, Depends(_links)]


async def _collection_exists(collection: str, viewer: SeenBy) -> str:
    if collection not in COLLECTIONS:
        raise NotFound
    return collection


Collection = Annotated[str, Depends(_collection_exists)]


async def _page(
    collection: Collection, seen_by: SeenBy, asked: Annotated[FeaturesAsked, Query()], gateway: GatewayParts
) -> AsyncIterator[Look[FeaturesAsked]]:
    async with gateway.pictures.turn_to(seen_by, asked, name=name_of_cursor(collection)) as picture:
        yield Look(picture, asked)


@router.get("", responses=documented.LANDING)
async def get_landing(
    operation: OperationPath, viewer: SeenBy, links: Found, request: Request, gateway: GatewayParts
) -> Response:
    """The landing page: give this address to a client of OGC API - Features."""
    return json_response(ogc.landing(operation, links, f"{_root(request, gateway)}/openapi.json"))


@router.get("/conformance", responses=documented.CONFORMANCE)
async def get_conformance(viewer: SeenBy, links: Found) -> Response:
    """Which parts of the standard hold here."""
    return json_response(ogc.conformance())


@router.get("/collections", responses=documented.COLLECTIONS)
async def get_collections(viewer: SeenBy, links: Found) -> Response:
    """All that was reported, and the records of each kind."""
    return json_response(ogc.collections(links))


@router.get("/collections/{collection}", responses=documented.COLLECTION)
async def get_collection(collection: Collection, viewer: SeenBy, links: Found) -> Response:
    """One collection."""
    return json_response(ogc.collection(collection, links))


@router.get("/collections/{collection}/items", response_class=GeoJson, responses=documented.ITEMS)
async def get_items(
    collection: Collection,
    look: Annotated[Look[FeaturesAsked], Depends(_page)],
    request: Request,
    gateway: GatewayParts,
) -> Response:
    """Features of a collection, newest first. What has no coordinates has no geometry; what was retracted is absent."""
    found, following = await features(look.picture, collection, look.asked)
    found, stamp = await stamped_features(found, look.picture, collection)
    here = f"/v1/operations/{look.picture.viewer.operation}/features/collections/{collection}/items"
    links = Links(f"{_root(request, gateway)}{here}", {})
    query: dict[str, Any] = {name: request.query_params.getlist(name) for name in request.query_params}
    linked = [links.to("", "self", media=GEOJSON, **query)]
    if following is not None:
        linked.append(links.to("", "next", media=GEOJSON, **{**query, "cursor": following}))
    said = {
        "type": "FeatureCollection",
        "moment": look.picture.moment.said(),
        "about": stamp.lines(),
        "numberReturned": len(found),
        "features": found,
        "links": linked,
        "tail": look.picture.tail(),
    }
    return json_response(said, media=GEOJSON, headers=stamp.header())


@router.get("/collections/{collection}/items/{feature}", response_class=GeoJson, responses=documented.ITEM)
async def get_item(collection: Collection, feature: UUID, look: OneLook, links: Found) -> Response:
    """One feature, by the id of its entry or record."""
    found = await one_feature(look.picture, collection, feature)
    if found is None:
        raise NotFound
    (found,), stamp = await stamped_features([found], look.picture, collection)
    here = f"/collections/{collection}"
    linked = [links.to(f"{here}/items/{feature}", "self", media=GEOJSON), links.to(here, "collection")]
    return json_response({**found, "links": linked}, media=GEOJSON, headers=stamp.header())
