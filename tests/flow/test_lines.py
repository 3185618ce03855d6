"""Reports as a stream of lines: each is answered, however the body arrives."""

import json
from collections.abc import Iterator
from typing import Any

from schemas.subjects import entry_id

LINES = {"Content-Type": "application/x-ndjson"}


def test_every_line_of_a_body_that_arrives_in_pieces_is_answered(room: Any) -> None:
    pieces = [[room.report("arrest.made.v1") for _ in range(100)] for _ in range(4)]

    def body() -> Iterator[bytes]:
        for piece in pieces:
            yield b"".join(json.dumps(report).encode() + b"\n" for report in piece)
            # The answer has begun before the next piece is sent.
            last = entry_id(room.operation, agency="BA", source=piece[-1]["source"], id=piece[-1]["id"])
            room.get("AT", "timeline", after=str(last), wait=30, limit=1)

    answer = room.as_agency("BA").post(f"{room.path}/events", content=body(), headers=LINES)

    results = [json.loads(line) for line in answer.text.splitlines()]
    assert [(one["line"], one["status"]) for one in results] == [(line, 201) for line in range(1, 401)]
