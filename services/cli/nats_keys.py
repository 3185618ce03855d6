"""An agency's keys for the NATS server: `vcp agency add --nats` makes one, `vcp agency revoke` ends them all."""

import typer

from services.cli.running import aside
from services.shared.nats_users import BadCode, NatsUsers
from services.shared.settings import Settings


def give_key(settings: Settings, code: str) -> str:
    """The seed of a new key; it is kept nowhere."""
    users = _users(settings)
    if users is None:
        aside.print("VCP_NATS_USERS_FOLDER is not set, so it is not known where the server's users are.")
        raise typer.Exit(1)
    try:
        seed = users.add_agency(code).seed
    except BadCode as refused:
        raise typer.BadParameter(str(refused)) from None
    _tell_the_server(users)
    return seed


def end_keys(settings: Settings, code: str) -> int:
    """Ends every key of the agency, and its standing connections with them."""
    users = _users(settings)
    ended = users.remove_agency(code) if users is not None else 0
    if users is not None and ended:
        _tell_the_server(users)
    return ended


def _users(settings: Settings) -> NatsUsers | None:
    return NatsUsers(settings.nats_users_folder) if settings.nats_users_folder else None


def _tell_the_server(users: NatsUsers) -> None:
    if not users.reload():
        aside.print("The NATS server is not on this machine: send it SIGHUP, so that it reads its users again.")
