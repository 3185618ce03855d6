"""Ids of commands are known at the door for ever: remembered from the picture, or asked of the log itself."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg_pool import AsyncConnectionPool

from services.gateway.command_ids import CommandIds
from services.gateway.progress import Progress
from services.gateway.sessions import checkpoint_of
from services.shared.bus import Log
from services.shared.database import pool

pytestmark = pytest.mark.own_stack  # the projector is stopped


@pytest.fixture
async def connections(room: Any) -> AsyncIterator[AsyncConnectionPool]:
    opened = pool(room.stack.settings.gateway_database_url)
    await opened.open(wait=True, timeout=30)
    yield opened
    await opened.close()


@pytest.fixture
async def room_log(room: Any) -> AsyncIterator[Log]:
    opened = await Log.connect(room.stack.settings, name="gateway")
    yield opened
    await opened.close()


def entries(room: Any) -> tuple[UUID, UUID]:
    """An opening entry, and a command on it."""
    arrest = room.take("BA", "arrest.made.v1")
    update = room.take("BA", "arrest.updated.v1", arrest=arrest["entry"], etag=arrest["etag"])
    return UUID(arrest["entry"]), UUID(update["entry"])


async def test_commands_of_the_picture_are_remembered(
    room: Any, connections: AsyncConnectionPool, room_log: Log
) -> None:
    opening, command = entries(room)
    ids = CommandIds(connections, room_log, Progress(lambda operation: checkpoint_of(connections, operation)))

    assert set(await ids.among(room.operation, [opening, command, uuid4()])) == {command}


async def test_while_the_picture_is_behind_the_log_itself_is_asked(
    room: Any, connections: AsyncConnectionPool, room_log: Log
) -> None:
    arrest = room.take("BA", "arrest.made.v1")
    room.stack.projector.stop()
    try:
        update = room.report("arrest.updated.v1", arrest=arrest["entry"])
        command = room.post("BA", update, etag=arrest["etag"]).json()["entry"]
        ids = CommandIds(connections, room_log, Progress(lambda operation: checkpoint_of(connections, operation)))

        found = await ids.among(room.operation, [UUID(arrest["entry"]), UUID(command), uuid4()])
    finally:
        room.stack.projector.start()

    assert set(found) == {UUID(command)}
