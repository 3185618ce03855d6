"""`vcp agency`: who may sign in. A token is shown once, when it is made."""

from datetime import timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from schemas.vocabulary import AgencyKind
from services.cli.delegation import delegate
from services.cli.desk_of import desk_of
from services.cli.durations import duration
from services.cli.nats_keys import end_keys, give_key
from services.cli.running import DataFolder, aside, settings_in_force

if TYPE_CHECKING:
    from services.shared.desk import Credential

app = typer.Typer(help="Agencies and their tokens.\n\nFor example: vcp agency add AT", no_args_is_help=True)
app.command()(delegate)

_INTERNATIONAL: dict[str, AgencyKind] = {
    "FRONTEX": "frontex",
    "EUROPOL": "europol",
    "EUROJUST": "eurojust",
    "INTERPOL": "interpol",
}


Desk = Annotated[str | None, typer.Option("--desk", help="An officer's desk; without it, the agency's own system.")]
ById = Annotated[str, typer.Option("--id", metavar="ID", help="One token: how its id begins, as `list` shows it.")]
Expires = Annotated[
    timedelta | None,
    typer.Option("--expires", parser=duration, metavar="30d", help="When the token ends by itself: 12h, 30d, 2w."),
]


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
    operation: Annotated[
        list[str] | None, typer.Option(help="Only for this operation; repeatable. Without it, for all.")
    ] = None,
    event_type: Annotated[
        list[str] | None, typer.Option("--type", help="May post only this type of event; repeatable.")
    ] = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="May read and never post.")] = False,
    post_only: Annotated[bool, typer.Option("--post-only", help="May post and never read.")] = False,
    expires: Expires = None,
    nats: Annotated[
        bool, typer.Option("--nats", help="Instead of a token, a key for its own subjects on the log's server.")
    ] = False,
    data: DataFolder = None,
) -> None:
    """Add an agency, or a further token of one, and print the token: it can never be seen again.

    For example: vcp agency add AT --desk "night shift" --operation jad-danube-2022 --read-only --expires 30d
    """
    from services.shared import desk

    check_words(code, group or [])
    _check_types(event_type or [])
    if read_only and (post_only or event_type):
        raise typer.BadParameter("a token that only reads posts no type", param_hint="--read-only")
    if nats and (desk_label or group or operation or event_type or read_only or post_only or expires):
        raise typer.BadParameter("a key is that of the agency's own system, with no other bounds", param_hint="--nats")
    scope = desk.Scope(operation, event_type, may_read=not post_only, may_post=not read_only)
    actor = desk_label or desk.SYSTEM
    chosen_kind = kind or _INTERNATIONAL.get(code) or ("national" if code[2:3] in ("", "-") else "other")
    chosen_country = country or (code[:2] if chosen_kind == "national" else None)
    with desk_of(data) as connection:
        desk.add_agency(connection, code, kind=chosen_kind, country=chosen_country, name=name)
        token = None
        if not nats:
            token = desk.add_credential(connection, code, actor=actor, groups=group or [], scope=scope, lasts=expires)
    if token is None:
        seed = give_key(settings_in_force(data), code)
        aside.print(f"The seed of a NATS key of {code}; it is shown this once:")
        typer.echo(seed)
        return
    aside.print(f"The token of {code} ({actor}); it is shown this once:")
    typer.echo(token)


@app.command()
def rotate(
    code: str,
    desk_label: Desk = None,
    id_begins: ById = "",
    overlap: Annotated[
        timedelta, typer.Option(parser=duration, metavar="1h", help="How long the old token goes on beside the new.")
    ] = timedelta(hours=1),
    expires: Expires = None,
    data: DataFolder = None,
) -> None:
    """Print a new token with the rights of an old one, which ends after the overlap.

    For example: vcp agency rotate AT --desk "night shift" --overlap 1h
    """
    from services.shared import desk

    actor = desk_label or desk.SYSTEM
    with desk_of(data) as connection:
        try:
            token = desk.rotate(connection, code, actor=actor, id_begins=id_begins, overlap=overlap, lasts=expires)
        except desk.NoSuchCredential as none_or_many:
            ids = ", ".join(str(one.id)[:8] for one in none_or_many.fitting)
            aside.print(f"Say which one by --id: {ids}." if ids else f"{code} ({actor}) has no such token in force.")
            raise typer.Exit(1) from None
    aside.print(f"The new token of {code} ({actor}); it is shown this once, and the old one ends in {overlap}:")
    typer.echo(token)


@app.command("list")
def list_all(data: DataFolder = None) -> None:
    """List the tokens by agency, without the tokens themselves.

    For example: vcp agency list
    """
    from services.shared import desk

    with desk_of(data) as connection:
        known = desk.all_credentials(connection)
    table = Table("id", "agency", "desk", "groups", "operations", "may", "types", "state")
    for one in known:
        scope = one.scope
        may = " and ".join(word for word, can in (("read", scope.may_read), ("post", scope.may_post)) if can)
        operations, types = (", ".join(said) if said else "all" for said in (scope.operations, scope.types))
        groups = ", ".join(one.groups)
        types = types if scope.may_post else ""
        table.add_row(str(one.id)[:8], one.agency, one.actor, groups, operations, may, types, _state(one))
    Console().print(table)


@app.command()
def revoke(
    code: str,
    desk_label: Annotated[str | None, typer.Option("--desk", help="Only this desk's; else all of the agency.")] = None,
    id_begins: ById = "",
    data: DataFolder = None,
) -> None:
    """End an agency's tokens, those of one desk, or one; running gateways refuse them at once.

    For example: vcp agency revoke AT --desk "night shift"
    """
    from services.shared import desk

    with desk_of(data) as connection:
        ended = desk.revoke(connection, code, actor=desk_label, id_begins=id_begins)
    keys = end_keys(settings_in_force(data), code) if desk_label is None and not id_begins else 0
    aside.print(f"{ended} token{'' if ended == 1 else 's'} of {code} ended.")
    if keys:
        aside.print(f"{keys} NATS key{'' if keys == 1 else 's'} of {code} ended.")
    if not ended + keys:
        raise typer.Exit(1)


def _state(one: "Credential") -> str:
    if one.revoked:
        return "revoked"
    if not one.in_force:
        return "ended"
    replaced = "replaced, " if one.replaced_by else ""
    return f"{replaced}until {one.expires_at:%Y-%m-%d %H:%M}" if one.expires_at else "in force"


def check_words(code: str | None, groups: list[str]) -> None:
    """Codes as events and audiences spell them; anything else could never be named, or be read as more than one."""
    from pydantic import TypeAdapter, ValidationError

    from schemas.vocabulary import AgencyCode, Code

    asked = [(Code, group, "--group") for group in groups]
    for word, said, option in [(AgencyCode, code, "CODE"), *asked] if code is not None else asked:
        try:
            TypeAdapter(word).validate_python(said)
        except ValidationError as refused:
            raise typer.BadParameter(refused.errors()[0]["msg"], param_hint=option) from None


def _check_types(named: list[str]) -> None:
    import schemas.events  # noqa: F401  (finds every event type)
    from schemas.event import REGISTER

    for one in named:
        if one not in REGISTER:
            near = ", ".join(get_close_matches(one, REGISTER)) or "see /docs"
            raise typer.BadParameter(f"there is no event type {one}; near it: {near}", param_hint="--type")
