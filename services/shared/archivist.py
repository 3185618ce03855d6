"""Closes logs to facts, opens them again and seals them, as the only service whose NATS user may change a stream.

It believes nobody: what is to last, an entry of the log itself must say. A gateway that is about to close an operation
is taken at its word for a minute.
"""

import asyncio
import logging

from services.shared.bus import Log
from services.shared.nats_rights import ARCHIVIST, CLOSED, OPEN, SEALED
from services.shared.refusals import LogUnavailable, NoSuchOperation
from services.shared.requests import Reply, Request
from services.shared.settings import Settings

log = logging.getLogger(__name__)

AGAIN_SECONDS = 60.0
"""How often all logs are looked through, should a gateway have asked while nobody listened, or not gone on."""


async def run(settings: Settings) -> None:
    """Until it is cancelled."""
    bus = await Log.connect(settings, name=ARCHIVIST)
    archivist = Archivist(bus)
    await archivist.adjust_ledger()
    requests = await bus.serve_as_archivist(archivist.answer)
    try:
        while True:
            await archivist.look_through()
            await asyncio.sleep(AGAIN_SECONDS)
    finally:
        await requests.close()
        await bus.close()


class Archivist:
    """Brings logs to where their entries say they are. `patience`: for how long a closing may be on its way."""

    def __init__(self, bus: Log, *, patience: float = AGAIN_SECONDS) -> None:
        self._bus = bus
        self._patience = patience
        self._one = asyncio.Lock()
        self._announced: dict[str, tuple[float, int]] = {}
        """Operations about to be closed: until when that is believed, and the position of the closing before."""

    async def answer(self, request: Request) -> Reply:
        """The wish in the request's body, when it is fulfilled."""
        wish = request.body
        return Reply(wish if await self.fulfil(request.subject.partition(".")[2], wish) else b"", {})

    async def fulfil(self, operation: str, wish: bytes) -> bool:
        """Whether the operation's log is as wished now."""
        try:
            # One after the other: a log must not be opened on what was read before a closing was announced.
            async with self._one:
                return await self._fulfilled(operation, wish)
        except (LogUnavailable, NoSuchOperation) as refused:
            log.warning("a log was left as it is", extra={"operation": operation, "error": type(refused).__name__})
            return False

    async def adjust_ledger(self) -> None:
        """Has the disclosure ledger keep as much and as long as the settings say, which may have changed."""
        try:
            if await self._bus.adjust_disclosures():
                log.info("the disclosure ledger keeps as the settings say now")
        except LogUnavailable as refused:
            log.warning("the disclosure ledger keeps as before", extra={"error": type(refused).__name__})

    async def look_through(self) -> None:
        """Brings each log to where its entries say it is."""
        try:
            for operation in await self._bus.operations():
                await self.fulfil(operation, SEALED)
                await self.fulfil(operation, OPEN)
        except LogUnavailable as refused:
            log.warning("the logs were not looked through", extra={"error": type(refused).__name__})

    async def _fulfilled(self, operation: str, wish: bytes) -> bool:
        if await self._bus.is_sealed(operation):
            return wish != OPEN
        said = await self._bus.lifecycle(operation)
        if wish == SEALED:
            if said.is_archived:
                await self._bus.seal(operation)
                log.info("sealed for good", extra={"operation": operation})
            return said.is_archived
        if wish == CLOSED:
            self._announced[operation] = (_now() + self._patience, said.closing)
        until, before = self._announced.get(operation, (0.0, 0))
        # An announced closing that is in the log by now speaks for itself.
        closing = before == said.closing and _now() < until
        closed = said.is_closed or closing
        await self._bus.let_facts_in(operation, wanted=not closed)
        return closed == (wish == CLOSED)


def _now() -> float:
    return asyncio.get_running_loop().time()
