"""Bodies that stand still, at every form of the door: refused or ended, nothing half-stored, nobody else disturbed."""

import json
import socket
from urllib.parse import urlsplit

import pytest

from tests.flow.conftest import Room

pytestmark = pytest.mark.own_stack(patience_seconds=0.3)

BINARY = "ce-specversion: 1.0\r\nce-id: b1\r\nce-source: /invented\r\nce-type: arrest.made.v1\r\n"
FORMS = {
    "structured": ("application/cloudevents+json", "", ""),
    "batch": ("application/cloudevents-batch+json", "", ""),
    "atomic": ("application/cloudevents-batch+json", "?atomic=true", ""),
    "binary": ("application/json", "", BINARY),
}


def opened(room: Room, *, media: str, query: str = "", more: str = "", length: int | None = None) -> socket.socket:
    """A connection on which the head of a post has been sent."""
    address = urlsplit(room.stack.base_url)
    token = room.as_agency("BA").headers["authorization"]
    sized = "transfer-encoding: chunked" if length is None else f"content-length: {length}"
    head = (
        f"POST {room.path}/events{query} HTTP/1.1\r\nhost: vcp\r\nauthorization: {token}\r\n"
        f"content-type: {media}\r\n{more}{sized}\r\n\r\n"
    )
    connection = socket.create_connection((address.hostname, address.port), timeout=30)
    connection.sendall(head.encode())
    return connection


def told(connection: socket.socket) -> bytes:
    """All that the gateway says until it closes."""
    with connection, connection.makefile("rb") as said:
        return said.read()


@pytest.mark.parametrize("form", FORMS)
def test_a_body_that_stands_still_is_refused_and_nothing_of_it_is_stored(room: Room, form: str) -> None:
    media, query, more = FORMS[form]
    report = json.dumps(room.report("arrest.made.v1")).encode()
    before = len(room.get("BA", "events")["items"])

    waiting = opened(room, media=media, query=query, more=more, length=len(report) + 100)
    waiting.sendall(report)
    said = told(waiting)

    head, _, body = said.partition(b"\r\n\r\n")
    assert head.split()[1] == b"408"
    assert json.loads(body)["type"] == "/problems/too-slow"
    later = room.take("BA", "arrest.made.v1")["entry"]
    items = room.get("BA", "events")["items"]
    assert (len(items), items[-1]["entry"]) == (before + 1, later)


def test_lines_that_stop_coming_keep_their_receipts(room: Room) -> None:
    lines = [json.dumps(room.report("arrest.made.v1")).encode() + b"\n" for _ in range(150)]

    waiting = opened(room, media="application/x-ndjson")
    body = b"".join(lines)
    waiting.sendall(f"{len(body):x}\r\n".encode() + body + b"\r\n")
    said = told(waiting)

    receipts = [
        json.loads(part) for part in said.split(b"\r\n") if part.startswith(b'{"line"') for part in part.splitlines()
    ]
    assert said.split()[1] == b"200"
    assert not said.endswith(b"0\r\n\r\n")
    assert receipts
    assert {one["status"] for one in receipts} == {201}


def test_half_closed_and_idle_connections_disturb_nobody(room: Room) -> None:
    idle = [opened(room, media=FORMS["structured"][0], length=1000) for _ in range(30)]
    for one in idle[::2]:
        one.shutdown(socket.SHUT_WR)

    assert room.post("BA", room.report("arrest.made.v1")).status_code == 201

    answers = [told(one) for one in idle]
    assert {answer.split()[1] for answer in answers if answer} == {b"408"}
    assert room.post("BA", room.report("arrest.made.v1")).status_code == 201
