"""The door over NATS: `vcpin.<agency>.<operation>` takes what POST .../events takes, and answers the same.

Who asks is the agency of the subject, because the server lets an agency's user publish on its own alone.
"""

import logging
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from psycopg import Error
from psycopg_pool import PoolTimeout

from services.gateway.agencies import Agencies
from services.gateway.answers import Answer, Taken, result
from services.gateway.bodies import reports_of
from services.gateway.credentials import Caller
from services.gateway.door import Door
from services.gateway.problems import NotFound, OutcomeIsUnknown, Problem, SlowDown
from services.gateway.rates import Rates
from services.shared.bus import Log
from services.shared.nats_rights import INTAKE_QUEUE
from services.shared.requests import Reply

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 1000
_LARGEST_REPLY = 900_000  # below the server's max_payload
_OPERATION = re.compile(r"[a-z0-9-]{3,40}")


class Intake:
    """Takes one report, or a batch as a JSON array."""

    def __init__(self, agencies: Agencies, door: Door, rates: Rates) -> None:
        self._agencies = agencies
        self._door = door
        self._rates = rates

    async def answer(self, subject: str, body: bytes) -> Reply:
        """The receipt, the problem, or one of both for each report of a batch."""
        _, agency, operation = subject.split(".")
        try:
            caller = await self._agencies.system_of(agency)
            if _OPERATION.fullmatch(operation) is None:
                raise NotFound
            self._rates.count(caller)
            if body.lstrip(b" \t\r\n")[:1] == b"[":
                return await self._take_batch(body, caller, operation)
            return reply_of(await self._door.take(body, caller=caller, operation=operation))
        except Problem as problem:
            return reply_of(problem)
        except Exception as failed:
            if not isinstance(failed, (Error, PoolTimeout)):
                # Not the text: it may say what was posted.
                logger.error("a report over NATS met a fault", extra={"error": type(failed).__name__})
            return reply_of(OutcomeIsUnknown("Send it again with the same id: it will be stored once."))

    async def _take_batch(self, body: bytes, caller: Caller, operation: str) -> Reply:
        raws = reports_of(body)
        self._rates.count(caller, len(raws) - 1)
        answers = await self._door.take_each(raws, caller=caller, operation=operation)
        results = [result(answer, index=index) for index, answer in enumerate(answers)]
        return Reply(_within_bounds(results), {})


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
    return Reply(msgspec.json.encode(result(answer)), headers)


def _within_bounds(results: Sequence[dict[str, Any]]) -> bytes:
    """A batch's answer; when it is too large for one message, without the single places of the problems."""
    body = msgspec.json.encode({"status": 207, "results": results})
    if len(body) <= _LARGEST_REPLY:
        return body
    for one in results:
        one.get("problem", {}).pop("errors", None)
    return msgspec.json.encode({"status": 207, "results": results})
