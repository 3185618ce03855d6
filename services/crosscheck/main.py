"""The engine as a process: attends every operation for every agency that has delegated to it."""

import asyncio
import logging
import signal
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

from schemas.events.listing import is_list
from services.crosscheck.attending import Attendance
from services.crosscheck.desk import DelegationEnded, Desk
from services.crosscheck.lists import Lists
from services.crosscheck.status import Status
from services.crosscheck.weights import Weights, weights
from services.shared.ending import end
from services.shared.settings import Settings
from services.shared.status_server import serving

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.5, 30.0
SUFFIX = ".token"


async def run(settings: Settings) -> None:
    """Until the process is asked to stop."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stopping.set)
    engine = Engine(settings.gateway_url, settings.delegations_folder, by=weights())
    async with AsyncExitStack() as beside:
        if settings.status_port is not None:
            shown = serving(engine.status.pages(), host=settings.status_host, port=settings.status_port)
            await beside.enter_async_context(shown)
        await engine.run(stopping)


def delegations(folder: Path) -> dict[str, str]:
    """The tokens in a folder, by agency. A file that is being written has another name."""
    if not folder.is_dir():
        return {}
    return {file.name.removesuffix(SUFFIX): file.read_text().strip() for file in sorted(folder.glob(f"*{SUFFIX}"))}


class Engine:
    """One task for each delegation and operation. A token taken away ends its tasks."""

    def __init__(self, gateway_url: str, folder: Path, *, by: Weights) -> None:
        self._gateway_url = gateway_url
        self._folder = folder
        self._by = by
        self.status = Status()
        self._keeping: dict[tuple[str, str], asyncio.Task[None]] = {}

    async def run(self, stopping: asyncio.Event) -> None:
        try:
            while not stopping.is_set():
                self._look()
                try:
                    await asyncio.wait_for(stopping.wait(), LOOK_SECONDS)
                except TimeoutError:
                    continue
        finally:
            await end(self._keeping.values())

    def _look(self) -> None:
        there = delegations(self._folder)
        for agency, token in list(self._keeping):
            if there.get(agency) != token:
                self._keeping.pop((agency, token)).cancel()
                self.status.forget(agency)
        for agency, token in there.items():
            if (agency, token) not in self._keeping:
                task = asyncio.create_task(self._serve(agency, token), name=f"cross-checking for {agency}")
                self._keeping[agency, token] = task

    async def _serve(self, agency: str, token: str) -> None:
        """All operations in which an agency takes part, as they appear."""
        desk, lists = Desk(self._gateway_url, token), Lists()
        attended: dict[str, asyncio.Task[None]] = {}
        try:
            while True:
                try:
                    found = [one["operation"] for one in (await desk.get("/v1/operations") or {}).get("items", [])]
                    # Nothing is answered before every list was read: a line that is not known yet is no answer.
                    # What cannot be read does not stop all operations for ever.
                    waits = any(is_list(operation) and lists.waits_for(operation) for operation in found)
                    for operation in found:
                        if (operation not in attended or attended[operation].done()) and (
                            is_list(operation) or not waits
                        ):
                            attending = self._attend(desk, agency, operation, lists)
                            attended[operation] = asyncio.create_task(attending)
                except DelegationEnded:
                    log.warning("a delegation has ended", extra={"agency": agency})
                    await asyncio.sleep(LONGEST_PAUSE_SECONDS)
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            await end(attended.values())
            await desk.close()

    async def _attend(self, desk: Desk, agency: str, operation: str, lists: Lists) -> None:
        """Attend, and attend again after a fall, with growing pauses."""
        pause = SHORTEST_PAUSE_SECONDS
        standing = self.status.of(agency, operation)
        if is_list(operation):
            standing.left_out = partial(lists.leaves_out, operation)
        while True:
            try:
                await Attendance(
                    desk, agency=agency, operation=operation, lists=lists, by=self._by, standing=standing
                ).run()
            except DelegationEnded:
                lists.fell(operation)
                return
            except Exception:
                lists.fell(operation)
                log.exception("attending fell", extra={"operation": operation, "again_in_seconds": pause})
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
