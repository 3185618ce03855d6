"""The engine as a process: attends every operation for every agency that has delegated to it."""

import asyncio
import logging
import signal
from pathlib import Path

from services.crosscheck.attending import Attendance
from services.crosscheck.desk import DelegationEnded, Desk
from services.crosscheck.weights import Weights, weights
from services.shared.settings import Settings

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
    await Engine(settings.gateway_url, settings.delegations_folder, by=weights()).run(stopping)


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
            for task in self._keeping.values():
                task.cancel()
            await asyncio.gather(*self._keeping.values(), return_exceptions=True)

    def _look(self) -> None:
        there = delegations(self._folder)
        for agency, token in list(self._keeping):
            if there.get(agency) != token:
                self._keeping.pop((agency, token)).cancel()
        for agency, token in there.items():
            if (agency, token) not in self._keeping:
                task = asyncio.create_task(self._serve(agency, token), name=f"cross-checking for {agency}")
                self._keeping[agency, token] = task

    async def _serve(self, agency: str, token: str) -> None:
        """All operations in which an agency takes part, as they appear."""
        desk = Desk(self._gateway_url, token)
        attended: dict[str, asyncio.Task[None]] = {}
        try:
            while True:
                try:
                    for one in (await desk.get("/v1/operations") or {}).get("items", []):
                        operation = one["operation"]
                        if operation not in attended or attended[operation].done():
                            attended[operation] = asyncio.create_task(self._attend(desk, agency, operation))
                except DelegationEnded:
                    log.warning("a delegation has ended", extra={"agency": agency})
                    await asyncio.sleep(LONGEST_PAUSE_SECONDS)
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            for task in attended.values():
                task.cancel()
            await asyncio.gather(*attended.values(), return_exceptions=True)
            await desk.close()

    async def _attend(self, desk: Desk, agency: str, operation: str) -> None:
        """Attend, and attend again after a fall, with growing pauses."""
        pause = SHORTEST_PAUSE_SECONDS
        while True:
            try:
                await Attendance(desk, agency=agency, operation=operation, by=self._by).run()
            except DelegationEnded:
                return
            except Exception:
                log.exception("attending fell", extra={"operation": operation, "again_in_seconds": pause})
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
