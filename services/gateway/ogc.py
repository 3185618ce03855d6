"""The documents by which clients of OGC API - Features find their way: landing page, conformance, collections."""

from typing import Any
from urllib.parse import urlencode

from services.gateway.features import EVENTS, KINDS

GEOJSON = "application/geo+json"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_CONFORMS_TO = [
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
]
COLLECTIONS = {EVENTS: "All that was reported", **dict(sorted(KINDS.items()))}


class Links:
    """Links below one operation's landing page. What moment was asked for goes with each of them."""

    def __init__(self, base: str, moment: dict[str, str]) -> None:
        self._base = base
        self._moment = moment

    def to(self, path: str, rel: str, *, media: str = "application/json", **query: Any) -> dict[str, str]:
        said = urlencode({**self._moment, **query}, doseq=True)
        return {"href": f"{self._base}{path}{'?' if said else ''}{said}", "rel": rel, "type": media}


def landing(operation: str, links: Links, api: str) -> dict[str, Any]:
    return {
        "title": f"Operation {operation}",
        "description": "The picture of the operation, as the caller may see it.",
        "links": [
            links.to("", "self"),
            {"href": api, "rel": "service-desc", "type": "application/vnd.oai.openapi+json;version=3.1"},
            links.to("/conformance", "conformance"),
            links.to("/collections", "data"),
        ],
    }


def conformance() -> dict[str, Any]:
    return {"conformsTo": _CONFORMS_TO}


def collections(links: Links) -> dict[str, Any]:
    return {
        "links": [links.to("/collections", "self")],
        "collections": [collection(name, links) for name in COLLECTIONS],
    }


def collection(name: str, links: Links) -> dict[str, Any]:
    here = f"/collections/{name}"
    return {
        "id": name,
        "title": COLLECTIONS[name],
        "itemType": "feature",
        "crs": [CRS84],
        "links": [links.to(here, "self"), links.to(f"{here}/items", "items", media=GEOJSON)],
    }
