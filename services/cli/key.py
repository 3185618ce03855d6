"""`vcp key`: the master key, under which the keys of persons lie wrapped: made, changed, and asked about."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.running import DataFolder, aside, settings_in_force
from services.shared.settings import Settings

if TYPE_CHECKING:
    import psycopg

app = typer.Typer(
    help="The master key, under which the keys of persons lie.\n\nFor example: vcp key rotate", no_args_is_help=True
)


@app.command()
def new(file: Annotated[Path, typer.Argument(help="Where to write it; it must not be there yet.")]) -> None:
    """Make a master key in a file that its owner alone can read. The key itself is shown to nobody.

    For example: vcp key new /etc/vcp/gateway/master-2027
    """
    from services.shared.master_keys import new_master_key

    try:
        made = new_master_key(file)
    except FileExistsError:
        aside.print(f"{file} is there already; a key is never written over.", markup=False)
        raise typer.Exit(1) from None
    aside.print(f"The master key {made.name} is in {file}.", markup=False)


@app.command()
def status(data: DataFolder = None) -> None:
    """Say how many keys of persons lie under which master key, and whether each of those is given.

    For example: vcp key status
    """
    from services.shared.master_keys import MasterKeys
    from services.shared.rewrapping import standing

    settings = settings_in_force(data)
    keys = MasterKeys.of(settings)
    with _desk(settings) as connection:
        found = standing(connection, keys)
    for name in sorted({*found, *keys.names}):
        known = "current" if name == keys.current.name else "given" if name in keys.names else "not given"
        typer.echo(f"{name}  {found.get(name, 0):>9} keys  {known}")
    if not set(found) <= set(keys.names):
        raise typer.Exit(1)


@app.command()
def rotate(data: DataFolder = None) -> None:
    """Wrap all keys of persons anew under the current master key. The log is not touched; gateways go on.

    Whatever interrupts it, the same command goes on from there.

    For example: vcp key rotate
    """
    from services.shared.master_keys import MasterKeys, UnknownMasterKey
    from services.shared.rewrapping import rewrap

    settings = settings_in_force(data)
    keys = MasterKeys.of(settings)
    with _desk(settings) as connection, aside.status("Wrapping keys anew ...") as shown:
        try:
            done = rewrap(connection, keys, tell=lambda so_far: shown.update(f"{so_far} keys are wrapped anew ..."))
        except UnknownMasterKey as unknown:
            aside.print(f"It stops here: {unknown}. Name it in VCP_MASTER_KEY_BEFORE_FILE, and go on.", markup=False)
            raise typer.Exit(1) from None
    aside.print(f"{done} keys are wrapped anew; all lie under the master key {keys.current.name}.")


@contextmanager
def _desk(settings: Settings) -> Iterator["psycopg.Connection"]:
    """The gateway's login, each statement for itself."""
    import psycopg

    with psycopg.connect(settings.gateway_database_url, autocommit=True) as connection:
        yield connection
