"""Starting: while log or database are away the gateway answers all the same, and says what it waits for."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI
from starlette.datastructures import State

from services.gateway.counted import pages
from services.gateway.outage import OUT_OF_REACH
from services.gateway.parts import Parts, assembled
from services.gateway.problems import NotStarted
from services.shared.ending import end
from services.shared.refusals import LogUnavailable
from services.shared.settings import Settings
from services.shared.status_server import serving

PAUSE_SECONDS = 1.0

log = logging.getLogger(__name__)


def parts_of(state: State) -> Parts:
    """What the routes work with. Raises NotStarted until it is there."""
    found: Parts | None = getattr(state, "parts", None)
    if found is None:
        raise NotStarted(getattr(state, "waits_for", "It is starting."))
    return found


@asynccontextmanager
async def starting(app: FastAPI, settings: Settings) -> AsyncIterator[None]:
    """The parts are in the application's state in the block, or what they wait for.

    Raises at once what no waiting mends; what turns out later to be so ends the process, for a new one to say it.
    """
    tried, stopped = asyncio.Event(), asyncio.Event()
    keeping = asyncio.create_task(_keep(app, settings, tried, stopped), name="the gateway's parts")
    first = asyncio.create_task(tried.wait())
    await asyncio.wait([keeping, first], return_when=asyncio.FIRST_COMPLETED)
    await end([first])
    if keeping.done():
        await keeping
    keeping.add_done_callback(lambda done: _ended(done, stopped))
    try:
        yield
    finally:
        stopped.set()
        if hasattr(app.state, "parts"):
            await keeping
        else:
            await end([keeping])


async def _keep(app: FastAPI, settings: Settings, tried: asyncio.Event, stopped: asyncio.Event) -> None:
    while not stopped.is_set():
        try:
            async with assembled(settings) as parts, AsyncExitStack() as beside:
                if settings.status_port is not None:
                    shown = pages(app.state.counts, parts.live)
                    await beside.enter_async_context(
                        serving(shown, host=settings.status_host, port=settings.status_port)
                    )
                app.state.parts = parts
                tried.set()
                await stopped.wait()
        except LogUnavailable as away:
            app.state.waits_for = f"log: {away}"
        except OUT_OF_REACH as away:
            app.state.waits_for = f"database: nothing answers at VCP_GATEWAY_DATABASE_URL ({type(away).__name__})"
        if not stopped.is_set():
            log.warning("the gateway waits", extra={"reason": app.state.waits_for})
            tried.set()
            await asyncio.sleep(PAUSE_SECONDS)


def _ended(keeping: "asyncio.Task[None]", stopped: asyncio.Event) -> None:
    if not stopped.is_set() and not keeping.cancelled() and (fault := keeping.exception()) is not None:
        log.critical("the gateway cannot start", exc_info=fault)
        signal.raise_signal(signal.SIGTERM)
