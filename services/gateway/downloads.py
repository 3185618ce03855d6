"""Downloads: all pages of a view as one file, with the moment and the filters written in.

The pages are asked of the gateway itself, as the caller: so every view can be downloaded, and no right is judged here.
"""

import re
import zlib
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec
from fastapi import FastAPI

from services.gateway.dependencies import TAKES_AWAY
from services.gateway.flat import flat
from services.gateway.handling import Stamp
from services.gateway.problems import Malformed, NotFound, TooLarge

MOST_ROWS = 250_000
_PAGE = 1000
_PREFIX = "/v1/operations/{operation}/"
_LISTS = {"application/json", "application/geo+json", "application/x-ndjson"}
"""What a list is given as; the log line by line too."""

# Numbers are counted, weighed and owed; so they stay decimals on their way.
decode = msgspec.json.Decoder(float_hook=Decimal).decode
encode = msgspec.json.Encoder(decimal_format="number").encode

Stamping = Callable[[Sequence[dict[str, Any]]], Awaitable[tuple[list[dict[str, Any]], Stamp]]]
"""Puts their handling codes on rows, and gives that of all of them."""


class RefusedWithin(Exception):
    """The view itself refused; its answer is the answer."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__("the view refused")
        self.answer = answer


@dataclass(slots=True)
class Download:
    """What a file will hold: what it is about, its columns in order, and its rows, packed until they are written."""

    operation: str
    view: str
    about: dict[str, str]
    columns: dict[str, None] = field(default_factory=dict)
    rows: int = 0
    stamp: Stamp = field(default_factory=Stamp)
    _packed: list[bytes] = field(default_factory=list)

    def add(self, rows: Sequence[dict[str, Any]], stamp: Stamp) -> None:
        self.rows += len(rows)
        self.stamp |= stamp
        for row in rows:
            self.columns |= dict.fromkeys(flat(row))
        self._packed.append(zlib.compress(encode(rows), 1))

    def says(self) -> dict[str, str]:
        """What it is about, with what may be done with it."""
        return {**self.about, **self.stamp.lines()}

    def pages(self) -> Iterator[list[dict[str, Any]]]:
        for packed in self._packed:
            yield decode(zlib.decompress(packed))


async def gather(
    app: FastAPI,
    operation: str,
    view: str,
    *,
    shown: Mapping[str, str],
    purpose: str | None,
    query: Sequence[tuple[str, str]],
    stamping: Stamping,
) -> Download:
    """All of a view, stamped. Raises NotFound, Malformed, TooLarge, or RefusedWithin with the view's own answer."""
    parameters = _parameters(app, view)
    for name in ("limit", "cursor"):
        if any(said == name for said, _ in query):
            raise Malformed(f"A download is whole and has no `{name}`.")
    paged = [("limit", str(_PAGE))] if "limit" in parameters else []
    cursor: str | None = None
    download: Download | None = None

    async def for_a_file(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, TAKES_AWAY: True}, receive, send)

    transport = httpx.ASGITransport(for_a_file)
    headers = dict(shown)
    if purpose is not None:
        headers["Vcp-Purpose"] = purpose
    elif view == "events":
        raise Malformed("Say in the header Vcp-Purpose what the log is for.")
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway", headers=headers) as client:
        while download is None or cursor is not None:
            at = [("cursor", cursor)] if cursor is not None else []
            answer = await client.get(f"/v1/operations/{operation}/{view}", params=[*query, *paged, *at])
            if answer.status_code != 200:
                raise RefusedWithin(answer)
            found = decode(answer.content)
            rows = _rows(found)
            download = download or Download(operation, view, _about(operation, view, found, query))
            download.add(*await stamping(rows))
            if download.rows > MOST_ROWS:
                raise TooLarge(f"A download has at most {MOST_ROWS} rows; narrow it by `from` and `to` or by filters.")
            cursor = _next(found)
    return download


def _parameters(app: FastAPI, view: str) -> set[str]:
    """The parameters of a view that is a list. Raises NotFound for whatever else stands at that address."""
    for path, methods in app.openapi()["paths"].items():
        if not path.startswith(_PREFIX) or "get" not in methods:
            continue
        if re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path.removeprefix(_PREFIX))), view):
            content = methods["get"]["responses"]["200"].get("content", {})
            if content.keys() <= _LISTS:
                return {one["name"] for one in methods["get"].get("parameters", [])}
    raise NotFound


def _rows(found: Any) -> list[dict[str, Any]]:
    if not isinstance(found, dict):
        raise NotFound
    if isinstance(found.get("items"), list):
        rows: list[dict[str, Any]] = found["items"]
        return rows
    if isinstance(found.get("features"), list):
        return [_unfeatured(feature) for feature in found["features"]]
    raise NotFound


def _unfeatured(feature: dict[str, Any]) -> dict[str, Any]:
    longitude, latitude = (feature["geometry"] or {"coordinates": (None, None)})["coordinates"]
    return {"id": feature["id"], **feature["properties"], "latitude": latitude, "longitude": longitude}


def _about(operation: str, view: str, found: dict[str, Any], query: Sequence[tuple[str, str]]) -> dict[str, str]:
    moment = found.get("moment") or {}
    said = {"operation": operation, "view": view, "as_of": moment.get("as_of"), "at": moment.get("at")}
    filters = "; ".join(f"{name}={value}" for name, value in query if name not in ("as_of", "at", "after", "wait"))
    return {name: str(value) for name, value in {**said, "filters": filters or "none"}.items() if value is not None}


def _next(found: dict[str, Any]) -> str | None:
    """The cursor of the next page; collections of features have it in a link."""
    following: str | None = found.get("next")
    for link in found.get("links", []):
        if link["rel"] == "next":
            following = parse_qs(urlsplit(link["href"]).query)["cursor"][0]
    return following
