"""Erasure that was cut off: by a gateway that dies, a log that is silent, a backup. Nobody sees who was erased."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import psycopg
import pytest

from schemas.subjects import entry_id
from services.shared.bus import Log
from services.shared.refusals import LogUnavailable
from services.stack import Stack
from tests.flow.test_erasure import NAME, PERSON, Backup, take_backup
from tests.flow.test_ledger import full
from tests.flow.test_non_interference import served
from tests.flow.test_outages import until_answered

__all__ = ["take_backup"]

pytestmark = pytest.mark.own_stack  # parts are stopped, killed and emptied


def until_ready(stack: Stack) -> None:
    deadline = time.monotonic() + 60
    while not stack.is_ready():
        assert time.monotonic() < deadline, stack.gateway.last_words()
        time.sleep(0.05)


async def test_what_a_gateway_left_undone_when_it_was_killed_the_next_one_does(room: Any, stack: Stack) -> None:
    arrest = room.take("BA", "arrest.made.v1", person=PERSON)
    erasure = room.report("person.erased.v1", target=arrest["entry"], blocks=None)

    async with full(stack):
        unfinished = room.post("BA", erasure, etag=arrest["etag"])
        stack.gateway.kill()
    stack.gateway.start()
    until_ready(stack)
    told = until_answered(lambda: room.as_agency("AT").get(f"{room.path}/events/{arrest['entry']}"))
    again = room.post("BA", erasure, etag=arrest["etag"])

    assert unfinished.json()["detail"].startswith("It is in the log")
    assert (told.status_code, told.json()["erased"]) == (200, ["/person"])
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (200, "true")


def test_an_erasure_after_whose_entry_the_log_is_silent_says_so_and_is_ended_by_a_retry(
    room: Any, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrest = room.take("BA", "arrest.made.v1", person=PERSON)
    erasure = {**room.report("person.erased.v1", target=arrest["entry"], blocks=None), "ifmatch": arrest["etag"]}
    headers = {
        "Authorization": room.as_agency("BA").headers["Authorization"],
        "Content-Type": "application/cloudevents+json",
    }

    async def silent(log: Log, operation: str) -> int:
        raise LogUnavailable("nothing is heard")

    with served(stack.settings) as url, httpx.Client(base_url=url + room.path, headers=headers, timeout=60) as client:
        with monkeypatch.context() as patched:
            patched.setattr(Log, "tail", silent)
            unfinished = client.post("/events", json=erasure)
        again = client.post("/events", json=erasure)
        told = client.get(f"/events/{arrest['entry']}")

    assert (unfinished.status_code, unfinished.json()["type"]) == (503, "/problems/log-unavailable")
    assert unfinished.json()["detail"].startswith("It is in the log; send it again with the same id")
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (200, "true")
    assert told.json()["erased"] == ["/person"]


def test_keys_that_come_back_beside_empty_read_models_open_nobody(
    room: Any, stack: Stack, take_backup: Callable[[], Backup]
) -> None:
    arrest = room.take("BA", "arrest.made.v1", person=PERSON)
    backup = take_backup()
    room.take("BA", "person.erased.v1", target=arrest["entry"], blocks=None, etag=arrest["etag"])
    client, path = room.as_agency("AT"), f"{room.path}/events/{arrest['entry']}"
    stack.gateway.stop()
    stack.projector.stop()
    backup.restore()
    empty_read_models(stack)

    stack.gateway.start()
    until_ready(stack)
    asking = [
        lambda: client.get(path),
        lambda: client.get(f"{room.path}/events"),
        lambda: client.post(f"{room.path}/search", json={"name": NAME}),
    ]
    with ThreadPoolExecutor(len(asking)) as at_once:
        early = list(at_once.map(lambda ask: ask(), asking))
    stack.projector.start()
    while (told := client.get(path)).status_code != 200:
        early.append(told)

    assert {one.status_code for one in early} <= {404, 503}
    assert all(NAME not in one.text for one in early)
    assert told.json()["erased"] == ["/person"]
    assert backup.standing() == []


def empty_read_models(stack: Stack) -> None:
    """As they are after a restore: they are in no backup, because the log makes them again."""
    with psycopg.connect(stack.settings.database_url) as connection:
        rows = connection.execute("select tablename from pg_tables where schemaname = (select schema from desk.live)")
        tables = [name for (name,) in rows.fetchall()]
        connection.execute("select set_config('search_path', (select schema from desk.live), true)")
        connection.execute(f"truncate {', '.join(tables)}")


def test_no_person_is_shown_before_the_picture_has_come_to_the_erasures(room: Any, stack: Stack) -> None:
    arrest = room.take("BA", "arrest.made.v1", person=PERSON)
    room.take("MD", "arrest.made.v1", person=None)
    headers = {"Authorization": room.as_agency("AT").headers["Authorization"]}
    erasure = room.report("person.erased.v1", target=arrest["entry"], blocks=None)
    entry = entry_id(room.operation, agency="BA", source=erasure["source"], id=erasure["id"])
    stack.projector.stop()
    assert room.post("BA", erasure, etag=arrest["etag"]).json()["type"] == "/problems/picture-behind"

    with served(stack.settings) as url, httpx.Client(base_url=url + room.path, headers=headers, timeout=60) as late:
        behind = late.get(f"/events/{arrest['entry']}")
        others = [late.get(path).status_code for path in ("/timeline", "/figures", "/arrests")]
        searched = late.post("/search", json={"name": NAME})
        stack.projector.start()
        told = late.get(f"/events/{arrest['entry']}", params={"after": str(entry), "wait": 30})

    assert (behind.status_code, behind.json()["type"]) == (503, "/problems/picture-behind")
    assert "Retry-After" in behind.headers
    assert searched.status_code == 503
    assert NAME not in behind.text + searched.text
    assert others == [200, 200, 200]
    assert (told.status_code, told.json()["erased"]) == (200, ["/person"])
    assert NAME not in room.as_agency("AT").get(f"{room.path}/events/{arrest['entry']}").text
