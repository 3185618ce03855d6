"""Seals the logs of archived operations, as the only service whose NATS user may change a stream.

It believes nobody: the log itself must hold the entry that archives its operation.
"""

import asyncio
import logging

from services.shared.bus import Log
from services.shared.nats_rights import ARCHIVIST, SEALED
from services.shared.refusals import LogUnavailable, NoSuchOperation
from services.shared.requests import Reply, Request
from services.shared.settings import Settings

log = logging.getLogger(__name__)

AGAIN_SECONDS = 600.0
"""How often all logs are looked through, should a gateway have asked while nobody listened."""


async def run(settings: Settings) -> None:
    """Until it is cancelled."""
    bus = await Log.connect(settings, name=ARCHIVIST)

    async def answer(request: Request) -> Reply:
        return Reply(SEALED if await sealed(bus, request.subject.partition(".")[2]) else b"", {})

    requests = await bus.serve_sealing(answer)
    try:
        while True:
            await _look_through(bus)
            await asyncio.sleep(AGAIN_SECONDS)
    finally:
        await requests.close()
        await bus.close()


async def sealed(bus: Log, operation: str) -> bool:
    """Whether the operation's log is sealed now."""
    try:
        if await bus.is_sealed(operation):
            return True
        if not await bus.is_archived(operation):
            return False
        await bus.seal(operation)
    except (LogUnavailable, NoSuchOperation) as refused:
        log.warning("a log was not sealed", extra={"operation": operation, "error": type(refused).__name__})
        return False
    log.info("sealed for good", extra={"operation": operation})
    return True


async def _look_through(bus: Log) -> None:
    try:
        for operation in await bus.operations():
            await sealed(bus, operation)
    except LogUnavailable as refused:
        log.warning("the logs were not looked through", extra={"error": type(refused).__name__})
