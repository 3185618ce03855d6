"""The log on the session's nats-server, and an operation of its own for each test."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from services.shared.bus import Log
from services.shared.embedded_nats import EmbeddedNats
from services.shared.settings import Settings

LOG_BYTES = 16 * 2**20


@pytest.fixture
async def log(nats_server: EmbeddedNats) -> AsyncIterator[Log]:
    log = await Log.connect(Settings(nats_url=nats_server.url, log_bytes=LOG_BYTES), name="test")
    yield log
    await log.close()


@pytest.fixture
async def operation(log: Log) -> str:
    code = f"op-{uuid4().hex[:12]}"
    await log.create(code)
    return code
