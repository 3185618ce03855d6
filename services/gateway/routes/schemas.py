"""What can be posted, for machines: JSON Schema by type, and the AsyncAPI document."""

from functools import cache
from typing import Any

import msgspec
from fastapi import APIRouter, Response

from schemas.event import REGISTER
from schemas.publish import asyncapi, json_schema
from services.gateway import documented
from services.gateway.answering import json_response
from services.gateway.dependencies import SignedIn
from services.gateway.media import JsonSchema
from services.gateway.problems import NotFound

router = APIRouter(prefix="/v1", tags=["schemas"])
_KEPT = {"Cache-Control": "private, max-age=300"}


@router.get("/schemas", responses=documented.TYPES)
async def get_schemas(caller: SignedIn) -> Response:
    """The event types: what each says, who posts it, and where its schema is."""
    return json_response({"items": _types()}, headers=_KEPT)


@router.get("/schemas/{type}", response_class=JsonSchema, responses=documented.SCHEMA)
async def get_schema(type: str, caller: SignedIn) -> Response:
    """The JSON Schema of the report that carries this type; its `$id` never changes."""
    if type not in REGISTER:
        raise NotFound
    return Response(_schema(type), media_type="application/schema+json", headers=_KEPT)


@router.get("/asyncapi.json", responses=documented.ASYNCAPI)
async def get_asyncapi(caller: SignedIn) -> Response:
    """The live stream and the door as AsyncAPI 3.0."""
    return Response(_asyncapi(), media_type="application/json", headers=_KEPT)


@cache
def _types() -> list[dict[str, Any]]:
    return [
        {
            "type": name,
            "title": event.title,
            "description": (event.__doc__ or "").strip(),
            "posted_by": sorted(word.value for word in event.posted_by),
            "opens": event.opens,
            "changes": event.changes,
            "needs_version": event.changes is not None and not event.beside,
            "schema": f"/v1/schemas/{name}",
        }
        for name, event in sorted(REGISTER.items())
    ]


@cache
def _schema(type: str) -> bytes:
    return msgspec.json.encode(json_schema(REGISTER[type]))


@cache
def _asyncapi() -> bytes:
    return msgspec.json.encode(asyncapi(schema_at="schemas/{type}"))
