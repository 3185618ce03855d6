"""`vcp parked`: entries that a view could not take, and trying them again."""

import asyncio

import typer
from rich.console import Console
from rich.table import Table

from services.cli.running import DataFolder, aside, settings_in_force

app = typer.Typer(help="Entries that a view could not take.\n\nFor example: vcp parked list", no_args_is_help=True)


@app.command("list")
def list_all(data: DataFolder = None) -> None:
    """List what waits: which entries, of which things, and the kind of error.

    For example: vcp parked list
    """
    from services.projector.parked import list_parked

    waiting = asyncio.run(list_parked(settings_in_force(data)))
    if not waiting:
        aside.print("Nothing is parked.")
        return
    table = Table("operation", "position", "thing", "error")
    for one in waiting:
        table.add_row(one.operation, str(one.position), str(one.thing), one.error)
    Console().print(table)


@app.command()
def retry(data: DataFolder = None) -> None:
    """Apply what waits, in order; what still fails stays parked.

    For example: vcp parked retry
    """
    from services.projector.parked import retry_parked

    outcome = asyncio.run(retry_parked(settings_in_force(data)))
    for operation, drained in outcome.items():
        aside.print(f"{operation}: {drained.drained} entries applied, {drained.still_parked} still parked")
    if not outcome:
        aside.print("Nothing is parked.")
    if any(drained.still_parked for drained in outcome.values()):
        raise typer.Exit(1)
