"""A few pages of a service for its operators, on a port that is not the API's: names and numbers, never content."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import NamedTuple

_PATIENCE_SECONDS = 5.0
_LONGEST_HEAD = 8192


class Shown(NamedTuple):
    """What a page says now."""

    text: str
    media: str = "text/html; charset=utf-8"
    status: int = 200


Page = Callable[[], Awaitable[Shown]]


@asynccontextmanager
async def serving(pages: Mapping[str, Page], *, host: str, port: int) -> AsyncIterator[int]:
    """Serves the pages while the block runs; gives the port, which the system chose where it was 0."""
    server = await asyncio.start_server(lambda *both: _answer(pages, *both), host, port, limit=_LONGEST_HEAD)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


async def _answer(pages: Mapping[str, Page], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            head = await reader.readuntil(b"\r\n\r\n")
            shown = await _shown(pages, head)
            body = shown.text.encode()
            status = f"{shown.status} {HTTPStatus(shown.status).phrase}"
            fields = f"Content-Type: {shown.media}\r\nContent-Length: {len(body)}\r\nCache-Control: no-store\r\n"
            writer.write(f"HTTP/1.1 {status}\r\n{fields}Connection: close\r\n\r\n".encode() + body)
            await writer.drain()
    except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
        # Whoever asks slowly, too much, or goes away gets no answer.
        return
    finally:
        writer.close()


async def _shown(pages: Mapping[str, Page], head: bytes) -> Shown:
    method, _, rest = head.partition(b" ")
    path = rest.partition(b" ")[0].partition(b"?")[0].decode("latin-1")
    if method != b"GET":
        return Shown("Only GET.\n", "text/plain", 405)
    if path not in pages:
        return Shown(f"There are {', '.join(pages)}.\n", "text/plain", 404)
    return await pages[path]()
