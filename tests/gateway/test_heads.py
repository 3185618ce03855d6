"""Heads of requests that are too long, too slow or no HTTP, sent over real sockets."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from services.gateway import heads


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Answers with how long the body was."""
    size, more = 0, True
    while more:
        message = await receive()
        size += len(message["body"])
        more = message["more_body"]
    body = str(size).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
async def port() -> AsyncIterator[int]:
    config = uvicorn.Config(echo, http=heads.BoundedHead, lifespan="off", log_config=None, access_log=False)
    config.load()
    state = ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: heads.BoundedHead(config=config, server_state=state, app_state={}), "127.0.0.1", 0
    )
    yield server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()


async def sent(port: int, *parts: bytes) -> tuple[int, bytes]:
    """Sends the parts and reads the answer until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for part in parts:
        writer.write(part)
        await writer.drain()
        await asyncio.sleep(0)
    async with asyncio.timeout(5):
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    return int(head.split()[1]), body


async def test_a_head_of_many_lines_is_refused_when_it_is_too_long(port: int) -> None:
    lines = [f"x-{number}: {'y' * 1000}\r\n".encode() for number in range(heads.MOST_BYTES // 1000)]

    status, body = await sent(port, b"GET / HTTP/1.1\r\nhost: here\r\n", *lines)

    assert (status, json.loads(body)["type"]) == (431, "/problems/too-large")


async def test_one_header_without_end_is_refused(port: int) -> None:
    status, body = await sent(port, b"GET / HTTP/1.1\r\nhost: here\r\nx: " + b"y" * heads.MOST_BYTES)

    assert (status, json.loads(body)["type"]) == (431, "/problems/too-large")


async def test_what_is_no_http_is_refused_as_a_problem(port: int) -> None:
    status, body = await sent(port, b"invented nonsense\r\n\r\n")

    assert (status, json.loads(body)["type"]) == (400, "/problems/malformed")


@pytest.mark.parametrize("begun", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nhost: he"], ids=["silent", "line", "header"])
async def test_a_head_that_does_not_come_is_not_waited_for(
    port: int, begun: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heads, "SECONDS", 0.05)

    status, body = await sent(port, begun)

    assert (status, json.loads(body)["type"]) == (408, "/problems/too-slow")


async def test_a_body_may_be_longer_and_slower_than_a_head(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "SECONDS", 0.5)
    size = 3 * heads.MOST_BYTES
    head = f"POST / HTTP/1.1\r\nhost: here\r\nconnection: close\r\ncontent-length: {size}\r\n\r\n".encode()

    status, body = await sent(port, head + b"z" * heads.MOST_BYTES, b"z" * heads.MOST_BYTES, b"z" * heads.MOST_BYTES)

    assert (status, body) == (200, str(size).encode())


async def test_many_requests_on_one_connection_are_counted_each_for_itself(port: int) -> None:
    request = b"GET / HTTP/1.1\r\nhost: here\r\nx: " + b"y" * 1000 + b"\r\n\r\n"
    last = request.replace(b"host", b"connection: close\r\nhost", 1)

    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answers = []
    for one in [request] * 100 + [last]:
        writer.write(one)
        answers.append(await reader.readuntil(b"\r\n\r\n0"))
    writer.close()

    assert {answer.split()[1] for answer in answers} == {b"200"}
