"""What the parts write to their logs: nothing that anybody posted, asked for or signed in with."""

import asyncio
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest

from schemas.event import REGISTER
from schemas.subjects import intake_subject
from services.shared.nats_rights import inbox
from services.shared.signing_client import SigningClient
from services.stack import Stack
from tests.flow.conftest import Room

pytestmark = pytest.mark.own_stack  # they read all logs, and have the projector fall

MARKER = "QXZMARKER"
STRUCTURED = {"content-type": "application/cloudevents+json"}
BATCH = {"content-type": "application/cloudevents-batch+json"}
LINES = {"content-type": "application/x-ndjson"}


def marked(value: Any, *, kept: frozenset[str] = frozenset()) -> Any:
    """With every text replaced by the marker, but for members that are `kept`."""
    if isinstance(value, dict):
        return {name: inner if name in kept else marked(inner, kept=kept) for name, inner in value.items()}
    if isinstance(value, list):
        return [marked(inner, kept=kept) for inner in value]
    return MARKER if isinstance(value, str) else value


def accepted(room: Room) -> dict[str, Any]:
    """A report whose names and free texts hold the marker."""
    report = room.report("arrest.made.v1", id=f"{MARKER}-{room.number}")
    report["data"]["place"]["text"] = MARKER
    report["data"]["source_ref"] = MARKER
    report["data"]["warrant"]["charge"] = MARKER
    report["data"]["person"]["names"][0]["family"] = MARKER
    return {**report, "source": f"/{MARKER}"}


def bodies(room: Room) -> Iterator[bytes]:
    """All that a door may be given: good, wrong and broken."""
    yield json.dumps(accepted(room)).encode()
    for type in sorted(REGISTER):
        report = room.report(type)
        yield json.dumps({**report, "data": marked(report["data"])}).encode()
        yield json.dumps({**report, "data": {**report["data"], MARKER: MARKER}}).encode()
    yield json.dumps(marked(room.report("arrest.made.v1"))).encode()
    yield b'{"id": "' + MARKER.encode()
    yield MARKER.encode() * 100_000
    yield b'{"id": "QXZMARKER\xff\xfe"}'
    yield b'{"QXZMARKER": 1, "QXZMARKER": "\\ud800"}'
    yield b"[" * 50_000 + MARKER.encode()


def test_nothing_that_is_posted_or_asked_reaches_a_log(room: Room) -> None:
    client, at = room.as_agency("BA"), f"{room.path}/events"
    client.event_hooks = {"response": [no_fault_of_ours]}
    for body in bodies(room):
        for headers in (STRUCTURED, BATCH, LINES, {"content-type": f"text/{MARKER}"}):
            client.post(at, content=body, headers=headers)
        client.post(f"{at}?atomic=true", content=b"[" + body + b"]", headers=BATCH)
        client.post("/v1/operations", content=body, headers=STRUCTURED)
    client.post(
        at, content=b"{}", headers={"content-type": "application/json", "ce-specversion": "1.0", "ce-id": MARKER}
    )
    for view in ("timeline", "figures", f"figures/{MARKER}", "events", f"events/{MARKER}", "live", MARKER, "map"):
        client.get(f"{room.path}/{view}", params={"cursor": MARKER, "as_of": MARKER, MARKER: MARKER})
        client.get(f"/v1/operations/{MARKER}/{view}")
        client.request("DELETE", f"{room.path}/{view}?{MARKER}")
    for authorization in (f"Bearer {MARKER}", f"Basic {MARKER}", f"Bearer vcp_{MARKER}", f"Bearer {MARKER}.{MARKER}.x"):
        client.get(f"{room.path}/timeline", headers={"authorization": authorization})
    _raw(room.stack, f"GET /{MARKER} HTTP/9.9\r\n{MARKER}\r\n\r\n".encode())
    _raw(room.stack, f"{MARKER}\r\n\r\n".encode())
    asyncio.run(_over_nats(room))

    with _rows_refused(room):
        room.post("BA", accepted(room))
        _until_said(room.stack, "runner fell")
    room.get("BA", "timeline", after=room.post("BA", room.report("arrest.made.v1")).json()["entry"], wait=30)

    logs = logs_of(room.stack)
    assert {"gateway.log", "projector.log", "archivist.log", "nats.log", "postgres.log"} <= logs.keys()
    assert all(logs[name] for name in ("gateway.log", "projector.log", "nats.log", "postgres.log"))
    secrets = [client.headers["authorization"].removeprefix("Bearer ") for client in room.clients.values()]
    for name, text in logs.items():
        assert not [line for line in text.splitlines() if MARKER in line], name
        assert not [secret for secret in secrets if secret in text], name


def no_fault_of_ours(answer: httpx.Response) -> None:
    assert answer.status_code < 500, answer.request.url


def logs_of(stack: Stack) -> dict[str, str]:
    """Everything that the parts have said, by file."""
    return {path.name: path.read_text(errors="replace") for path in stack.folder.rglob("*.log*")}


@contextmanager
def _rows_refused(room: Room) -> Iterator[None]:
    """The database refuses what the projector writes, and by itself would say which row it was."""
    with psycopg.connect(room.stack.settings.database_url, autocommit=True) as connection:
        connection.execute("select set_config('search_path', (select schema from desk.live), false)")
        connection.execute(f"alter table timeline add constraint refused check (place not like '%{MARKER}%') not valid")
        yield
        connection.execute("alter table timeline drop constraint refused")


def _until_said(stack: Stack, message: str) -> None:
    while message not in logs_of(stack)["projector.log"]:
        continue


def _raw(stack: Stack, sent: bytes) -> None:
    address = urlsplit(stack.base_url)
    with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
        connection.sendall(sent)
        connection.makefile("rb").read()


async def _over_nats(room: Room) -> None:
    user = room.stack.nats_users.add_agency("BA")
    assert room.stack.nats_users.reload()
    client = SigningClient()
    await client.connect(room.stack.settings.nats_url, nkeys_seed_str=user.seed, inbox_prefix=inbox("BA"))
    for body in (json.dumps(accepted(room)).encode(), MARKER.encode(), b'[{"id": "QXZMARKER"}]'):
        for operation in (room.operation, MARKER):
            await client.request(intake_subject(operation, agency="BA"), body, timeout=10)
    await client.close()
