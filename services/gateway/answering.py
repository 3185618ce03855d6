"""How answers become bytes: JSON with decimals as numbers, problems as problem documents."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Mapping
from typing import Any

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import StreamingResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from services.gateway.outage import OUT_OF_REACH, outage
from services.gateway.pages import Page
from services.gateway.picture import Picture
from services.gateway.problems import (
    CONTENT_TYPE,
    LedgerIsUnavailable,
    Malformed,
    MethodNotAllowed,
    NotFound,
    OurFault,
    Problem,
)
from services.reading.faults import faults_of_query
from services.shared.disclosures import LedgerUnavailable

_encode = msgspec.json.Encoder(decimal_format="number").encode
NDJSON = "application/x-ndjson"


def json_response(found: Any, *, headers: Mapping[str, str] | None = None, media: str = "application/json") -> Response:
    return Response(_encode(found), media_type=media, headers={"Cache-Control": "no-store", **(headers or {})})


def list_response(picture: Picture, items: list[Any], following: str | None) -> Response:
    """A list: which moment it shows, its items, the next page, and the cursor from which `live` goes on."""
    return json_response({"moment": picture.moment.said(), "items": items, "next": following, "tail": picture.tail()})


def page_response(picture: Picture, found: Page) -> Response:
    """A page as a list, with what it says beside its items."""
    said = {"moment": picture.moment.said(), **found.beside}
    return json_response({**said, "items": found.rows, "next": found.next, "tail": picture.tail()})


def map_response(picture: Picture, found: Page) -> Response:
    """A page as a collection of features (RFC 7946), whose foreign members are those of a list."""
    said = {"type": "FeatureCollection", "moment": picture.moment.said(), **found.beside}
    answer = {**said, "features": found.rows, "next": found.next, "tail": picture.tail()}
    return json_response(answer, media="application/geo+json")


async def packed_response(found: Any, accept_encoding: str) -> Response:
    """JSON for large answers: compressed, for whoever takes it so, beside the other work of the process."""
    if "gzip" not in accept_encoding:
        return json_response(found)
    packed = await asyncio.to_thread(gzip.compress, _encode(found), 4, mtime=0)
    headers = {"Cache-Control": "no-store", "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return Response(packed, media_type="application/json", headers=headers)


async def ndjson(items: AsyncIterator[Any]) -> AsyncIterator[bytes]:
    async for item in items:
        yield _encode(item) + b"\n"


class DuplexResponse(StreamingResponse):
    """Answers while the request is still being read.

    The framework's own listens for a disconnect meanwhile, and thereby takes parts of the body away from the reader.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.stream_response(send)
        except ClientDisconnect:
            return


def problem_response(problem: Problem) -> Response:
    return Response(problem.body(), status_code=problem.status, media_type=CONTENT_TYPE, headers=problem.headers)


def answer_problems(app: FastAPI) -> None:
    """Problem documents are the only form of refusal."""

    async def expected(_: Request, problem: Exception) -> Response:
        assert isinstance(problem, Problem)
        return problem_response(problem)

    async def unreadable(_: Request, refused: Exception) -> Response:
        assert isinstance(refused, RequestValidationError)
        return problem_response(_malformed(refused))

    async def of_the_framework(_: Request, refused: Exception) -> Response:
        assert isinstance(refused, HTTPException)
        headers = dict(refused.headers or {})
        if refused.status_code == 405:
            return problem_response(MethodNotAllowed("See /docs for what it does.", headers=headers))
        if refused.status_code == 404:
            return problem_response(NotFound())
        return problem_response(Malformed("The request cannot be read."))

    async def out_of_reach(request: Request, _: Exception) -> Response:
        return problem_response(outage(request.method))

    async def unwritten(_: Request, __: Exception) -> Response:
        return problem_response(LedgerIsUnavailable("Persons are shown once it is written down to whom; try again."))

    async def left(_: Request, __: Exception) -> Response:
        return problem_response(Malformed("The body ended before its end."))

    async def unforeseen(_: Request, __: Exception) -> Response:
        return problem_response(OurFault())  # The server writes to its log where it was, and no text.

    app.add_exception_handler(Problem, expected)
    for kind in OUT_OF_REACH:
        app.add_exception_handler(kind, out_of_reach)
    app.add_exception_handler(LedgerUnavailable, unwritten)
    app.add_exception_handler(ClientDisconnect, left)
    app.add_exception_handler(Exception, unforeseen)
    app.add_exception_handler(RequestValidationError, unreadable)
    app.add_exception_handler(HTTPException, of_the_framework)


def _malformed(refused: RequestValidationError) -> Problem:
    """Query and path as FastAPI found them; a path out of its form is nothing that exists."""
    errors = refused.errors()
    if any(error["loc"][0] == "path" for error in errors):
        return NotFound()
    return Malformed("A parameter cannot be read; see `errors`.", faults=faults_of_query(errors))
