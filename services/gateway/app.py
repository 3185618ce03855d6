"""The gateway's application."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from schemas.entry import report_adapter
from services.gateway import routes
from services.gateway.answering import answer_problems
from services.gateway.conditional import ConditionalReads
from services.gateway.console import serve_console
from services.gateway.docs_page import serve_docs
from services.gateway.fast import FastDoor
from services.gateway.starting import starting
from services.shared.settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """The application; it connects when it starts, and waits for what is away."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        report_adapter()  # Built before the first report comes, not by it.
        async with starting(app, settings):
            _spare_the_collector()
            yield

    app = FastAPIOffline(
        title="Virtual Command Post",
        version="1",
        description="One log, one picture, figures one can defend.",
        lifespan=lifespan,
        docs_url=None,  # a page of our own, for its policy
        redoc_url=None,
        redirect_slashes=False,  # an address is one or it is none
    )
    app.add_middleware(ConditionalReads)
    answer_problems(app)
    for router in routes.found():
        app.include_router(router)
    serve_docs(app)
    serve_console(app)
    return app


def create_door(settings: Settings) -> FastDoor:
    """The application as it is served: the fast door stands before all of it, and every answer is counted."""
    return FastDoor(create_app(settings))


def _spare_the_collector() -> None:
    """What was made at start stays; a batch makes many objects that are soon gone, so cycles are looked for rarely."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
