"""The engine as a process: serves every agency that has delegated to it, beside other engines that do the same."""

import asyncio
import logging
import signal
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import uuid4

from services.crosscheck.desk import Desk
from services.crosscheck.serving import Serving
from services.crosscheck.status import Status
from services.crosscheck.weights import Weights, weights
from services.shared.ending import end
from services.shared.settings import Settings
from services.shared.status_server import serving

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
AGAIN_SECONDS = 5.0
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
    """One task for each delegation. A token taken away ends its task; one that fell is begun again."""

    def __init__(self, gateway_url: str, folder: Path, *, by: Weights) -> None:
        self._gateway_url = gateway_url
        self._folder = folder
        self._by = by
        self._id = uuid4()
        """Of this process among the engines of an agency."""
        self.status = Status()
        self._keeping: dict[tuple[str, str], tuple[Serving, asyncio.Task[None]]] = {}

    async def run(self, stopping: asyncio.Event) -> None:
        try:
            while not stopping.is_set():
                await self._look()
                try:
                    await asyncio.wait_for(stopping.wait(), LOOK_SECONDS)
                except TimeoutError:
                    continue
        finally:
            await asyncio.gather(*map(self._end, list(self._keeping)))

    async def _look(self) -> None:
        there = delegations(self._folder)
        for agency, token in list(self._keeping):
            if there.get(agency) != token:
                await self._end((agency, token))
        for agency, token in there.items():
            if (agency, token) not in self._keeping:
                serving = Serving(
                    Desk(self._gateway_url, token), engine=self._id, agency=agency, by=self._by, status=self.status
                )
                task = asyncio.create_task(_serve(serving, agency), name=f"cross-checking for {agency}")
                self._keeping[agency, token] = serving, task

    async def _end(self, delegation: tuple[str, str]) -> None:
        serving, task = self._keeping.pop(delegation)
        await end([task])
        await serving.leave()
        self.status.forget(delegation[0])


async def _serve(serving: Serving, agency: str) -> None:
    """Serve, and serve again after a fall."""
    while True:
        try:
            await serving.run()
        except Exception:
            log.exception("serving fell", extra={"agency": agency, "again_in_seconds": AGAIN_SECONDS})
        await asyncio.sleep(AGAIN_SECONDS)
