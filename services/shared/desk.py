"""The desk's agencies and credentials: who may sign in, with tokens of which only the hash is kept."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Connection, Text, cast, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from services.shared.desk_tables import agencies, credentials

SYSTEM = "system"
"""The actor of an agency's own software, as against an officer's desk."""
BEGINNING = "vcp_"
"""How every token of ours begins."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a credential may do, within what its agency may. None is no limit."""

    operations: Sequence[str] | None = None
    types: Sequence[str] | None = None
    may_read: bool = True
    may_post: bool = True


EVERYTHING = Scope()


@dataclass(frozen=True, slots=True)
class Credential:
    """A credential as it is listed: never the token."""

    id: UUID
    agency: str
    actor: str
    groups: tuple[str, ...]
    scope: Scope
    added_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    replaced_by: UUID | None

    @property
    def revoked(self) -> bool:
        return self.revoked_at is not None

    @property
    def in_force(self) -> bool:
        return not self.revoked and (self.expires_at is None or self.expires_at > datetime.now(UTC))


class NoSuchCredential(Exception):
    """None is in force that fits what was asked for, or several fit and one must be named."""

    def __init__(self, *, fitting: Sequence[Credential]) -> None:
        super().__init__(f"{len(fitting)} credentials fit")
        self.fitting = fitting


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
    scope: Scope = EVERYTHING,
    lasts: timedelta | None = None,
) -> str:
    """A new token of the agency, for ever or for a time. This is the only time it can be seen."""
    now = datetime.now(UTC)
    expires_at = now + lasts if lasts is not None else None
    made = Credential(uuid4(), agency, actor, tuple(groups), scope, now, expires_at, None, None)
    return _store(connection, made)


def rotate(
    connection: Connection,
    agency: str,
    *,
    actor: str = SYSTEM,
    id_begins: str = "",
    overlap: timedelta,
    lasts: timedelta | None = None,
) -> str:
    """A new token for one that is in force, with its rights; the old one ends after the overlap.

    It lasts as long as the old one was made for, unless told otherwise. Raises NoSuchCredential unless one fits.
    """
    fitting = [
        one
        for one in _found(connection, credentials.c.agency == agency, credentials.c.actor == actor)
        if one.in_force and one.replaced_by is None and str(one.id).startswith(id_begins)
    ]
    if len(fitting) != 1:
        raise NoSuchCredential(fitting=fitting)
    (old,) = fitting
    now = datetime.now(UTC)
    if lasts is None and old.expires_at is not None:
        lasts = old.expires_at - old.added_at
    new = replace(old, id=uuid4(), added_at=now, expires_at=now + lasts if lasts is not None else None)
    token = _store(connection, new)
    # PostgreSQL's `least` passes over null: a token without an end gets one.
    ends = func.least(credentials.c.expires_at, now + overlap)
    replacing = update(credentials).where(credentials.c.id == old.id)
    connection.execute(replacing.values(replaced_by=new.id, expires_at=ends))
    return token


def revoke(connection: Connection, agency: str, *, actor: str | None = None, id_begins: str = "") -> int:
    """Ends the agency's tokens, those of one desk, or one by its id, and says how many."""
    columns = credentials.c
    now = datetime.now(UTC)
    ending = update(credentials).where(
        columns.agency == agency,
        columns.revoked_at.is_(None),
        or_(columns.expires_at.is_(None), columns.expires_at > now),
        func.starts_with(cast(columns.id, Text), id_begins),
    )
    if actor is not None:
        ending = ending.where(columns.actor == actor)
    return connection.execute(ending.values(revoked_at=now)).rowcount


def all_credentials(connection: Connection) -> list[Credential]:
    """Every credential, oldest first within its agency."""
    return _found(connection)


def _store(connection: Connection, made: Credential) -> str:
    token = f"{BEGINNING}{secrets.token_urlsafe(32)}"
    scope = made.scope
    connection.execute(
        insert(credentials).values(
            id=made.id,
            digest=token_digest(token),
            agency=made.agency,
            actor=made.actor,
            groups=list(made.groups),
            operations=None if scope.operations is None else list(scope.operations),
            types=None if scope.types is None else list(scope.types),
            may_read=scope.may_read,
            may_post=scope.may_post,
            added_at=made.added_at,
            expires_at=made.expires_at,
        )
    )
    return token


def _found(connection: Connection, *conditions: ColumnElement[bool]) -> list[Credential]:
    columns = credentials.c
    query = select(credentials).where(*conditions).order_by(columns.agency, columns.added_at)
    return [
        Credential(
            row.id,
            row.agency,
            row.actor,
            tuple(row.groups),
            Scope(row.operations, row.types, row.may_read, row.may_post),
            row.added_at,
            row.expires_at,
            row.revoked_at,
            row.replaced_by,
        )
        for row in connection.execute(query)
    ]
