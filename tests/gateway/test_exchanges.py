"""Bodies that do not come and answers that nobody takes, over real sockets."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from services.gateway.exchanges import SLOWEST_BYTES_A_SECOND, exchanges

HEAD = b"POST / HTTP/1.1\r\nhost: here\r\ncontent-length: 1000000\r\n\r\n"
WITHIN_SECONDS = 20
OK = {"type": "http.response.start", "status": 200, "headers": []}

Application = Callable[[Any, Any, Any], Awaitable[None]]


@asynccontextmanager
async def served(application: Application, *, patience_seconds: float) -> AsyncIterator[int]:
    """Gives the port of a server with this application."""
    protocol = exchanges(patience_seconds=patience_seconds)
    config = uvicorn.Config(application, http=protocol, lifespan="off", log_config=None, access_log=False)
    config.load()
    state = ServerState()
    server = await asyncio.get_running_loop().create_server(
        lambda: protocol(config=config, server_state=state, app_state={}), "127.0.0.1", 0
    )
    yield server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()


async def count(scope: Any, receive: Any, send: Any) -> None:
    """Answers with how long the body was."""
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size += len(message["body"])
        more = message["more_body"]
    await send(OK)
    await send({"type": "http.response.body", "body": str(size).encode()})


async def all_of(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Head and body of what the server said until it closed the connection."""
    async with asyncio.timeout(WITHIN_SECONDS):
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    return head, body


@pytest.mark.parametrize("begun", [b"", b'{"id": "half'], ids=["none of it", "a part of it"])
async def test_a_body_that_does_not_go_on_is_not_waited_for(begun: bytes) -> None:
    async with served(count, patience_seconds=0.05) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(HEAD + begun)

        head, body = await all_of(reader)
        writer.close()

    assert head.split()[1] == b"408"
    assert json.loads(body)["type"] == "/problems/too-slow"


async def test_a_body_that_trickles_is_not_waited_for() -> None:
    async def trickle() -> None:
        while not writer.is_closing():
            writer.write(b"z")
            await asyncio.sleep(0.01)

    async with served(count, patience_seconds=0.1) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(HEAD)
        trickling = asyncio.create_task(trickle())

        head, _ = await all_of(reader)
        trickling.cancel()
        writer.close()

    assert head.split()[1] == b"408"


async def test_a_body_that_goes_on_may_last_for_many_periods() -> None:
    patience, pieces = 1.0, 30
    piece = b"z" * int(SLOWEST_BYTES_A_SECOND * patience)
    head = HEAD.replace(b"1000000", str(len(piece) * pieces).encode()).replace(b"host", b"connection: close\r\nhost")
    async with served(count, patience_seconds=patience) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head)
        for _ in range(pieces):
            writer.write(piece)
            await asyncio.sleep(0.1)

        answered, body = await all_of(reader)
        writer.close()

    assert answered.split()[1] == b"200"
    assert str(len(piece) * pieces).encode() in body


async def test_a_sender_is_not_blamed_for_a_gateway_that_reads_late() -> None:
    sent = asyncio.Event()

    async def read_late(scope: Any, receive: Any, send: Any) -> None:
        await sent.wait()
        await asyncio.sleep(0.5)
        await count(scope, receive, send)

    size = 300_000
    head = HEAD.replace(b"1000000", str(size).encode()).replace(b"host", b"connection: close\r\nhost")
    async with served(read_late, patience_seconds=0.1) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head + b"z" * size)
        sent.set()

        answered, body = await all_of(reader)
        writer.close()

    assert answered.split()[1] == b"200"
    assert str(size).encode() in body


async def test_an_answer_that_has_begun_is_broken_off_without_another_in_its_midst() -> None:
    async def echo(scope: Any, receive: Any, send: Any) -> None:
        await send(OK)
        while (message := await receive())["type"] != "http.disconnect":
            await send({"type": "http.response.body", "body": message["body"], "more_body": True})

    async with served(echo, patience_seconds=0.1) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(HEAD + b"first line\n")

        head, body = await all_of(reader)
        writer.close()

    assert head.split()[1] == b"200"
    assert b"first line" in body
    assert b"408" not in body
    assert not body.endswith(b"0\r\n\r\n")  # so that it does not look whole


async def test_an_answer_that_nobody_takes_is_broken_off() -> None:
    gone = asyncio.Event()

    async def pour(scope: Any, receive: Any, send: Any) -> None:
        await send(OK)
        leaving = asyncio.create_task(_until_gone(receive, gone))
        while not gone.is_set():
            await send({"type": "http.response.body", "body": b"z" * 100_000, "more_body": True})
            await asyncio.sleep(0)
        await leaving

    async with served(pour, patience_seconds=0.1) as port:
        _, writer = await asyncio.open_connection("127.0.0.1", port, limit=1000)
        writer.write(b"GET / HTTP/1.1\r\nhost: here\r\n\r\n")

        async with asyncio.timeout(WITHIN_SECONDS):
            await gone.wait()
        writer.close()


async def _until_gone(receive: Any, gone: asyncio.Event) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue
    gone.set()
