"""One post of reports, whoever reads the request: the documented route, or the fast door before it."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import msgspec

from services.gateway.answers import Taken, result
from services.gateway.atomic import AtomicDoor
from services.gateway.bodies import BATCH, BINARY, LARGEST_BATCH, media_type, read_body, reports_of
from services.gateway.credentials import Caller
from services.gateway.door import Door
from services.gateway.problems import CONTENT_TYPE, Malformed, Problem
from services.gateway.rates import Rates
from services.reading.reports import LARGEST_REPORT, read_binary


class Answered(msgspec.Struct, frozen=True):
    """An answer as bytes, ready to be sent."""

    status: int
    body: bytes
    headers: dict[str, str]
    media: str = "application/json"


def form_of(headers: Mapping[str, str]) -> str:
    """Which of the accepted forms the body has. Raises UnsupportedMedia."""
    encoding = headers.get("content-encoding")
    return media_type(headers.get("content-type"), encoding=encoding, binary="ce-specversion" in headers)


async def read_one(form: str, headers: Mapping[str, str], chunks: AsyncIterator[bytes]) -> bytes:
    """One report in structured form."""
    body = await read_body(headers, chunks, most=LARGEST_REPORT)
    return read_binary(headers, body) if form == BINARY else body


async def post_reports(
    form: str,
    headers: Mapping[str, str],
    chunks: AsyncIterator[bytes],
    *,
    caller: Caller,
    operation: str,
    door: Door,
    rates: Rates,
    imported: bool = False,
) -> Answered:
    """Stores one report, or a batch. Raises the Problem that stands against the whole.

    The request itself was counted with its sender; a batch counts each further report.
    """
    if form == BATCH:
        batch = await read_body(headers, chunks, most=LARGEST_BATCH)
        return await post_batch(batch, caller=caller, operation=operation, door=door, rates=rates, imported=imported)
    raw = await read_one(form, headers, chunks)
    version = headers.get("if-match")
    taken = await door.take(raw, caller=caller, operation=operation, ifmatch=version, imported=imported)
    return Answered(taken.status, taken.body(), taken.headers())


async def post_batch(
    batch: bytes, *, caller: Caller, operation: str, door: Door, rates: Rates, imported: bool = False
) -> Answered:
    """Stores each report of a batch by itself. Raises the Problem that stands against the whole."""
    raws = reports_of(batch)
    rates.count(caller, len(raws) - 1)
    answers = await door.take_each(raws, caller=caller, operation=operation, imported=imported)
    results = [result(answer, index=index) for index, answer in enumerate(answers)]
    return Answered(207, msgspec.json.encode({"results": results}), {})


async def post_whole(
    form: str,
    headers: Mapping[str, str],
    chunks: AsyncIterator[bytes],
    *,
    caller: Caller,
    operation: str,
    door: AtomicDoor,
    rates: Rates,
    imported: bool,
) -> Answered:
    """Stores a batch, all or none. Raises the Problem that stands against the whole."""
    if form != BATCH:
        raise Malformed(f"`atomic` is for a batch: {BATCH}.")
    raws = reports_of(await read_body(headers, chunks, most=LARGEST_BATCH))
    rates.count(caller, len(raws) - 1)
    taken = await door.take_all(raws, caller=caller, operation=operation, imported=imported)
    status, results, replayed = whole(taken)
    return Answered(status, msgspec.json.encode({"results": results}), replayed)


def whole(taken: Sequence[Taken]) -> tuple[int, list[dict[str, Any]], dict[str, str]]:
    """A batch that was stored as one: status, results and headers."""
    results = [result(one, index=index) for index, one in enumerate(taken)]
    if all(one.replayed for one in taken):
        return 200, results, {"Idempotency-Replayed": "true"}
    return 201, results, {}


def refused(problem: Problem) -> Answered:
    return Answered(problem.status, problem.body(), problem.headers, CONTENT_TYPE)
