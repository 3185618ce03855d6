"""An operation's log as a whole: made once, never changed, full, sealed, and as durable as it says."""

import asyncio
from pathlib import Path
from uuid import uuid4

import pytest

from services.shared.bus import (
    Appended,
    Log,
    LogRefused,
    LogSealed,
    LogUnavailable,
    NoSuchOperation,
    Stored,
)
from services.shared.embedded import free_port
from services.shared.embedded_nats import EmbeddedNats
from services.shared.nats_config import server_config
from services.shared.settings import Settings
from tests.flow.log_records import SMALL, first, opening, settings_of


async def test_an_operation_without_a_log_is_told_apart_from_a_server_without_an_answer(log: Log) -> None:
    unknown = "op-nobody-made"

    with pytest.raises(NoSuchOperation):
        await log.append(unknown, opening())
    with pytest.raises(NoSuchOperation):
        await log.append_all(unknown, [opening()])
    with pytest.raises(NoSuchOperation):
        await log.find(unknown, thing=uuid4(), entry=uuid4())
    with pytest.raises(NoSuchOperation):
        await first(log, unknown, 1)


async def test_a_server_that_is_not_there_is_said_plainly(nats_server: EmbeddedNats) -> None:
    nobody = Settings(nats_url="nats://127.0.0.1:9")

    with pytest.raises(LogUnavailable, match="VCP_NATS_URL"):
        await Log.connect(nobody, name="test", patience=0.3)


async def test_a_log_made_again_is_left_alone_and_another_definition_is_refused(
    nats_server: EmbeddedNats, log: Log, operation: str
) -> None:
    await log.append(operation, opening())
    larger = await Log.connect(settings_of(nats_server, log_bytes=2 * SMALL), name="test")

    await log.create(operation)
    with pytest.raises(LogRefused, match="max_bytes is 16777216 and not 33554432"):
        await larger.create(operation)

    assert operation in await log.operations()
    assert await log.tail(operation) == 1
    await larger.close()


async def test_a_full_log_refuses_entries_and_forgets_none(nats_server: EmbeddedNats) -> None:
    log = await Log.connect(settings_of(nats_server, log_bytes=8192), name="test")
    operation = f"op-{uuid4().hex[:12]}"
    await log.create(operation)

    answers = await asyncio.gather(
        *(log.append(operation, opening(b"x" * 1000)) for _ in range(30)), return_exceptions=True
    )

    stored = [answer for answer in answers if isinstance(answer, Appended)]
    refused = [answer for answer in answers if isinstance(answer, LogUnavailable)]
    assert stored
    assert refused
    assert len(stored) + len(refused) == 30
    assert len(await first(log, operation, len(stored))) == len(stored) == await log.tail(operation)
    await log.close()


async def test_a_sealed_log_takes_nothing_more_and_still_answers_a_retry(log: Log, operation: str) -> None:
    record = opening()
    await log.append(operation, record)

    await log.seal(operation)

    with pytest.raises(LogSealed):
        await log.append(operation, opening())
    with pytest.raises(LogSealed):
        await log.append_all(operation, [opening(), opening()])
    assert await log.append(operation, record) == Appended(1, False, record.body)
    assert await first(log, operation, 1) == [Stored(1, record.body)]
    await log.create(operation)


@pytest.mark.parametrize(("written", "kept"), [("strict", True), ("standard", False)])
async def test_a_gateway_can_ask_whether_the_server_is_as_durable_as_it_must_be(
    tmp_path: Path, written: str, kept: bool
) -> None:
    monitor = free_port()
    server = EmbeddedNats(tmp_path, port=free_port())
    configuration = tmp_path / "nats.conf"
    configuration.write_text(
        server_config(store=tmp_path / "store", port=server.port, durability=written, monitor_port=monitor)
    )
    server.start()
    settings = Settings(nats_url=server.url, nats_monitor_url=f"http://127.0.0.1:{monitor}")
    log = await Log.connect(settings, name="test")

    assert (await log.durability()).kept is kept

    await log.close()
    server.stop()
