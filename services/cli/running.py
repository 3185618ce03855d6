"""`vcp up`: the whole stack on this machine until Ctrl-C; and what other commands need to find it.

What is heavy is imported where it is used: every service starts through these modules.
"""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from services.shared.embedded import default_folder, held
from services.shared.running import settings_of_running
from services.shared.settings import Settings

if TYPE_CHECKING:
    from services.stack import Stack

TEND_EVERY_SECONDS = 0.2
aside = Console(stderr=True, highlight=False, soft_wrap=True)

DataFolder = Annotated[
    Path | None,
    typer.Option("--data", help="The folder of the data; /var/lib/vcp for root, else the XDG state folder."),
]
Port = Annotated[int | None, typer.Option(min=1, max=65535, help="The gateway's port; 8080 when not given.")]


def up(data: DataFolder = None, port: Port = None) -> None:
    """Start everything and stay up; the data stay in the folder for the next time.

    For example: vcp up --data /srv/vcp --port 8090
    """
    from services.stack import Stack

    with stopping_on_signals(), held(folder_or_default(data)) as folder:
        aside.print(f"Starting on {folder} ...")
        with Stack(folder, settings=wanted_settings(port), say=aside.print) as stack:
            aside.print(f"Ready at {stack.base_url}/  (API: {stack.base_url}/docs)")
            aside.print(f"Add an agency: vcp agency add AT{_data_option(data)}")
            ports = stack.status_ports
            aside.print(f"Status: http://127.0.0.1:{ports['projector']}/  and, as metrics of projector and gateway,")
            aside.print("   ".join(f"http://127.0.0.1:{ports[name]}/metrics" for name in ("projector", "gateway")))
            aside.print(f"Logs are in {folder}. Ctrl-C stops all of it.")
            keep_until_stopped(stack)
    aside.print("Stopped.")


def keep_until_stopped(stack: "Stack") -> None:
    """Tends the stack until a signal ends the command."""
    try:
        while True:
            stack.tend()
            time.sleep(TEND_EVERY_SECONDS)
    except KeyboardInterrupt:
        aside.print("Stopping ...")


@contextmanager
def stopping_on_signals() -> Iterator[None]:
    """SIGTERM and a closed terminal end the block as Ctrl-C does; more of them disturb no tidying up."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        for sign in signs:
            signal.signal(sign, signal.SIG_IGN)
        raise KeyboardInterrupt

    signs = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {sign: signal.signal(sign, interrupt) for sign in signs}
    try:
        yield
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


def folder_or_default(data: Path | None) -> Path:
    return data.absolute() if data else default_folder(dict(os.environ))


def wanted_settings(port: int | None) -> Settings:
    """What VCP_* variables ask for, with the port from the command line."""
    settings = Settings.read(os.environ)
    return settings.model_copy(update={"port": port}) if port else settings


def settings_in_force(data: Path | None) -> Settings:
    """Of the deployment that a command is about: VCP_* variables if set, else the stack that runs here."""
    if "VCP_DATABASE_URL" in os.environ or "VCP_GATEWAY_DATABASE_URL" in os.environ:
        return Settings.read(os.environ)
    folder = folder_or_default(data)
    settings = settings_of_running(folder)
    if settings is None:
        aside.print(f"No vcp runs on {folder}; start `vcp up`, give its --data, or set VCP_DATABASE_URL.")
        raise typer.Exit(1)
    return settings


def _data_option(data: Path | None) -> str:
    return f" --data {data}" if data else ""
