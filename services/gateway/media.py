"""Forms of answers beside plain JSON, as the API pages name them."""

from fastapi import Response
from fastapi.responses import JSONResponse

from services.gateway.view import GEOJSON


class GeoJson(JSONResponse):
    """Features (RFC 7946)."""

    media_type = GEOJSON


class JsonSchema(JSONResponse):
    """A JSON Schema."""

    media_type = "application/schema+json"


class EventStream(Response):
    """Server-sent events."""

    media_type = "text/event-stream"
