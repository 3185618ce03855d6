"""A retry is a replay for ever, also when the log's server has long forgotten the ids that it saw."""

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from schemas.event import REGISTER
from schemas.subjects import stream_name
from services.shared.nats_rights import INSTALLER, inbox
from services.shared.signing_client import SigningClient

SHORTEST = 100_000_000
BATCH = {"Content-Type": "application/cloudevents-batch+json"}
# Who sends it, and whether it states a version: a retry that states the latest one looks like a new command.
COMMANDS = [
    ("BA", "arrest.updated.v1", True),
    ("MD", "record.acknowledged.v1", False),
    ("MD", "correction.proposed.v1", False),
]


@pytest.fixture
async def installer(room: Any) -> AsyncIterator[SigningClient]:
    client = SigningClient()
    seed = room.stack.settings.nats_seed_file.read_text()
    await client.connect(room.stack.nats.url, nkeys_seed_str=seed, inbox_prefix=inbox(INSTALLER))
    yield client
    await client.close()


async def api(installer: SigningClient, verb: str, asked: dict[str, Any] | None = None) -> dict[str, Any]:
    body = json.dumps(asked).encode() if asked else b""
    answer: dict[str, Any] = json.loads((await installer.request(f"$JS.API.{verb}", body)).data)
    assert "error" not in answer, answer
    return answer


async def keep_ids_shortly(installer: SigningClient, operation: str) -> None:
    """The server keeps ids for two minutes; now for the shortest time that it knows."""
    stream = stream_name(operation)
    config = (await api(installer, f"STREAM.INFO.{stream}"))["config"]
    await api(installer, f"STREAM.UPDATE.{stream}", {**config, "duplicate_window": SHORTEST})


async def until_ids_are_forgotten(installer: SigningClient) -> None:
    """Until younger ids have been forgotten twice over, in a stream beside the logs."""
    name = f"probe-{uuid4().hex[:8]}"
    await api(installer, f"STREAM.CREATE.{name}", {"name": name, "subjects": [name], "duplicate_window": SHORTEST})
    stored = 0
    while stored < 3:
        answer = await installer.request(name, b"", headers={"Nats-Msg-Id": "younger"})
        stored = json.loads(answer.data)["seq"]
    await api(installer, f"STREAM.DELETE.{name}")


@pytest.mark.parametrize(("agency", "type", "versioned"), COMMANDS)
async def test_a_command_sent_again_on_the_latest_version_is_stored_once(
    room: Any, installer: SigningClient, agency: str, type: str, versioned: bool
) -> None:
    arrest = room.take("BA", "arrest.made.v1", category="smuggler")
    await keep_ids_shortly(installer, room.operation)
    report = room.report(type, **{str(REGISTER[type].changes): arrest["entry"]})
    first = room.post(agency, report, etag=arrest["etag"] if versioned else None)
    assert first.status_code == 201, first.text
    await until_ids_are_forgotten(installer)

    again = room.post(agency, report, etag=first.json()["etag"] if versioned else None)
    other = {**report, "data": {**report["data"], "source_ref": "other content"}}
    changed = room.post(agency, other, etag=first.json()["etag"] if versioned else None)

    assert (again.status_code, again.json()) == (200, first.json())
    assert (changed.status_code, changed.json()["type"]) == (409, "/problems/id-already-used")
    last = room.take("BA", "arrest.made.v1")["entry"]
    stored = [entry["entry"] for entry in room.get("AT", "events", after=last, limit=1000)["items"]]
    assert stored.count(first.json()["entry"]) == 1


async def test_a_whole_batch_sent_again_on_the_latest_versions_is_stored_once(
    room: Any, installer: SigningClient
) -> None:
    arrests = [room.take("BA", "arrest.made.v1", category="smuggler") for _ in range(2)]
    await keep_ids_shortly(installer, room.operation)
    reports = [room.report("arrest.updated.v1", arrest=arrest["entry"]) for arrest in arrests]

    def post(etags: list[str]) -> Any:
        batch = [{**report, "ifmatch": etag} for report, etag in zip(reports, etags, strict=True)]
        return room.as_agency("BA").post(f"{room.path}/events?atomic=true", json=batch, headers=BATCH)

    first = post([arrest["etag"] for arrest in arrests])
    receipts = [result["receipt"] for result in first.json()["results"]]
    await until_ids_are_forgotten(installer)

    again = post([receipt["etag"] for receipt in receipts])

    assert (first.status_code, again.status_code) == (201, 200)
    assert [result["receipt"] for result in again.json()["results"]] == receipts
