"""The door over NATS: `vcpin.<agency>.<operation>` takes what POST .../events takes, and answers the same.

Query parameters are headers here: `?atomic=true` is `Vcp-Atomic: true`, `?import=true` is `Vcp-Import: true`.
Who asks is the agency of the subject, because the server lets an agency's user publish on its own alone.
"""

import logging
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from psycopg import Error
from psycopg_pool import PoolTimeout
from pydantic import ValidationError

from services.gateway.agencies import Agencies
from services.gateway.answers import Answer, Taken, result
from services.gateway.asked import Manner
from services.gateway.atomic import AtomicDoor
from services.gateway.bodies import reports_of
from services.gateway.credentials import Caller
from services.gateway.door import Door
from services.gateway.posting import whole
from services.gateway.problems import Malformed, NotFound, OutcomeIsUnknown, Problem, SlowDown
from services.gateway.rates import Rates
from services.shared.bus import Log
from services.shared.nats_rights import INTAKE_QUEUE
from services.shared.requests import Reply, Request

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 1000
_LARGEST_REPLY = 900_000  # below the server's max_payload
ATOMIC, IMPORT = "Vcp-Atomic", "Vcp-Import"
_OURS = "vcp-"
_OPERATION = re.compile(r"[a-z0-9-]{3,40}")


class Intake:
    """Takes one report, or a batch as a JSON array."""

    def __init__(self, agencies: Agencies, door: Door, atomic: AtomicDoor, rates: Rates) -> None:
        self._agencies = agencies
        self._door = door
        self._atomic = atomic
        self._rates = rates

    async def answer(self, request: Request) -> Reply:
        """The receipt, the problem, or one of both for each report of a batch."""
        _, agency, operation = request.subject.split(".")
        try:
            caller = await self._agencies.system_of(agency)
            if _OPERATION.fullmatch(operation) is None:
                raise NotFound
            self._rates.count(caller)
            manner = manner_of(request.headers)
            if request.body.lstrip(b" \t\r\n")[:1] == b"[":
                return await self._take_batch(request.body, caller, operation, manner)
            if manner.atomic:
                raise Malformed(f"{ATOMIC} is for a batch: a JSON array of reports.")
            taken = await self._door.take(request.body, caller=caller, operation=operation, imported=manner.import_)
            return reply_of(taken)
        except Problem as problem:
            return reply_of(problem)
        except Exception as failed:
            if not isinstance(failed, (Error, PoolTimeout)):
                # Not the text: it may say what was posted.
                logger.error("a report over NATS met a fault", extra={"error": type(failed).__name__})
            return reply_of(OutcomeIsUnknown("Send it again with the same id: it will be stored once."))

    async def _take_batch(self, body: bytes, caller: Caller, operation: str, manner: Manner) -> Reply:
        raws = reports_of(body)
        self._rates.count(caller, len(raws) - 1)
        if manner.atomic:
            taken = await self._atomic.take_all(raws, caller=caller, operation=operation, imported=manner.import_)
            status, results, headers = whole(taken)
            return Reply(_within_bounds({"status": status, "results": results}), headers)
        answers = await self._door.take_each(raws, caller=caller, operation=operation, imported=manner.import_)
        results = [result(answer, index=index) for index, answer in enumerate(answers)]
        return Reply(_within_bounds({"status": 207, "results": results}), {})


def manner_of(headers: Mapping[str, str]) -> Manner:
    """How a request wants its reports to be taken: what `?atomic=` and `?import=` say over HTTP. Raises Malformed."""
    said = {name.lower(): value for name, value in headers.items() if name.lower().startswith(_OURS)}
    try:
        return Manner.model_validate({name.removeprefix(_OURS): value for name, value in said.items()})
    except ValidationError:
        raise Malformed(f"Accepted headers are {ATOMIC} and {IMPORT}, each true or false.") from None


@asynccontextmanager
async def taking_in(log: Log, intake: Intake) -> AsyncIterator[None]:
    """Listens beside all other gateways while the block runs; what was begun is answered before it ends."""
    busy = reply_of(SlowDown("This gateway has too many reports under way."))
    requests = await log.take_in(intake.answer, queue=INTAKE_QUEUE, busy=busy, most=MOST_AT_ONCE)
    try:
        yield
    finally:
        await requests.close()


def reply_of(answer: Answer) -> Reply:
    """One answer, with the headers that HTTP gives it."""
    headers = answer.headers() if isinstance(answer, Taken) else answer.headers
    return Reply(_within_bounds(result(answer)), headers)


def _within_bounds(answer: dict[str, Any]) -> bytes:
    """An answer; when it is too large for one message, without the single places of its problems."""
    body = msgspec.json.encode(answer)
    if len(body) <= _LARGEST_REPLY:
        return body
    for one in (answer, *answer.get("results", ())):
        one.get("problem", {}).pop("errors", None)
    return msgspec.json.encode(answer)
