"""Who is this: a bearer token becomes a Caller, or a 401."""

import math
import time
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from psycopg import OperationalError
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from services.gateway.issuer import Claimed, Issuer
from services.gateway.problems import SignIn, SignInUnavailable
from services.shared.desk import BEGINNING
from services.shared.together import Together

_KEPT_SECONDS = 1.0
"""How long a caller is believed. Changes are told at once (watching.py); this bounds what a lost notice costs."""
_MOST_KEPT = 10_000
_LONGEST_TOKEN = 8192
_PATIENCE_SECONDS = 5.0

_LOOK_UP = """
select c.digest, c.id, c.agency, a.kind, a.country, c.actor, c.groups, c.may_post, c.may_read, c.operations, c.types,
       extract(epoch from c.expires_at - now())::float8
  from desk.credentials c join desk.agencies a on a.code = c.agency
 where c.digest = any(%s) and c.revoked_at is null and (c.expires_at is null or c.expires_at > now())
"""

_LOOK_UP_AGENCY = "select kind, country from desk.agencies where code = %s"


@dataclass(frozen=True, slots=True)
class Caller:
    """An agency's system or desk that showed a valid token."""

    credential: UUID
    agency: str
    kind: str
    country: str | None
    actor: str
    groups: tuple[str, ...]
    may_post: bool
    may_read: bool = True
    operations: Collection[str] | None = None
    """Those that the token is for; None for all in which its agency takes part."""
    types: Collection[str] | None = None
    """Those that it may post; None for all that its agency may."""
    purpose: str | None = None
    """What an officer looks at persons for, as said for the session."""
    audited: Collection[str] | None = ()
    """Operations of which the caller reads the whole disclosure ledger, and nothing else; None for all."""

    def reaches(self, operation: str) -> bool:
        return self.operations is None or operation in self.operations

    def audits(self, operation: str) -> bool:
        return self.audited is None or operation in self.audited


@dataclass(frozen=True, slots=True)
class Known:
    """A caller, and for how many seconds the token is still valid."""

    caller: Caller
    seconds: float = math.inf


class Credentials:
    """Looks own tokens up by their digest, and asks an external issuer's keys about JWTs; no token is kept."""

    def __init__(self, pool: AsyncConnectionPool, *, issuer: Issuer | None = None) -> None:
        self._pool = pool
        self._issuer = issuer
        self._look_up = Together(self._find)
        self._kept: OrderedDict[bytes, tuple[float, Caller]] = OrderedDict()
        self._told = False
        self.changes = 0
        """Counts the times that something was changed: what was asked before may no longer hold."""

    @property
    def is_told(self) -> bool:
        """Whether changes are told at once, so that something may be believed for a moment."""
        return self._told

    async def caller(self, authorization: str | None) -> Caller:
        """The caller behind an Authorization header. Raises SignIn, or SignInUnavailable."""
        token = _bearer(authorization)
        digest = sha256(token.encode()).digest()
        kept = self._kept.get(digest)
        if kept is not None and kept[0] > time.monotonic():
            return kept[1]
        changes = self.changes
        known = await self._known(token, digest)
        # What was asked before a change may be of the time before it; it is answered once and not kept.
        if self._told and changes == self.changes:
            self._keep(digest, known)
        return known.caller

    def told_of_changes(self, *, told: bool) -> None:
        """Whether changes are told: while they are not, no caller is kept and every token is looked up."""
        self._told = told
        self.forget()

    def forget(self) -> None:
        """Some credential or agency has changed."""
        self.changes += 1
        self._kept.clear()

    def _keep(self, digest: bytes, known: Known) -> None:
        self._kept[digest] = (time.monotonic() + min(known.seconds, _KEPT_SECONDS), known.caller)
        self._kept.move_to_end(digest)
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)

    async def _known(self, token: str, digest: bytes) -> Known:
        try:
            if token.startswith(BEGINNING):
                known = (await self._look_up([digest])).get(digest)
            elif self._issuer is not None and token.count(".") == 2:
                known = await self._introduced(await self._issuer.claimed(token))
            else:
                known = None
        except (OperationalError, PoolTimeout):
            raise SignInUnavailable("The database does not answer; try again.") from None
        if known is None:
            raise SignIn
        return known

    async def _introduced(self, claimed: Claimed) -> Known | None:
        """The bearer of a JWT, when the desk knows the agency that it names."""
        async with self._pool.connection(timeout=_PATIENCE_SECONDS) as connection:
            found = await connection.execute(_LOOK_UP_AGENCY, (claimed.agency,))
            row = await found.fetchone()
        if row is None:
            return None
        kind, country = row
        caller = Caller(
            claimed.credential, claimed.agency, kind, country, claimed.actor, claimed.groups, claimed.may_post
        )
        return Known(caller, claimed.seconds)

    async def _find(self, digests: list[bytes]) -> dict[bytes, Known]:
        async with self._pool.connection(timeout=_PATIENCE_SECONDS) as connection:
            rows = await (await connection.execute(_LOOK_UP, (digests,))).fetchall()
        return {bytes(digest): _of_row(*columns) for digest, *columns in rows}


def _bearer(authorization: str | None) -> str:
    scheme, _, token = (authorization or "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token or len(token) > _LONGEST_TOKEN:
        raise SignIn
    return token


def _of_row(credential: UUID, agency: str, kind: str, country: str | None, *said: Any) -> Known:
    actor, groups, may_post, may_read, operations, types, seconds = said
    caller = Caller(
        credential,
        agency,
        kind,
        country,
        actor,
        tuple(groups),
        may_post,
        may_read,
        None if operations is None else frozenset(operations),
        None if types is None else frozenset(types),
    )
    return Known(caller, math.inf if seconds is None else seconds)
