"""The services and chores as commands of their own: what a container runs, and what `vcp up` starts."""

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, NoReturn

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
    from services.gateway.hardened import headers_of_all

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
        headers=headers_of_all(settings),
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


def crosscheck() -> None:
    """Answer cross-checks for the agencies that delegated it, as VCP_* variables say.

    For example: VCP_GATEWAY_URL=http://gateway:8080 vcp crosscheck
    """
    import uvloop

    from services.crosscheck.main import run

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
    with _shown() as show:
        try:
            rebuilt = asyncio.run(build_anew(settings, show, accept_differences=accept_differences))
        except RebuildDiffers as differs:
            refused: list[str] | None = differs.differences
        else:
            refused = None
    if refused is not None:
        aside.print("Nothing was switched; the new read models differ from the live ones:")
        _list_differences(refused)
    aside.print(f"{rebuilt.entries} entries are in {rebuilt.schema}, which is live now.")


def verify_picture(data: DataFolder = None) -> None:
    """Work the read models out anew from the log, and list where the live ones say something else. Changes nothing.

    For example: vcp verify-picture --data /srv/vcp
    """
    from services.projector.rebuild import verify

    settings = settings_in_force(data)
    with _shown() as show:
        verified = asyncio.run(verify(settings, show))
    if verified.differences:
        aside.print("The picture is not what the log says; `vcp rebuild --accept-differences` makes it anew:")
        _list_differences(verified.differences)
    aside.print(f"The picture is what the log says, to the row: {verified.entries} entries.")


def _list_differences(differences: list[str]) -> NoReturn:
    for difference in differences:
        typer.echo(difference)
    raise typer.Exit(1)


@contextmanager
def _shown() -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each operation."""
    with Progress(console=aside) as progress:
        bars: dict[str, TaskID] = {}

        def show(operation: str, done: int, total: int) -> None:
            if operation not in bars:
                bars[operation] = progress.add_task(operation)
            progress.update(bars[operation], completed=done, total=total)

        yield show
