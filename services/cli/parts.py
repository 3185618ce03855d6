"""The services and chores as commands of their own: what a container runs, and what `vcp up` starts."""

import os

import typer

from services.cli.running import DataFolder, aside, settings_in_force
from services.shared.logs import write_json_lines
from services.shared.settings import Settings


def gateway() -> None:
    """Serve the HTTP API, as VCP_* variables say.

    For example: VCP_PORT=8080 vcp gateway
    """
    import uvicorn

    from services.gateway.app import create_app

    write_json_lines()
    settings = Settings.read(os.environ)
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        access_log=False,  # an address may say what somebody asked for
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=5,  # live streams never end by themselves
    )


def projector() -> None:
    """Follow the log and keep the read models, as VCP_* variables say.

    For example: vcp projector
    """
    import uvloop

    from services.projector.main import run

    write_json_lines()
    uvloop.run(run(Settings.read(os.environ)))


def migrate() -> None:
    """Bring the database up to date: schema desk, logins, and a set of read models that fits this version.

    For example: VCP_DATABASE_URL=postgresql://vcp_owner@db/vcp vcp migrate
    """
    from services.shared.migrate import migrate as bring_up_to_date

    bring_up_to_date(Settings.read(os.environ))
    aside.print("The database is up to date.")


def rebuild(data: DataFolder = None) -> None:
    """Build the read models anew from the log beside the live ones, compare them, and switch.

    For example: vcp rebuild --data /srv/vcp
    """
    import asyncio

    from services.projector.rebuild import rebuild as build_anew

    def progress(text: object, *more: object) -> None:
        aside.print(" ".join(str(part) for part in (text, *more)))

    outcome = asyncio.run(build_anew(settings_in_force(data), progress))
    typer.echo(outcome if outcome is not None else "Rebuilt.")
