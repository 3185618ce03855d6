"""`vcp agency delegate`: an agency lets the cross-check engine answer for it, by a token that can do little else."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from services.cli.running import DataFolder, aside, settings_in_force
from services.shared.actors import ENGINE

if TYPE_CHECKING:
    from sqlalchemy import Connection

TYPES = ("cross_check.resulted.v1", "hit.raised.v1")
"""All that the engine may say for an agency."""


def delegate(code: str, data: DataFolder = None) -> None:
    """Let the cross-check engine answer questions put to an agency; `revoke CODE --desk system:crosscheck` ends it.

    For example: vcp agency delegate EUROPOL
    """
    from sqlalchemy import create_engine
    from sqlalchemy.exc import IntegrityError

    from services.shared.database import engine_url

    settings = settings_in_force(data)
    engine = create_engine(engine_url(settings.gateway_database_url))
    try:
        with engine.begin() as connection:
            delegated(connection, code, folder=settings.delegations_folder)
    except IntegrityError:
        aside.print(f"There is no such agency yet: vcp agency add {code}", markup=False)
        raise typer.Exit(1) from None
    finally:
        engine.dispose()
    aside.print(f"The cross-check engine answers for {code} now.")


def delegated(connection: "Connection", code: str, *, folder: Path) -> None:
    """Makes the token and leaves it where the engine finds it; one that was there before ends."""
    from services.shared import desk

    desk.revoke(connection, code, actor=ENGINE)
    token = desk.add_credential(connection, code, actor=ENGINE, scope=desk.Scope(types=TYPES))
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    # Renamed when complete: the engine may look at any moment.
    partial = folder / f"{code}.new"
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"{token}\n")
    partial.rename(folder / f"{code}.token")
