"""While a part is down: callers are told to try again, nothing is refused for good, and streams go on afterwards."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx

from tests.flow.conftest import Room

STRUCTURED = {"content-type": "application/cloudevents+json"}
BATCH = {"content-type": "application/cloudevents-batch+json"}
LINES = {"content-type": "application/x-ndjson"}


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
