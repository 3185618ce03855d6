"""The log of an operation: reports in, entries out."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import StreamingResponse

from services.gateway import documented
from services.gateway.answering import NDJSON, DuplexResponse, json_response, list_response, ndjson
from services.gateway.answers import Answer, result
from services.gateway.asked import Listing, Manner
from services.gateway.bodies import LINES, lines_of
from services.gateway.callers import Shown
from services.gateway.dependencies import (
    GatewayParts,
    Look,
    OneLook,
    OperationPath,
    ShownBy,
    SignedIn,
    Still,
    StillSeenBy,
    pages_of,
)
from services.gateway.handling import stamp_of_all
from services.gateway.outage import OUT_OF_REACH, outage
from services.gateway.parts import Parts
from services.gateway.posting import form_of, post_reports, post_whole
from services.gateway.problems import Malformed, NotFound, Problem, SignIn
from services.gateway.views.log import log_page, one_entry, whole_log

router = APIRouter(prefix="/v1/operations/{operation}/events", tags=["log"])
_SLICE = 100


@router.post("", status_code=201, openapi_extra=documented.REPORTS, responses=documented.POSTED)
async def post_events(
    operation: OperationPath,
    request: Request,
    shown: ShownBy,
    caller: SignedIn,
    gateway: GatewayParts,
    manner: Annotated[Manner, Query()],
    if_match: Annotated[str | None, Header(description="A command's version.")] = None,
) -> Response:
    """Posts one report, a batch or a stream of them. What is acknowledged is on disk, once, for ever."""
    form, headers, chunks = form_of(request.headers), request.headers, request.stream()
    door, imported, rates = gateway.door, manner.import_, gateway.rates
    if manner.atomic:
        answered = await post_whole(
            form,
            headers,
            chunks,
            caller=caller,
            operation=operation,
            door=gateway.atomic,
            rates=rates,
            imported=imported,
        )
    elif form == LINES:
        await door.take_each([], caller=caller, operation=operation, imported=imported)
        lines = _each_line(request, shown, gateway, operation, imported=imported)
        return DuplexResponse(lines, media_type=NDJSON)
    else:
        answered = await post_reports(
            form, headers, chunks, caller=caller, operation=operation, door=door, rates=rates, imported=imported
        )
    return Response(answered.body, answered.status, answered.headers, answered.media)


async def _each_line(
    request: Request, shown: Shown, gateway: Parts, operation: str, *, imported: bool
) -> AsyncIterator[bytes]:
    """A line for each report. The token must be in force at each slice, for a stream may be long."""
    number = 0
    async for lines in lines_of(request.stream(), slice_size=_SLICE):
        filled = [(number + index, line) for index, line in enumerate(lines, start=1) if line.strip()]
        number += len(lines)
        raws = [line for _, line in filled]
        answers: Sequence[Answer]
        try:
            caller = await gateway.people.callers.caller(shown)
            answers = await gateway.door.take_each(raws, caller=caller, operation=operation, imported=imported)
            await gateway.rates.pace(caller, len(filled))
        except Problem as refused:
            answers = [refused] * len(filled)
        except OUT_OF_REACH:
            answers = [outage(request.method)] * len(filled)
        for (at, _), answer in zip(filled, answers, strict=True):
            yield msgspec.json.encode(result(answer, line=at)) + b"\n"


async def _while_it_holds(items: AsyncIterator[bytes], still: Still) -> AsyncIterator[bytes]:
    """A log that is cut off must not look whole, so the connection breaks."""
    async for item in items:
        if not await still.holds():
            raise SignIn
        yield item


@router.get("", responses=documented.ENTRIES)
async def get_events(
    look: Annotated[Look[Listing], pages_of("events")],
    still: StillSeenBy,
    accept: Annotated[str | None, Header()] = None,
) -> Response:
    """The log as the caller may see it, oldest first: a JSON page, or all of it as NDJSON."""
    if accept and NDJSON in accept:
        if look.picture.viewer.purpose is None:
            raise Malformed("Say in the header Vcp-Purpose what the whole log is for.")
        log = ndjson(whole_log(look.picture, look.asked))
        headers = (await stamp_of_all(look.picture)).header()
        return StreamingResponse(_while_it_holds(log, still), media_type=NDJSON, headers=headers)
    items, following = await log_page(look.picture, look.asked)
    return list_response(look.picture, items, following)


@router.get("/{entry}", responses=documented.ENTRY)
async def get_event(entry: UUID, look: OneLook) -> Response:
    """One entry, with the ETag of its thing."""
    found = await one_entry(look.picture, entry)
    if found is None:
        raise NotFound
    return json_response(found, headers={"ETag": found["etag"]} if found["etag"] else None)
