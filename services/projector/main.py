"""The projector as a process: one runner an operation, found as they appear, started again when they fall."""

import asyncio
import gc
import logging
import signal

from services.projector.projection import find_views
from services.projector.runner import Runner
from services.projector.statistics import Statistics
from services.projector.writer import Writer
from services.shared.bus import Log
from services.shared.refusals import LogUnavailable
from services.shared.settings import Settings

log = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
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
        await Projector(settings, bus).run(stopping)
    finally:
        await bus.close()


class Projector:
    """One task for each operation that has a log."""

    def __init__(self, settings: Settings, bus: Log) -> None:
        self._settings = settings
        self._bus = bus
        self._runners: dict[str, asyncio.Task[None]] = {}
        self._statistics = Statistics()
        self._look = asyncio.Event()

    async def run(self, stopping: asyncio.Event) -> None:
        """Until `stopping` is set; what the runners had not committed then comes again next time."""
        await self._bus.on_wake(self._woken)
        stop = asyncio.create_task(stopping.wait())
        try:
            while not stopping.is_set():
                await self._start_missing()
                look = asyncio.create_task(self._look.wait())
                await asyncio.wait({stop, look}, timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
                look.cancel()
                self._look.clear()
        finally:
            stop.cancel()
            for task in self._runners.values():
                task.cancel()
            await asyncio.gather(*self._runners.values(), return_exceptions=True)

    def _woken(self, operation: str, position: int) -> None:
        if operation not in self._runners:
            self._look.set()

    async def _start_missing(self) -> None:
        try:
            operations = await self._bus.operations()
        except LogUnavailable:
            # The log's own connection is being restored; the runners that there are go on when it is.
            log.warning("operations not listed")
            return
        for operation in operations:
            if operation not in self._runners:
                self._runners[operation] = asyncio.create_task(self._keep(operation), name=f"projecting {operation}")

    async def _keep(self, operation: str) -> None:
        """Run, and run again after a fall, with growing pauses."""
        loop = asyncio.get_running_loop()
        pause = SHORTEST_PAUSE_SECONDS
        while True:
            began = loop.time()
            try:
                await self._run(operation)
            except Exception:
                log.exception("runner fell", extra={"operation": operation, "again_in_seconds": pause})
            if loop.time() - began > STEADY_SECONDS:
                pause = SHORTEST_PAUSE_SECONDS
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def _run(self, operation: str) -> None:
        writer = await Writer.connect(self._settings.projector_database_url, operation)
        try:
            await Runner(writer, statistics=self._statistics).run(self._bus)
        finally:
            await writer.close()
