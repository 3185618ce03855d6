"""The logins of projector and gateway, and what each may do in schema `desk`."""

from pathlib import Path

from psycopg import sql
from sqlalchemy import Connection, make_url, text

from services.shared.settings import Settings

PROJECTOR = "vcp_projector"
GATEWAY = "vcp_gateway"

# Migrations of two databases of one server may make the same login at once, so it is tried, not looked up.
_MAKE_LOGIN = """
do $$ begin
    create role {login} login nosuperuser nocreatedb nocreaterole nobypassrls;
exception when duplicate_object or unique_violation then null;
end $$
"""

_GRANTS = (
    "revoke create on schema public from public",
    f"grant usage on schema desk to {GATEWAY}, {PROJECTOR}",
    f"grant select, insert, update, delete on all tables in schema desk to {GATEWAY}",
    # The gateway reads which set of read models is live, but only a migration or a rebuild changes it.
    f"revoke insert, update, delete on desk.live, desk.alembic_version from {GATEWAY}",
    f"grant select on desk.live to {PROJECTOR}",
    f"grant execute on function desk.known_entries, desk.commands_after, desk.parked_entries,"
    f" desk.erasures_pending, desk.carrying to {GATEWAY}",
)


def ensure_logins(connection: Connection, settings: Settings) -> None:
    """Makes the logins of projector and gateway where missing, with the passwords that the settings name.

    Roles belong to the whole server and not to one database, so several databases of one server share them.
    """
    for login, url in (
        (PROJECTOR, settings.projector_database_url),
        (GATEWAY, settings.gateway_database_url),
    ):
        connection.execute(text(_MAKE_LOGIN.format(login=login)))
        if password := _password_of(url):
            statement = sql.SQL("alter role {} password {}").format(sql.Identifier(login), sql.Literal(password))
            connection.exec_driver_sql(statement.as_string(None).replace("%", "%%"))
    for grant in _GRANTS:
        connection.execute(text(grant))


def _password_of(url: str) -> str | None:
    """The password that a login signs in with: in its address, or in the file that the address names for libpq."""
    address = make_url(url)
    if address.password:
        return address.password
    passfile = address.query.get("passfile")
    if not isinstance(passfile, str):
        return None
    return Path(passfile).read_text().strip().rpartition(":")[2]
