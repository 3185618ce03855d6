"""Plays the drill on a stack of its own, and shows what came of it."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from services.cli import tour
from services.cli.desks import Desks, hand_out
from services.cli.running import TEND_EVERY_SECONDS, aside, keep_until_stopped, stopping_on_signals
from services.drill import DrillRefused, DrillUnreadable, Played, play
from services.shared.embedded import held
from services.shared.settings import Settings
from services.stack import Stack

DRILL = Path(__file__).parents[2] / "drills" / "jad-danube-2022"


def show_drill(settings: Settings, *, data: Path | None, pace: float | None, as_json: bool, exit_after: bool) -> None:
    """From nothing to the figures; the exit code says whether they are those that were published."""
    with stopping_on_signals(), _folder(data) as folder:
        aside.print("Starting nats-server, Postgres, projector and gateway ...")
        with Stack(folder, settings=settings, say=aside.print) as stack:
            desks = hand_out(stack.settings, drill=DRILL)
            try:
                played = asyncio.run(_play(stack, desks=desks, pace=pace))
            except (DrillRefused, DrillUnreadable) as refused:
                aside.print(str(refused), markup=False)
                raise typer.Exit(1) from None
            figures = tour.read_figures(stack.base_url, played=played, drill=DRILL, token=desks.lead_token)
            if as_json:
                typer.echo(json.dumps(tour.as_json(played.operation, figures), ensure_ascii=False))
            else:
                tour.show(stack.base_url, played=played, drill=DRILL, figures=figures, desks=desks)
            if not exit_after:
                keep_until_stopped(stack)
        if not all(figure.holds for figure in figures):
            aside.print("The figures are not those that were published.")
            raise typer.Exit(1)


async def _play(stack: Stack, *, desks: Desks, pace: float | None) -> Played:
    """The drill, while the stack is tended."""
    tending = asyncio.create_task(_tend(stack))
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=aside) as progress:
            bar = progress.add_task("Playing the drill", total=None)
            return await play(
                stack.base_url,
                drill=DRILL,
                tokens=desks.systems,
                pace=pace,
                on_progress=lambda posted, total: progress.update(bar, completed=posted, total=total),
            )
    finally:
        tending.cancel()


async def _tend(stack: Stack) -> None:
    while True:
        stack.tend()
        await asyncio.sleep(TEND_EVERY_SECONDS)


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    if data:
        with held(data.absolute()) as folder:
            yield folder
    else:
        with TemporaryDirectory(prefix="vcp-demo-") as temporary:
            Path(temporary).chmod(0o711)  # Postgres runs as a user of its own when we are root
            with held(Path(temporary)) as folder:
                yield folder
