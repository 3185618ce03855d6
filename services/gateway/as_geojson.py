"""A download as GeoJSON (RFC 7946): a feature a row, with its moment and filters beside them."""

from collections.abc import Iterator
from typing import Any

from services.gateway.downloads import Download, encode

MEDIA = "application/geo+json"


def written(download: Download) -> Iterator[bytes]:
    """The file, a page at a time. What has no coordinates has no geometry."""
    yield b'{"type":"FeatureCollection","about":%s,"features":[' % encode(download.says())
    comma = b""
    for rows in download.pages():
        if rows:
            yield comma + b",\n".join(encode(_feature(row)) for row in rows)
            comma = b",\n"
    yield b"]}\n"


def _feature(row: dict[str, Any]) -> dict[str, Any]:
    longitude, latitude = row.pop("longitude", None), row.pop("latitude", None)
    located = longitude is not None and latitude is not None
    point = {"type": "Point", "coordinates": [longitude, latitude]} if located else None
    return {"type": "Feature", "geometry": point, "properties": row}
