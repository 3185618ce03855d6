"""`vcp agency`: who may sign in. A token is shown once, when it is made."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from schemas.vocabulary import AgencyKind
from services.cli.running import DataFolder, aside, settings_in_force

if TYPE_CHECKING:
    from sqlalchemy import Connection

app = typer.Typer(help="Agencies and their tokens.\n\nFor example: vcp agency add AT", no_args_is_help=True)

_INTERNATIONAL: dict[str, AgencyKind] = {
    "FRONTEX": "frontex",
    "EUROPOL": "europol",
    "EUROJUST": "eurojust",
    "INTERPOL": "interpol",
}


@app.command()
def add(
    code: Annotated[str, typer.Argument(help="BA, AT-CUSTOMS, EUROPOL, ...")],
    kind: Annotated[AgencyKind | None, typer.Option(help="Known from the code where it is not given.")] = None,
    country: Annotated[str | None, typer.Option(help="Of a national body; known from its code.")] = None,
    name: Annotated[str | None, typer.Option(help="What people call it.")] = None,
    desk_label: Annotated[
        str | None,
        typer.Option("--desk", help="An officer's desk, never a person's name; without it, the agency's own system."),
    ] = None,
    group: Annotated[
        list[str] | None, typer.Option(help="A group it belongs to, such as safeguarding; repeatable.")
    ] = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="May read and never post.")] = False,
    data: DataFolder = None,
) -> None:
    """Add an agency, or a further token of one, and print the token: it can never be seen again.

    For example: vcp agency add AT --desk "night shift" --group safeguarding
    """
    from services.shared import desk

    actor = desk_label or desk.SYSTEM
    chosen_kind = kind or _INTERNATIONAL.get(code) or ("national" if code[2:3] in ("", "-") else "other")
    chosen_country = country or (code[:2] if chosen_kind == "national" else None)
    with _desk(data) as connection:
        desk.add_agency(connection, code, kind=chosen_kind, country=chosen_country, name=name)
        token = desk.add_credential(connection, code, actor=actor, groups=group or [], may_post=not read_only)
    aside.print(f"The token of {code} ({actor}); it is shown this once:")
    typer.echo(token)


@app.command("list")
def list_all(data: DataFolder = None) -> None:
    """List the tokens by agency, without the tokens themselves.

    For example: vcp agency list
    """
    from services.shared import desk

    with _desk(data) as connection:
        known = desk.all_credentials(connection)
    table = Table("agency", "desk", "groups", "may post", "state")
    for one in known:
        state = "revoked" if one.revoked else "in force"
        table.add_row(one.agency, one.actor, ", ".join(one.groups), "yes" if one.may_post else "no", state)
    Console().print(table)


@app.command()
def revoke(
    code: str,
    desk_label: Annotated[str | None, typer.Option("--desk", help="Only this desk's; else all of the agency.")] = None,
    data: DataFolder = None,
) -> None:
    """End an agency's tokens, or those of one desk.

    For example: vcp agency revoke AT --desk "night shift"
    """
    from services.shared import desk

    with _desk(data) as connection:
        ended = desk.revoke(connection, code, actor=desk_label)
    aside.print(f"{ended} token{'' if ended == 1 else 's'} of {code} ended.")
    if not ended:
        raise typer.Exit(1)


@contextmanager
def _desk(data: Path | None) -> Iterator["Connection"]:
    """A transaction of the gateway's login: it may change the desk and nothing else."""
    from sqlalchemy import create_engine

    from services.shared.database import engine_url

    engine = create_engine(engine_url(settings_in_force(data).gateway_database_url))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()
