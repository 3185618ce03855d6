"""The desk's agencies and credentials: who may sign in, with tokens of which only the hash is kept."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID, uuid4

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert

from services.shared.tables import agencies, credentials

SYSTEM = "system"
"""The actor of an agency's own software, as against an officer's desk."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A credential as it is listed: never the token."""

    id: UUID
    agency: str
    actor: str
    groups: tuple[str, ...]
    may_post: bool
    revoked: bool


def token_digest(token: str) -> bytes:
    """What is kept of a token, and looked up by. The token has 256 random bits, so a plain hash is enough."""
    return sha256(token.encode()).digest()


def add_agency(connection: Connection, code: str, *, kind: str, country: str | None, name: str | None) -> None:
    """Adds an agency, or renews its name; one that exists keeps its credentials."""
    values = {"kind": kind, "country": country, "name": name}
    adding = insert(agencies).values(code=code, added_at=datetime.now(UTC), **values)
    connection.execute(adding.on_conflict_do_update(index_elements=["code"], set_=values))


def add_credential(
    connection: Connection,
    agency: str,
    *,
    actor: str = SYSTEM,
    groups: Sequence[str] = (),
    may_post: bool = True,
) -> str:
    """A new token of the agency. This is the only time it can be seen."""
    token = f"vcp_{secrets.token_urlsafe(32)}"
    connection.execute(
        insert(credentials).values(
            id=uuid4(),
            digest=token_digest(token),
            agency=agency,
            actor=actor,
            groups=list(groups),
            may_post=may_post,
            added_at=datetime.now(UTC),
        )
    )
    return token


def revoke(connection: Connection, agency: str, *, actor: str | None = None) -> int:
    """Ends the agency's tokens, or those of one desk, and says how many."""
    ending = update(credentials).where(credentials.c.agency == agency, credentials.c.revoked_at.is_(None))
    if actor is not None:
        ending = ending.where(credentials.c.actor == actor)
    return connection.execute(ending.values(revoked_at=datetime.now(UTC))).rowcount


def all_credentials(connection: Connection) -> list[Credential]:
    """Every credential, oldest first within its agency."""
    columns = credentials.c
    rows = connection.execute(
        select(
            columns.id, columns.agency, columns.actor, columns.groups, columns.may_post, columns.revoked_at
        ).order_by(columns.agency, columns.added_at)
    )
    return [Credential(r.id, r.agency, r.actor, tuple(r.groups), r.may_post, r.revoked_at is not None) for r in rows]
