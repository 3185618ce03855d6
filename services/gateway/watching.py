"""Told of every changed credential: an ended token is refused as soon as its end is committed.

A notice leaves Postgres with the commit that ends a token, whoever makes it: the command line, a script, psql. A
message from the command line would leave before or after it, or not at all.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from psycopg import AsyncConnection, OperationalError

from services.gateway.credentials import Credentials
from services.shared.ending import end

CHANNEL = "vcp_credentials"
_ASK_SECONDS = 5.0
"""How often a silent connection is asked whether it still lives."""
_PAUSE_SECONDS = 0.5

logger = logging.getLogger(__name__)


@asynccontextmanager
async def watching(url: str, credentials: Credentials) -> AsyncIterator[None]:
    """Keeps the credentials told of changes, while the block runs; it has begun when the block does, if it can."""
    begun = asyncio.Event()
    task = asyncio.create_task(_watch(url, credentials, begun))
    try:
        await begun.wait()
        yield
    finally:
        await end([task])


async def _watch(url: str, credentials: Credentials, begun: asyncio.Event) -> None:
    while True:
        try:
            async with await AsyncConnection.connect(url, autocommit=True, connect_timeout=5) as connection:
                await connection.execute(f"listen {CHANNEL}")
                credentials.told_of_changes(told=True)
                begun.set()
                await _listen(connection, credentials)
        except (OperationalError, TimeoutError) as lost:
            logger.warning("not told of credentials; each token is looked up", extra={"error": type(lost).__name__})
        finally:
            credentials.told_of_changes(told=False)
            begun.set()
        await asyncio.sleep(_PAUSE_SECONDS)


async def _listen(connection: AsyncConnection, credentials: Credentials) -> None:
    while True:
        async for _ in connection.notifies(timeout=_ASK_SECONDS):
            credentials.forget()
        await asyncio.wait_for(connection.execute("select 1"), _ASK_SECONDS)
