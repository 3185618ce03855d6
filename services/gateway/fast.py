"""The fast door: posts of reports answered before the framework, by the same parts as the documented route.

Routing, dependencies and response objects cost more than all that the door does for one report (benchmarks/ingest.py).
"""

import re
from collections.abc import AsyncIterator

from starlette.types import ASGIApp, Receive, Scope, Send

from services.gateway.bodies import BATCH, STRUCTURED
from services.gateway.posting import Answered, form_of, post_reports, refused
from services.gateway.problems import Problem

_EVENTS = re.compile(r"/v1/operations/([a-z0-9-]{3,40})/events")


class FastDoor:
    """ASGI middleware that takes the two hot forms and leaves everything else to the application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        operation = _operation(scope)
        if operation is None:
            await self._app(scope, receive, send)
            return
        try:
            answered = await self._post(scope, receive, operation)
        except Problem as problem:
            answered = refused(problem)
        await _send(answered, send)

    async def _post(self, scope: Scope, receive: Receive, operation: str) -> Answered:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        parts = scope["app"].state.parts
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
    """The operation of a hot post; None for whatever else is asked."""
    if scope["type"] != "http" or scope["method"] != "POST" or scope["query_string"]:
        return None
    matched = _EVENTS.fullmatch(scope["path"])
    if matched is None:
        return None
    hot = any(
        name == b"content-type" and value.partition(b";")[0].strip().lower() in (_STRUCTURED, _BATCH)
        for name, value in scope["headers"]
    )
    return matched[1] if hot else None


async def _chunks(receive: Receive) -> AsyncIterator[bytes]:
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
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


_STRUCTURED, _BATCH = STRUCTURED.encode(), BATCH.encode()
