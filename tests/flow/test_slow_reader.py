"""Who reads the live stream too slowly is told so, and loses nothing by coming back."""

import json
import socket
from typing import Any

import pytest

from tests.flow.test_live import entries, frames

pytestmark = pytest.mark.own_stack  # what it posts is more than an operation of the shared stack holds

BATCHES, SIZE = 22, 1000
"""More than the sockets and the mailbox of one viewer hold."""


def test_a_slow_reader_is_told_to_resync_and_resumes_without_a_gap(room: Any) -> None:
    tail = room.get("AT", "events")["tail"]
    address = (room.stack.settings.host, room.stack.settings.port)
    token = room.as_agency("AT").headers["authorization"]
    slow = socket.socket()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.connect(address)
    slow.sendall(
        f"GET {room.path}/live?cursor={tail} HTTP/1.1\r\nHost: gateway\r\nAuthorization: {token}\r\n\r\n".encode()
    )
    posted = [entry for batch in range(BATCHES) for entry in post(room, batch)]
    room.get("AT", "timeline", after=posted[-1], wait=30, limit=1)

    slow.settimeout(60)
    read = b""
    while b"event: resync" not in read[-200:]:
        received = slow.recv(2**20)
        assert received, "the stream ended without a word"
        read += received
    slow.close()
    # The transfer coding puts lengths between the chunks; ids and entries stand on lines of their own.
    lines = read.decode(errors="replace").splitlines()
    seen = [json.loads(line[6:])["entry"] for line in lines if line.startswith('data: {"entry"')]
    last = [line[4:] for line in lines if line.startswith("id: ")][-1]

    with room.as_agency("AT").stream("GET", f"{room.path}/live", headers={"Last-Event-ID": last}) as answer:
        rest = [entry for _, entry in entries(frames(answer), len(posted) - len(seen))]
    assert 0 < len(seen) < len(posted)
    assert seen + rest == posted


def post(room: Any, batch: int) -> list[str]:
    reports = [room.report("vehicle.detected.v1", id=f"{batch}-{index}") for index in range(SIZE)]
    answer = room.as_agency("BA").post(
        f"{room.path}/events",
        json=reports,
        headers={"Content-Type": "application/cloudevents-batch+json"},
    )
    assert answer.status_code == 207, answer.text
    return [result["receipt"]["entry"] for result in answer.json()["results"]]
