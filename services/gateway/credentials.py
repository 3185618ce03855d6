"""Who is this: a bearer token becomes a Caller, or a 401."""

import time
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from services.gateway.problems import SignIn

_KEPT_SECONDS = 1.0
"""How long a looked-up credential is believed; a revocation is felt within this time."""

_LOOK_UP = """
select c.id, c.agency, a.kind, a.country, c.actor, c.groups, c.may_post
  from desk.credentials c join desk.agencies a on a.code = c.agency
 where c.digest = %s and c.revoked_at is null and (c.expires_at is null or c.expires_at > now())
"""


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


class Credentials:
    """Looks tokens up by their digest; the token itself is kept nowhere."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool
        self._known: dict[bytes, tuple[float, Caller]] = {}

    async def caller(self, authorization: str | None) -> Caller:
        """The caller behind an Authorization header. Raises SignIn."""
        if authorization is None:
            raise SignIn
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise SignIn
        digest = sha256(token.strip().encode()).digest()
        known = self._known.get(digest)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        return await self._look_up(digest)

    async def _look_up(self, digest: bytes) -> Caller:
        self._known.pop(digest, None)
        async with self._pool.connection() as connection:
            row = await (await connection.execute(_LOOK_UP, (digest,))).fetchone()
        if row is None:
            raise SignIn
        credential, agency, kind, country, actor, groups, may_post = row
        caller = Caller(credential, agency, kind, country, actor, tuple(groups), may_post)
        self._known[digest] = (time.monotonic() + _KEPT_SECONDS, caller)
        return caller
