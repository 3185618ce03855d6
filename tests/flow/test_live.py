"""The live stream: from a snapshot on, without gap or double, to each exactly what they may see."""

import json
from collections.abc import Iterator
from typing import Any

import httpx

NAMED = {"scope": "named", "agencies": ["BA"]}


def frames(answer: httpx.Response) -> Iterator[dict[str, str]]:
    """The frames of a stream of server-sent events."""
    frame: dict[str, str] = {}
    for line in answer.iter_lines():
        if line:
            name, _, value = line.partition(": ")
            frame[name] = value
        else:
            yield frame
            frame = {}


def entries(stream: Iterator[dict[str, str]], count: int) -> list[tuple[str, str]]:
    """The next entries of a stream, with their cursors."""
    found = []
    for frame in stream:
        if frame["event"] == "entry":
            found.append((frame["id"], json.loads(frame["data"])["entry"]))
        if len(found) == count:
            break
    return found


def test_the_tail_of_a_snapshot_goes_on_without_gap_or_double(room: Any) -> None:
    client = room.as_agency("AT")
    room.take("BA", "arrest.made.v1")
    snapshot = room.get("AT", "events", limit=1000)
    posted = [room.take("BA", "arrest.made.v1")["entry"] for _ in range(3)]

    with client.stream("GET", f"{room.path}/live", params={"cursor": snapshot["tail"]}) as answer:
        seen = entries(frames(answer), 3)

    assert [entry for _, entry in seen] == posted
    assert not {entry for _, entry in seen} & {item["entry"] for item in snapshot["items"]}


def test_a_stream_resumes_where_it_broke_off(room: Any) -> None:
    client = room.as_agency("AT")
    tail = room.get("AT", "events")["tail"]
    posted = [room.take("BA", "arrest.made.v1")["entry"] for _ in range(4)]
    with client.stream("GET", f"{room.path}/live", params={"cursor": tail}) as answer:
        first = entries(frames(answer), 2)

    with client.stream("GET", f"{room.path}/live", headers={"Last-Event-ID": first[-1][0]}) as answer:
        second = entries(frames(answer), 2)

    assert [entry for _, entry in first + second] == posted


def test_what_is_posted_while_watching_arrives(room: Any) -> None:
    client = room.as_agency("AT")

    with client.stream("GET", f"{room.path}/live") as answer:
        stream = frames(answer)
        assert next(stream)["event"] == "now"
        posted = room.take("BA", "arrest.made.v1")["entry"]
        ((_, seen),) = entries(stream, 1)

    assert seen == posted


def test_hidden_entries_never_come_by(room: Any) -> None:
    tail = room.get("MD", "events")["tail"]
    room.take("BA", "arrest.made.v1", audience=NAMED)
    open_one = room.take("BA", "arrest.made.v1")["entry"]

    with room.as_agency("MD").stream("GET", f"{room.path}/live", params={"cursor": tail}) as answer:
        ((_, seen),) = entries(frames(answer), 1)

    assert seen == open_one


def test_a_stream_of_somebody_else_cannot_be_resumed(room: Any) -> None:
    tail = room.get("AT", "events")["tail"]

    answer = room.as_agency("MD").get(f"{room.path}/live", params={"cursor": tail})

    assert answer.status_code == 400
