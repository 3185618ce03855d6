"""The services and chores as commands of their own: what a container runs, and what `vcp up` starts."""

import asyncio
import os
from typing import Annotated

import typer
from rich.progress import Progress, TaskID

from services.cli.running import DataFolder, aside, settings_in_force
from services.shared.logs import write_json_lines
from services.shared.settings import Settings


def gateway() -> None:
    """Serve the HTTP API, as VCP_* variables say.

    For example: VCP_PORT=8080 vcp gateway
    """
    import uvicorn

    from services.gateway.app import create_door
    from services.gateway.exchanges import exchanges

    write_json_lines()
    settings = Settings.read(os.environ)
    uvicorn.run(
        create_door(settings),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=exchanges(patience_seconds=settings.patience_seconds),
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


def archivist() -> None:
    """Seal the logs of archived operations, as VCP_* variables say.

    For example: VCP_NATS_SEED_FILE=/etc/vcp/archivist/nats.seed vcp archivist
    """
    import uvloop

    from services.shared.archivist import run

    write_json_lines()
    uvloop.run(run(Settings.read(os.environ)))


def migrate() -> None:
    """Bring the database up to date: schema desk, logins, and a set of read models that fits this version.

    For example: VCP_DATABASE_URL=postgresql://vcp_owner@db/vcp vcp migrate
    """
    from services.shared.migrate import migrate as bring_up_to_date

    bring_up_to_date(Settings.read(os.environ))
    aside.print("The database is up to date.")


def rebuild(
    accept_differences: Annotated[
        bool, typer.Option("--accept-differences", help="Switch although the new ones say something else.")
    ] = False,
    data: DataFolder = None,
) -> None:
    """Build the read models anew from the log beside the live ones, compare them, and switch.

    For example: vcp rebuild --data /srv/vcp
    """
    from services.projector.rebuild import RebuildDiffers
    from services.projector.rebuild import rebuild as build_anew

    settings = settings_in_force(data)
    with Progress(console=aside) as progress:
        bars: dict[str, TaskID] = {}

        def show(operation: str, done: int, total: int) -> None:
            if operation not in bars:
                bars[operation] = progress.add_task(operation)
            progress.update(bars[operation], completed=done, total=total)

        try:
            rebuilt = asyncio.run(build_anew(settings, show, accept_differences=accept_differences))
        except RebuildDiffers as differs:
            progress.stop()
            aside.print("Nothing was switched; the new read models differ from the live ones:")
            for difference in differs.differences:
                aside.print(f"  {difference}", markup=False)
            raise typer.Exit(1) from None
    aside.print(f"{rebuilt.entries} entries are in {rebuilt.schema}, which is live now.")
