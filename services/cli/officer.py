"""`vcp officer`: people who sign in at the console. A password is shown once, or typed where nobody sees it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from services.cli.agency import check_words
from services.cli.desk_of import desk_of
from services.cli.running import DataFolder, aside

if TYPE_CHECKING:
    from services.shared.officers import Officer, Place

app = typer.Typer(
    help="Officers, who sign in at the console.\n\nFor example: vcp officer add a.moser --agency AT",
    no_args_is_help=True,
)

Name = Annotated[str, typer.Argument(help="By which they sign in.")]
Operation = Annotated[
    list[str] | None,
    typer.Option(
        help="Where the role holds; repeatable. Without it, wherever the agency takes part; an auditor's, everywhere."
    ),
]
Group = Annotated[
    list[str] | None, typer.Option(help="A group they belong to there, such as safeguarding; repeatable.")
]
Typed = Annotated[bool, typer.Option("--prompt", help="Type the password instead of having one made.")]
RoleName = Annotated[
    str,
    typer.Option(
        "--role", help="reader: reads. reporter: reads and posts. auditor: reads the disclosure ledger, and it alone."
    ),
]


@app.command()
def add(
    name: Name,
    agency: Annotated[str, typer.Option(help="The agency that they work for; `vcp agency add` adds one.")],
    role: RoleName = "reporter",
    operation: Operation = None,
    group: Group = None,
    subject: Annotated[
        str | None,
        typer.Option(help="Who they are to the identity provider; they then sign in there and have no password here."),
    ] = None,
    prompt: Typed = False,
    data: DataFolder = None,
) -> None:
    """Add an officer, and print their password: it can never be seen again.

    For example: vcp officer add a.moser --agency AT --role reader --operation jad-danube-2022
    """
    from services.shared import officers, passwords

    places = _places(role, operation, group)
    if subject is not None and prompt:
        raise typer.BadParameter("whoever signs in at the provider has no password here", param_hint="--prompt")
    password = None if subject is not None else _typed() if prompt else passwords.new_password()
    kept = passwords.hashed(password) if password is not None else None
    with desk_of(data) as connection, _refusals(name, agency):
        officers.add_officer(connection, name, agency=agency, places=places, password=kept, subject=subject)
    _show(name, None if prompt else password)


@app.command("list")
def list_all(data: DataFolder = None) -> None:
    """List the officers with their roles, and how the log and the ledger call each.

    For example: vcp officer list
    """
    from services.shared import officers

    with desk_of(data) as connection:
        known = officers.all_officers(connection)
    table = Table("name", "agency", "in the log", "signs in by", "roles", "state")
    for one in known:
        ways = [way for way, has in (("password", one.has_password), ("provider", one.subject)) if has]
        state = f"removed {one.removed_at:%Y-%m-%d}" if one.removed_at else ""
        table.add_row(one.name, one.agency, one.actor, ", ".join(ways) or "nothing", _roles(one), state)
    Console().print(table)


@app.command()
def role(
    name: Name,
    role: Annotated[str, typer.Argument(metavar="ROLE", help="reader, reporter, auditor, or none to take it away.")],
    operation: Operation = None,
    group: Group = None,
    data: DataFolder = None,
) -> None:
    """Give an officer a role, or take it away. They are signed out at once.

    For example: vcp officer role a.moser reader --operation jad-danube-2022 --group safeguarding
    """
    from services.shared import officers

    with desk_of(data) as connection, _refusals(name):
        if role == "none":
            taken = officers.take_places(connection, name, operation or [officers.EVERYWHERE])
            if not taken:
                aside.print(f"{name} has no role there.", markup=False)
                raise typer.Exit(1)
        else:
            officers.set_places(connection, name, _places(role, operation, group))
    aside.print(f"Done; {name} signs in anew.", markup=False)


@app.command()
def reset(name: Name, prompt: Typed = False, data: DataFolder = None) -> None:
    """Give an officer another password, and print it. They are signed out at once.

    For example: vcp officer reset a.moser
    """
    from services.shared import officers, passwords

    password = _typed() if prompt else passwords.new_password()
    with desk_of(data) as connection, _refusals(name):
        officers.set_password(connection, name, passwords.hashed(password))
    _show(name, None if prompt else password)


@app.command()
def remove(name: Name, data: DataFolder = None) -> None:
    """End an officer's sessions and sign-in for ever. `list` goes on saying who they were.

    For example: vcp officer remove a.moser
    """
    from services.shared import officers

    with desk_of(data) as connection, _refusals(name):
        officers.remove_officer(connection, name)
    aside.print(f"{name} is signed out, and signs in no more.", markup=False)


def _places(role: str, operations: list[str] | None, groups: list[str] | None) -> dict[str, "Place"]:
    from services.shared.officers import EVERYWHERE, ROLES, Place

    known = next((one for one in ROLES if one == role), None)
    if known is None:
        raise typer.BadParameter(f"there are: {', '.join(ROLES)}", param_hint="role")
    check_words(None, groups or [])
    if groups and known == "auditor":
        raise typer.BadParameter("an auditor sees no record, so no group opens one", param_hint="--group")
    return {operation: Place(known, tuple(groups or ())) for operation in operations or [EVERYWHERE]}


def _typed() -> str:
    from services.shared.passwords import LONGEST, SHORTEST

    password: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    if not SHORTEST <= len(password) <= LONGEST:
        aside.print(f"A password has {SHORTEST} to {LONGEST} characters.")
        raise typer.Exit(1)
    return password


def _show(name: str, password: str | None) -> None:
    if password is None:
        aside.print(f"{name} may sign in.", markup=False)
    else:
        aside.print(f"The password of {name}; it is shown this once:", markup=False)
        typer.echo(password)


def _roles(officer: "Officer") -> str:
    return "; ".join(
        f"{place.role} in {'all' if operation == '*' else operation}"
        + (f" ({', '.join(place.groups)})" if place.groups else "")
        for operation, place in officer.places.items()
    )


@contextmanager
def _refusals(name: str, agency: str = "") -> Iterator[None]:
    """What stands in the way, in one sentence."""
    from services.shared import officers

    try:
        yield
    except officers.NoSuchOfficer:
        refused = f"There is no officer {name}; see `vcp officer list`."
    except officers.NameTaken:
        refused = "An officer has this name, or this identity at the provider, already; see `vcp officer list`."
    except officers.NoSuchAgency:
        refused = f"The agency {agency} is not known here; `vcp agency add {agency}` adds it."
    else:
        return
    aside.print(refused, markup=False)
    raise typer.Exit(1)
