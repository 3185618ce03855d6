"""The engine's way in and out: the HTTP API, as the agency that delegated to it. What is unknown is asked again."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import httpx

from services.crosscheck.history import Told, read_told
from services.shared.actors import ENGINES_PURPOSE

log = logging.getLogger(__name__)

SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.2, 10.0
SILENCE_SECONDS = 30.0
LATER = (429, 502, 503, 504)


class DelegationEnded(Exception):
    """The token is no longer valid, or not for this operation."""


class Resync(Exception):
    """The stream cannot go on from where it was."""


class Desk:
    """One agency's delegation."""

    def __init__(self, base_url: str, token: str, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._client = httpx.AsyncClient(
            base_url=base_url,
            headers={"Authorization": f"Bearer {token}", "Vcp-Purpose": ENGINES_PURPOSE},
            timeout=SILENCE_SECONDS,
            transport=transport,
        )

    async def close(self) -> None:
        await self._client.aclose()

    async def get(self, path: str, **query: Any) -> Any:
        """A document, or None where there is none for this agency. Raises DelegationEnded."""
        answer = await self._until_answered("GET", path, params=query)
        if answer.status_code == 404:
            return None
        answer.raise_for_status()
        return answer.json()

    async def put(self, path: str) -> Any:
        """The document that answers. Raises DelegationEnded."""
        answer = await self._until_answered("PUT", path)
        answer.raise_for_status()
        return answer.json()

    async def delete(self, path: str) -> None:
        """Whether or not there was something. Raises DelegationEnded."""
        await self._until_answered("DELETE", path)

    async def post(self, path: str, report: Mapping[str, Any], *, version: str | None = None) -> httpx.Response:
        """Whatever the door says in the end. Raises DelegationEnded."""
        headers = {"Content-Type": "application/cloudevents+json", **({"If-Match": version} if version else {})}
        return await self._until_answered("POST", path, content=json.dumps(report).encode(), headers=headers)

    async def whole_log(self, path: str) -> AsyncIterator[Told]:
        """All entries up to now. Raises httpx.HTTPError where it is cut off."""
        async with self._client.stream("GET", path, headers={"Accept": "application/x-ndjson"}) as answer:
            _check(answer)
            answer.raise_for_status()
            async for line in answer.aiter_lines():
                if line:
                    yield read_told(json.loads(line))

    async def live(self, path: str, cursor: str, *, heard: Callable[[], None]) -> AsyncIterator[Told]:
        """Entries as they come; `heard` is called whenever the stream says that it lives.

        Raises Resync, DelegationEnded.
        """
        pause = SHORTEST_PAUSE_SECONDS
        while True:
            try:
                async with self._client.stream("GET", path, params={"cursor": cursor}) as answer:
                    _check(answer)
                    answer.raise_for_status()
                    async for event, identity, data in _frames(answer):
                        pause = SHORTEST_PAUSE_SECONDS
                        heard()
                        if event == "resync":
                            raise Resync
                        cursor = identity or cursor
                        if event == "entry":
                            yield read_told(json.loads(data))
            except httpx.HTTPStatusError as refused:
                if refused.response.status_code == 400:
                    raise Resync from None
                log.info("the live stream is refused", extra={"status": refused.response.status_code})
            except httpx.TransportError as broken:
                log.info("the live stream broke", extra={"error": type(broken).__name__})
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def _until_answered(self, method: str, path: str, **request: Any) -> httpx.Response:
        pause = SHORTEST_PAUSE_SECONDS
        while True:
            try:
                answer = await self._client.request(method, path, **request)
            except httpx.TransportError as broken:
                log.info("no answer, asking again", extra={"error": type(broken).__name__})
            else:
                _check(answer)
                if answer.status_code not in LATER:
                    return answer
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)


def _check(answer: httpx.Response) -> None:
    if (answer.status_code in (401, 403) and answer.request.method == "GET") or answer.status_code == 401:
        raise DelegationEnded


async def _frames(answer: httpx.Response) -> AsyncIterator[tuple[str, str, str]]:
    """Frames of `text/event-stream`: event, id and data."""
    frame: dict[str, str] = {}
    async for line in answer.aiter_lines():
        if line:
            name, _, value = line.partition(": ")
            frame[name] = value
        elif frame:
            yield frame.get("event", ""), frame.get("id", ""), frame.get("data", "")
            frame = {}
