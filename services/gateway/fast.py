"""The fast door: posts of reports answered before the framework, by the same parts as the documented route.

Routing, dependencies and response objects cost more than all that the door does for one report (benchmarks/ingest.py).
"""

import logging
import re
from functools import cache

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from services.gateway.bodies import BATCH, LARGEST_BATCH, STRUCTURED
from services.gateway.counted import Counts
from services.gateway.hardened import POLICY_HEADER, Policed
from services.gateway.outage import OUT_OF_REACH, outage
from services.gateway.posting import Answered, post_batch, refused
from services.gateway.problems import Malformed, OurFault, Problem, TooLarge
from services.gateway.starting import parts_of
from services.reading.reports import LARGEST_REPORT

logger = logging.getLogger(__name__)

_EVENTS = re.compile(r"/v1/operations/([a-z0-9-]{3,40})/events")
_LARGEST = {
    f"{form}{charset}".encode(): largest
    for form, largest in ((STRUCTURED, LARGEST_REPORT), (BATCH, LARGEST_BATCH))
    for charset in ("", "; charset=utf-8", "; charset=UTF-8")
}
"""The two hot forms as clients spell them, and how many bytes each may have."""


class FastDoor:
    """Takes the two hot forms from who shows a token, and leaves everything else to the application."""

    def __init__(self, app: FastAPI) -> None:
        self._state = app.state
        self._counts = Counts(Policed(app))
        self._answers = self._counts.answers
        app.state.counts = self._counts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        operation = _operation(scope)
        if operation is not None:
            headers: dict[bytes, bytes] = dict(scope["headers"])
            largest = _LARGEST.get(headers.get(b"content-type", b""))
            if largest is not None and b"authorization" in headers and b"content-encoding" not in headers:
                answered = await self._answer(headers, receive, operation, largest)
                self._answers["POST", answered.status] += 1
                await _send(answered, send)
                return
        await self._counts(scope, receive, send)

    async def _answer(self, headers: dict[bytes, bytes], receive: Receive, operation: str, largest: int) -> Answered:
        try:
            return await self._post(headers, receive, operation, largest)
        except Problem as problem:
            return refused(problem)
        except OUT_OF_REACH:
            return refused(outage("POST"))
        except Exception:
            logger.exception("a post met a fault")
            return refused(OurFault())

    async def _post(self, headers: dict[bytes, bytes], receive: Receive, operation: str, largest: int) -> Answered:
        parts = parts_of(self._state)
        caller = await parts.credentials.caller(_text(headers.get(b"authorization")))
        parts.rates.count(caller)
        body = await _body(headers, receive, most=largest)
        if largest == LARGEST_BATCH:
            return await post_batch(body, caller=caller, operation=operation, door=parts.door, rates=parts.rates)
        version = _text(headers.get(b"if-match"))
        taken = await parts.door.take(body, caller=caller, operation=operation, ifmatch=version)
        return Answered(taken.status, taken.body(), taken.headers())


def _operation(scope: Scope) -> str | None:
    """The operation to which something is posted; None for whatever else is asked."""
    if scope["type"] != "http" or scope["method"] != "POST" or scope["query_string"]:
        return None
    matched = _EVENTS.fullmatch(scope["path"])
    return matched[1] if matched is not None else None


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("latin-1")


async def _body(headers: dict[bytes, bytes], receive: Receive, *, most: int) -> bytes:
    """The whole body, refused as soon as it is too large. Most come in one piece."""
    declared = headers.get(b"content-length", b"")
    if declared.isdigit() and int(declared) > most:
        raise TooLarge(f"At most {most} bytes.")
    read, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Malformed("The body ended before its end.")
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > most:
            raise TooLarge(f"At most {most} bytes.")
        read.append(chunk)
        more = message.get("more_body", False)
    return read[0] if len(read) == 1 else b"".join(read)


async def _send(answered: Answered, send: Send) -> None:
    headers = [(_name(name), value.encode("latin-1")) for name, value in answered.headers.items()]
    headers.append(POLICY_HEADER)
    headers.append((b"content-type", answered.media.encode()))
    headers.append((b"content-length", b"%d" % len(answered.body)))
    await send({"type": "http.response.start", "status": answered.status, "headers": headers})
    await send({"type": "http.response.body", "body": answered.body})


@cache
def _name(name: str) -> bytes:
    return name.lower().encode()
