"""After the entry that closes an operation no fact follows in its log, whichever gateway takes it."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from services.shared.archivist import Archivist
from services.shared.bus import Log, Record
from services.shared.embedded_nats import EmbeddedNats
from services.shared.nats_rights import CLOSED, INSTALLER, OPEN
from services.shared.refusals import LogClosed
from services.shared.settings import Settings

GATEWAYS = 3
WRITERS = 8


def entry(type: str, *, thing: str | None = None, expected: int = 0) -> Record:
    id = str(uuid4())
    return Record(thing or id, id, "AT", type, b'{"entry":"%s"}' % id.encode(), expected)


def first(operation: str) -> Record:
    """The entry that opens an operation, as far as the archivist reads it."""
    record = entry("operation.created.v1")
    report = {"type": record.type, "data": {}}
    said = {"operation": operation, "agency": "AT", "actor": "system", "recorded_at": "2022-06-24T00:00:00Z"}
    body = {**said, "entry": record.entry, "thing": record.thing, "digest": "", "report": report}
    return Record(record.thing, record.entry, "AT", record.type, json.dumps(body).encode(), 0)


@pytest.fixture
async def gateways(nats_server: EmbeddedNats) -> AsyncIterator[list[Log]]:
    settings = Settings(nats_url=nats_server.url, log_bytes=16 * 2**20)
    logs = [await Log.connect(settings, name=f"gateway-{number}") for number in range(GATEWAYS)]
    yield logs
    for log in logs:
        await log.close()


@pytest.fixture
async def opened(room: Any) -> AsyncIterator[Log]:
    """The log of the room's server, as a gateway has it that knows nothing of the operation's state."""
    log = await Log.connect(room.stack.settings, name=INSTALLER)
    yield log
    await log.close()


async def test_facts_that_race_with_the_closing_stand_before_it_or_nowhere(gateways: list[Log], operation: str) -> None:
    archivist = Archivist(gateways[0])
    await gateways[0].append(operation, first(operation))
    stored: list[int] = []
    many = asyncio.Event()

    async def write(log: Log) -> None:
        while True:
            try:
                stored.append((await log.append(operation, entry("arrest.made.v1"))).position)
            except LogClosed:
                return
            if len(stored) > 200:
                many.set()

    async with asyncio.TaskGroup() as group:
        for log in gateways:
            for _ in range(WRITERS):
                group.create_task(write(log))
        await many.wait()
        assert await archivist.fulfil(operation, CLOSED)
        closing = await gateways[0].append(operation, entry("operation.closed.v1"))

    assert max(stored) < closing.position
    assert await gateways[1].tail(operation) == closing.position
    (lesson,) = await gateways[2].append_all(operation, [entry("lesson.recorded.v1")])
    assert lesson.position == closing.position + 1
    for records in ([entry("arrest.made.v1")], [entry("lesson.recorded.v1"), entry("arrest.made.v1")]):
        with pytest.raises(LogClosed):
            await gateways[2].append_all(operation, records)
    one_by_one = await gateways[1].append_each(operation, [entry("arrest.made.v1") for _ in range(20)])
    assert all(isinstance(refused, LogClosed) for refused in one_by_one)


async def test_a_closing_that_was_announced_and_never_came_is_forgotten(log: Log, operation: str) -> None:
    patient, hasty = Archivist(log), Archivist(log, patience=0)
    await log.append(operation, first(operation))

    assert await patient.fulfil(operation, CLOSED)
    assert not await patient.fulfil(operation, OPEN)
    with pytest.raises(LogClosed):
        await log.append(operation, entry("arrest.made.v1"))
    await hasty.look_through()

    assert (await log.append(operation, entry("arrest.made.v1"))).fresh


async def test_a_log_that_says_closed_is_closed_though_nobody_asked(log: Log, operation: str) -> None:
    opening = first(operation)
    await log.append(operation, opening)
    await log.append(operation, entry("operation.closed.v1", thing=opening.thing, expected=1))

    await Archivist(log).look_through()

    with pytest.raises(LogClosed):
        await log.append(operation, entry("arrest.made.v1"))


async def test_a_closed_log_made_again_is_the_same_log(log: Log, operation: str) -> None:
    await log.let_facts_in(operation, wanted=False)

    await log.create(operation)

    assert operation in await log.operations()
    with pytest.raises(LogClosed):
        await log.append(operation, entry("arrest.made.v1"))


async def test_a_gateway_that_does_not_know_it_yet_can_add_no_fact_after_the_closing(room: Any, opened: Log) -> None:
    operation = room.get("AT", "")
    closed = room.take("AT", "operation.closed.v1", opening=operation["thing"], etag=operation["etag"])

    with pytest.raises(LogClosed):
        await opened.append(room.operation, entry("arrest.made.v1"))
    room.take("AT", "operation.reopened.v1", opening=operation["thing"], etag=closed["etag"])

    assert (await opened.append(room.operation, entry("nil_report.filed.v1"))).fresh


async def test_a_fact_that_meets_a_closing_on_its_way_is_to_be_sent_again(room: Any, opened: Log) -> None:
    report = room.report("arrest.made.v1")
    await opened.let_facts_in(room.operation, wanted=False)

    unsure = room.post("BA", report)
    await opened.let_facts_in(room.operation, wanted=True)

    assert (unsure.status_code, unsure.json()["type"]) == (503, "/problems/log-unavailable")
    assert unsure.headers["retry-after"]
    assert room.post("BA", report).status_code == 201


def test_a_closing_is_undone_by_reopening_alone(room: Any) -> None:
    operation = room.get("AT", "")
    closed = room.take("AT", "operation.closed.v1", opening=operation["thing"], etag=operation["etag"])

    for target in (closed["entry"], operation["thing"]):
        refused = room.post("AT", room.report("record.retracted.v1", target=target), etag=closed["etag"])
        assert refused.status_code == 422, refused.text
        assert [fault["pointer"] for fault in refused.json()["errors"]] == ["/data/target"]


def test_a_closing_is_no_part_of_a_batch_that_is_stored_as_one(room: Any) -> None:
    operation = room.get("AT", "")
    closing = room.report("operation.closed.v1", opening=operation["thing"]) | {"ifmatch": operation["etag"]}

    refused = room.as_agency("AT").post(
        f"{room.path}/events",
        params={"atomic": "true"},
        json=[room.report("nil_report.filed.v1"), closing],
        headers={"Content-Type": "application/cloudevents-batch+json"},
    )

    assert refused.status_code == 422, refused.text
    assert [fault["pointer"] for fault in refused.json()["errors"]] == ["/1/type"]
    assert room.get("AT", "")["state"] == "open"
