"""The fast door: posts of reports answered before the framework, by the same parts as the documented route.

Routing, dependencies and response objects cost more than all that the door does for one report (benchmarks/ingest.py).
"""

import logging
import re
from collections.abc import AsyncIterator

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from services.gateway.bodies import BATCH, STRUCTURED
from services.gateway.outage import OUT_OF_REACH, outage
from services.gateway.posting import Answered, form_of, post_reports, refused
from services.gateway.problems import Malformed, OurFault, Problem

logger = logging.getLogger(__name__)

_EVENTS = re.compile(r"/v1/operations/([a-z0-9-]{3,40})/events")


class FastDoor:
    """Takes the two hot forms and leaves everything else to the application."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        operation = _operation(scope)
        if operation is not None:
            headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
            if _is_hot(headers):
                await _send(await self._answer(headers, receive, operation), send)
                return
        await self._app(scope, receive, send)

    async def _answer(self, headers: dict[str, str], receive: Receive, operation: str) -> Answered:
        try:
            return await self._post(headers, receive, operation)
        except Problem as problem:
            return refused(problem)
        except OUT_OF_REACH:
            return refused(outage("POST"))
        except Exception:
            logger.exception("a post met a fault")
            return refused(OurFault())

    async def _post(self, headers: dict[str, str], receive: Receive, operation: str) -> Answered:
        parts = self._app.state.parts
        caller = await parts.credentials.caller(headers.get("authorization"))
        parts.rates.count(caller)
        form = form_of(headers)
        return await post_reports(
            form,
            headers,
            _chunks(receive),
            caller=caller,
            operation=operation,
            door=parts.door,
            rates=parts.rates,
        )


def _operation(scope: Scope) -> str | None:
    """The operation to which something is posted; None for whatever else is asked."""
    if scope["type"] != "http" or scope["method"] != "POST" or scope["query_string"]:
        return None
    matched = _EVENTS.fullmatch(scope["path"])
    return matched[1] if matched is not None else None


def _is_hot(headers: dict[str, str]) -> bool:
    return headers.get("content-type", "").partition(";")[0].strip().lower() in (STRUCTURED, BATCH)


async def _chunks(receive: Receive) -> AsyncIterator[bytes]:
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Malformed("The body ended before its end.")
        yield message.get("body", b"")
        more = message.get("more_body", False)


async def _send(answered: Answered, send: Send) -> None:
    headers = [
        (b"content-type", answered.media.encode()),
        (b"content-length", str(len(answered.body)).encode()),
        *((name.lower().encode(), value.encode("latin-1")) for name, value in answered.headers.items()),
    ]
    await send({"type": "http.response.start", "status": answered.status, "headers": headers})
    await send({"type": "http.response.body", "body": answered.body})
