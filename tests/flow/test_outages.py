"""While a part is down: callers are told to try again, nothing is refused for good, and streams go on afterwards."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx
import psycopg
import pytest

from services.gateway import parts
from tests.flow.conftest import Room
from tests.flow.test_non_interference import served

pytestmark = pytest.mark.own_stack  # they stop parts

STRUCTURED = {"content-type": "application/cloudevents+json"}
BATCH = {"content-type": "application/cloudevents-batch+json"}
LINES = {"content-type": "application/x-ndjson"}
MOST_HEARTBEATS = 3


def test_a_command_on_what_the_picture_does_not_show_yet_names_no_unknown_thing(room: Room) -> None:
    room.stack.projector.stop()
    arrest = room.post("BA", room.report("arrest.made.v1")).json()
    command = room.report("arrest.updated.v1", arrest=arrest["entry"])

    early = room.post("BA", command, etag=arrest["etag"])
    room.stack.projector.start()
    late = until_answered(lambda: room.post("BA", command, etag=arrest["etag"]))

    told_to_try_again(early, "picture-behind")
    assert late.status_code == 201, late.text


def test_a_page_is_not_turned_in_a_picture_that_a_crash_set_back(room: Room) -> None:
    for _ in range(3):
        room.take("BA", "arrest.made.v1")
    first = room.get("BA", "timeline", limit=2)
    room.stack.projector.stop()

    # What the projector writes is not flushed at each commit, so a crash of the database may take the last of it away.
    stood_at = move_checkpoint(room, "position - 1")
    early = room.as_agency("BA").get(f"{room.path}/timeline", params={"limit": 2, "cursor": first["next"]})
    move_checkpoint(room, str(stood_at))
    room.stack.projector.start()

    told_to_try_again(early, "picture-behind")
    assert room.get("BA", "timeline", limit=2, cursor=first["next"])["items"]


def move_checkpoint(room: Room, to: str) -> int:
    """Where the picture stood before."""
    with psycopg.connect(room.stack.settings.database_url) as connection:
        connection.execute("select set_config('search_path', (select schema from desk.live), true)")
        was = connection.execute("select position from checkpoints where operation = %s", (room.operation,)).fetchone()
        connection.execute(f"update checkpoints set position = {to} where operation = %s", (room.operation,))
    assert was is not None
    return int(was[0])


def test_without_a_database_posts_and_reads_are_told_to_try_again(room: Room) -> None:
    report, client, at = room.report("arrest.made.v1"), room.as_agency("BA"), f"{room.path}/events"
    opening = room.report("operation.created.v1")
    posts = [
        lambda: client.post(at, json=report, headers=STRUCTURED),
        lambda: client.post(at, json=[report], headers=BATCH),
        lambda: client.post(f"{at}?atomic=true", json=[report], headers=BATCH),
        lambda: client.post(at, json=report, headers=LINES),
        lambda: client.post("/v1/operations", json=opening, headers=STRUCTURED),
    ]
    reads = [
        lambda view=view: client.get(f"{room.path}/{view}")  # type: ignore[misc]
        for view in ("timeline", "figures", "events", "live", "arrests")
    ]

    with without_postgres(room), ThreadPoolExecutor(len(posts + reads)) as at_once:
        refused = list(at_once.map(lambda ask: ask(), posts + reads))

    for answer in refused:
        told_to_try_again(answer, "sign-in-unavailable", "outcome-unknown", "picture-unavailable")
    assert until_answered(posts[0]).status_code == 201
    assert until_answered(reads[0]).status_code == 200


def test_a_live_stream_outlives_the_database(room: Room) -> None:
    report, _ = room.report("arrest.made.v1"), room.as_agency("BA")
    with room.as_agency("AT").stream("GET", f"{room.path}/live") as answer:
        frames = frames_of(answer)
        cursor = next(frames)["id"]

        with without_postgres(room):
            told_to_try_again(room.post("BA", report), "sign-in-unavailable", "outcome-unknown")
        posted = until_answered(lambda: room.post("BA", report)).json()
        seen = next_entry(frames)

    if seen is None:  # it was cut off rather than kept, so the client goes on from its cursor
        with room.as_agency("AT").stream("GET", f"{room.path}/live", params={"cursor": cursor}) as answer:
            seen = next_entry(frames_of(answer))
    assert seen == posted["entry"]


def test_without_the_log_checks_are_told_to_try_again_at_every_door(room: Room) -> None:
    made = room.take("BA", "border_check.reported.v1")
    client, at, report = room.as_agency("BA"), f"{room.path}/events", room.report("border_check.reported.v1")
    gone = {**room.report("record.retracted.v1", target=made["entry"]), "ifmatch": made["etag"]}
    posts = [
        lambda one=one, **how: client.post(at, json=[one], headers=BATCH, **how)  # type: ignore[misc]
        for one in (report, gone)
    ]

    room.stack.nats.kill()
    try:
        refused = [post(params={"atomic": "true"}) for post in posts]
        refused.append(room.post("BA", report))
    finally:
        room.stack.nats.start()

    for answer in refused:
        told_to_try_again(answer, "log-unavailable", "outcome-unknown")
    assert until_answered(lambda: posts[0](params={"atomic": "true"})).status_code == 201


@pytest.mark.parametrize("part", ["nats", "postgres"])
def test_a_gateway_that_starts_without_log_or_database_says_so_and_goes_on_once_it_is_there(
    room: Room, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "PATIENCE_SECONDS", 0.5)
    entry = room.take("BA", "arrest.made.v1")["entry"]
    headers = {"Authorization": room.as_agency("BA").headers["Authorization"]}
    report = room.report("arrest.made.v1")

    getattr(room.stack, part).kill()
    try:
        with served(room.stack.settings) as url, httpx.Client(base_url=url, headers=headers, timeout=30) as client:
            unready = client.get("/health/ready")
            early = [
                client.get(f"{room.path}/events/{entry}"),
                client.post(f"{room.path}/events", json=report, headers=STRUCTURED),
                client.get("/v1/session"),
            ]
            getattr(room.stack, part).start()
            read = until_answered(lambda: client.get(f"{room.path}/events/{entry}", params={"after": entry}))
            posted = until_answered(lambda: client.post(f"{room.path}/events", json=report, headers=STRUCTURED))
            ready = client.get("/health/ready")
    finally:
        if not getattr(room.stack, part).process.is_running:
            getattr(room.stack, part).start()

    assert (unready.status_code, unready.json()["status"]) == (503, "unready")
    assert unready.json()["reasons"][0].startswith("log: no NATS server" if part == "nats" else "database: nothing")
    for answer in early:
        told_to_try_again(answer, "not-started")
        assert unready.json()["reasons"] == [answer.json()["detail"]]
    assert (read.status_code, posted.status_code, ready.status_code) == (200, 201, 200)


@contextmanager
def without_postgres(room: Room) -> Iterator[None]:
    """Kills Postgres, and starts it again at the end of the block."""
    room.stack.postgres.kill()
    try:
        yield
    finally:
        room.stack.postgres.start()


def told_to_try_again(answer: httpx.Response, *kinds: str) -> None:
    assert answer.status_code == 503, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"].removeprefix("/problems/") in kinds
    assert int(answer.headers["retry-after"]) > 0


def until_answered(ask: Callable[[], httpx.Response]) -> httpx.Response:
    """What every client does: the same again, until it is no longer told to."""
    while (answer := ask()).status_code == 503:
        assert answer.headers["retry-after"]
    return answer


def frames_of(answer: httpx.Response) -> Iterator[dict[str, str]]:
    frame: dict[str, str] = {}
    for line in answer.iter_lines():
        if line:
            name, _, value = line.partition(": ")
            frame[name] = value
        else:
            yield frame
            frame = {}


def next_entry(frames: Iterator[dict[str, str]]) -> str | None:
    """The next entry of a stream; None when it ends before."""
    for heartbeats, frame in enumerate(frames, start=1):
        if frame["event"] == "entry":
            entry: dict[str, Any] = json.loads(frame["data"])
            return str(entry["entry"])
        assert heartbeats < MOST_HEARTBEATS, "the stream lives, and nothing comes"
    return None
