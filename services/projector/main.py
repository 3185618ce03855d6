"""The projector as a process: it takes its share of the operations, and starts again what falls."""

import asyncio
import gc
import logging
import signal
from collections.abc import Mapping
from contextlib import AsyncExitStack

from psycopg import Error

from services.projector import status
from services.projector.leases import Leases
from services.projector.progress import Progress
from services.projector.projection import find_views
from services.projector.runner import Runner
from services.projector.statistics import Statistics
from services.projector.writer import Writer, connections
from services.shared.bus import Log
from services.shared.ending import end
from services.shared.refusals import LogUnavailable
from services.shared.settings import Settings
from services.shared.status_server import Page, serving

log = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
SHARE_SECONDS = 1.0
"""How soon the operations of a process that died are taken over."""
MOST_CONNECTIONS = 8
SHORTEST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
STEADY_SECONDS = 60.0


async def run(settings: Settings) -> None:
    """Project every operation's log until the process is asked to stop."""
    find_views()
    # Batches of thousands of events live together, and the collector would walk them all again and again.
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stopping.set)
    bus = await Log.connect(settings, name="projector")
    try:
        projector = Projector(settings, bus)
        async with AsyncExitStack() as beside:
            if settings.status_port is not None:
                await beside.enter_async_context(
                    serving(projector.pages(), host=settings.status_host, port=settings.status_port)
                )
            await projector.run(stopping)
    finally:
        await bus.close()


class Projector:
    """One task for each operation that this process has the lease of."""

    def __init__(self, settings: Settings, bus: Log, *, progress: Progress | None = None) -> None:
        self._settings = settings
        self._bus = bus
        self._connections = connections(settings.projector_database_url, most=MOST_CONNECTIONS)
        self._operations: set[str] = set()
        self._runners: dict[str, asyncio.Task[None]] = {}
        self._statistics = Statistics()
        self._look = asyncio.Event()
        self.progress = progress or Progress()

    def pages(self) -> Mapping[str, Page]:
        """What operators may look at."""
        return status.pages(self.progress, self._bus, self._connections)

    async def run(self, stopping: asyncio.Event) -> None:
        """Until `stopping` is set; what the runners had not committed then comes again next time."""
        await self._connections.open()
        await self._bus.on_wake(self._woken)
        stop = asyncio.create_task(stopping.wait())
        try:
            while not stopping.is_set():
                try:
                    await self._lease(stop)
                except Error as lost:
                    log.warning("leases lost", extra={"error": type(lost).__name__})
                    await asyncio.wait({stop}, timeout=SHORTEST_PAUSE_SECONDS)
        finally:
            stop.cancel()
            await self._stop(list(self._runners))
            await self._connections.close()

    def _woken(self, operation: str, position: int) -> None:
        if operation not in self._operations:
            self._look.set()

    async def _lease(self, stop: asyncio.Task[bool]) -> None:
        """Projects this process's share, as long as the connection lives that its leases hang on."""
        leases = await Leases.connect(self._settings.projector_database_url)
        looked_at = -LOOK_SECONDS
        try:
            while not stop.done():
                now = asyncio.get_running_loop().time()
                if self._look.is_set() or now - looked_at >= LOOK_SECONDS:
                    self._look.clear()
                    looked_at = now
                    await self._list()
                for operation in await leases.share(self._operations):
                    await self._stop([operation])
                    await leases.give_back(operation)
                for operation in leases.held - self._runners.keys():
                    name = f"projecting {operation}"
                    self._runners[operation] = asyncio.create_task(self._keep(operation), name=name)
                look = asyncio.create_task(self._look.wait())
                await asyncio.wait({stop, look}, timeout=SHARE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
                look.cancel()
        finally:
            await self._stop(list(self._runners))
            await leases.close()

    async def _list(self) -> None:
        try:
            self._operations = set(await self._bus.operations())
        except LogUnavailable:
            # The log's own connection is being restored; the runners that there are go on when it is.
            log.warning("operations not listed")

    async def _stop(self, operations: list[str]) -> None:
        await end([self._runners.pop(operation) for operation in operations])
        for operation in operations:
            self.progress.left(operation)

    async def _keep(self, operation: str) -> None:
        """Run, and run again after a fall, with growing pauses."""
        loop = asyncio.get_running_loop()
        pause = SHORTEST_PAUSE_SECONDS
        while True:
            began = loop.time()
            try:
                writer = Writer(None, operation, pool=self._connections)
                await Runner(writer, statistics=self._statistics, progress=self.progress).run(self._bus)
            except Exception as fallen:
                self.progress.fell(operation, type(fallen).__name__)
                log.exception("runner fell", extra={"operation": operation, "again_in_seconds": pause})
            if loop.time() - began > STEADY_SECONDS:
                pause = SHORTEST_PAUSE_SECONDS
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
