"""The sessions of officers: begun at a sign-in, found by the cookie's hash, ended by time, sign-out or any change."""

import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import TypeVar
from uuid import UUID

from psycopg import OperationalError
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from services.gateway.credentials import Caller, Credentials
from services.gateway.problems import SignIn, SignInUnavailable
from services.shared.deriving import derive
from services.shared.officers import EVERYWHERE, Place, actor_of
from services.shared.settings import Settings

_Kept = TypeVar("_Kept")
_KEPT_SECONDS = 1.0
_MOST_KEPT = 10_000
_TOUCHED_SECONDS = 60.0
"""How often it is written down that a session is in use."""
_PATIENCE_SECONDS = 5.0
_LONGEST = 100

_LOOK_UP = """
select o.id, o.name, o.agency, a.kind, a.country, s.purpose,
       coalesce((select jsonb_agg(jsonb_build_array(r.operation, r.role, r.groups))
                   from desk.officer_roles r where r.officer = o.id), '[]'),
       extract(epoch from least(s.expires_at, s.seen_at + %(idle)s) - now())::float8,
       extract(epoch from now() - s.seen_at)::float8
  from desk.sessions s
  join desk.officers o on o.id = s.officer and o.removed_at is null
  join desk.agencies a on a.code = o.agency
 where s.digest = %(digest)s and s.expires_at > now() and s.seen_at + %(idle)s > now()
"""
# Locked while the session is written: whoever changes the officer meanwhile ends this session too.
_BEGIN = """
insert into desk.sessions (digest, officer, purpose, added_at, seen_at, expires_at)
select %(digest)s, o.id, %(purpose)s, now(), now(), now() + %(lasts)s
  from (select id from desk.officers
         where id = %(officer)s and removed_at is null
           and password is not distinct from %(password)s and subject is not distinct from %(subject)s
           for share) o
"""
_TOUCH = "update desk.sessions set seen_at = now() where digest = %s"
_END = "delete from desk.sessions where digest = %s"
_PURPOSE = "update desk.sessions set purpose = %s where digest = %s"
_FORGET_ENDED = "delete from desk.sessions where expires_at <= now() or seen_at + %s <= now()"


@dataclass(frozen=True, slots=True)
class Identity:
    """An officer as they proved to be one: by this password's hash, or by this identity at the provider."""

    officer: UUID
    password: str | None
    subject: str | None


@dataclass(slots=True)
class Session:
    """A session in force."""

    digest: bytes
    officer: UUID
    name: str
    agency: str
    kind: str
    country: str | None
    purpose: str | None
    places: Mapping[str, Place]
    seconds: float
    """How long it goes on when nothing more is asked."""

    def caller(self, operation: str | None, *, changes: bool) -> Caller:
        """The officer as one who calls: in one operation, or where none is named.

        What has no operation in its address opens one, for which a role everywhere is needed, or is about all of them.
        """
        places = self.places
        if operation is not None:
            # A role in the operation itself stands for one that holds everywhere.
            place = places.get(operation, places.get(EVERYWHERE))
            places = {operation: place} if place is not None else {}
        elif changes:
            places = {EVERYWHERE: places[EVERYWHERE]} if EVERYWHERE in places else {}
        taking_part = {code: place for code, place in places.items() if not place.audits}
        return Caller(
            self.officer,
            self.agency,
            self.kind,
            self.country,
            actor_of(self.officer),
            tuple(sorted({group for place in taking_part.values() for group in place.groups})),
            any(place.may_post for place in taking_part.values()),
            operations=_codes(taking_part),
            purpose=self.purpose,
            audited=_codes({code: place for code, place in places.items() if place.audits}),
        )


class OfficerSessions:
    """Begins, finds and ends sessions. One that was found is believed for a second, unless something changes."""

    def __init__(
        self, pool: AsyncConnectionPool, credentials: Credentials, *, settings: Settings, secret: bytes
    ) -> None:
        self._pool = pool
        self._credentials = credentials
        self._idle = timedelta(minutes=settings.session_idle_minutes)
        self._lasts = timedelta(hours=settings.session_hours)
        self._marks = derive(secret, "session marks")
        self._kept: OrderedDict[bytes, tuple[float, int, Session]] = OrderedDict()
        self._touched: OrderedDict[bytes, float] = OrderedDict()

    @property
    def longest_seconds(self) -> int:
        return int(self._lasts.total_seconds())

    def mark(self, session: Session) -> str:
        """What a request that changes something must repeat: another site cannot read it."""
        return hmac.new(self._marks, session.digest, sha256).hexdigest()

    async def begin(self, identity: Identity, *, purpose: str | None = None) -> str:
        """A new session, as the value of its cookie. Raises SignIn when the officer was changed meanwhile."""
        value = secrets.token_urlsafe(32)
        said = {
            "digest": _digest(value),
            "officer": identity.officer,
            "password": identity.password,
            "subject": identity.subject,
            "purpose": purpose,
            "lasts": self._lasts,
        }
        async with self._pool.connection(timeout=_PATIENCE_SECONDS) as connection:
            await connection.execute(_FORGET_ENDED, (self._idle,))
            begun = await connection.execute(_BEGIN, said)
        if begun.rowcount != 1:
            raise SignIn
        return value

    async def find(self, value: str, *, active: bool = True) -> Session:
        """The session of a cookie. Raises SignIn, or SignInUnavailable. `active`: the officer did something."""
        if len(value) > _LONGEST:
            raise SignIn
        digest, changes = _digest(value), self._credentials.changes
        until, as_of, session = self._kept.get(digest, (0.0, -1, None))
        try:
            if session is None or as_of != changes or until <= time.monotonic():
                session = await self._look_up(digest, changes)
            if active and self._touched.get(digest, 0.0) <= time.monotonic():
                await self._touch(digest)
        except (OperationalError, PoolTimeout):
            raise SignInUnavailable("The database does not answer; try again.") from None
        return session

    async def end(self, value: str) -> None:
        """Ends a session, if it is one."""
        self._kept.pop(_digest(value), None)
        async with self._pool.connection(timeout=_PATIENCE_SECONDS) as connection:
            await connection.execute(_END, (_digest(value),))

    async def set_purpose(self, session: Session, purpose: str | None) -> None:
        """What the officer looks at persons for from now on."""
        async with self._pool.connection(timeout=_PATIENCE_SECONDS) as connection:
            await connection.execute(_PURPOSE, (purpose, session.digest))
        self._kept.pop(session.digest, None)

    async def _look_up(self, digest: bytes, changes: int) -> Session:
        async with self._pool.connection(timeout=_PATIENCE_SECONDS) as connection:
            found = await connection.execute(_LOOK_UP, {"digest": digest, "idle": self._idle})
            row = await found.fetchone()
        if row is None:
            raise SignIn
        officer, name, agency, kind, country, purpose, roles, seconds, silent = row
        places = {operation: Place(role, tuple(groups)) for operation, role, groups in roles}
        session = Session(digest, officer, name, agency, kind, country, purpose, places, seconds)
        _remember(self._touched, digest, time.monotonic() + _TOUCHED_SECONDS - silent)
        # What was asked before a change may be of the time before it; it is answered once and not kept.
        if self._credentials.is_told and changes == self._credentials.changes:
            _remember(self._kept, digest, (time.monotonic() + min(seconds, _KEPT_SECONDS), changes, session))
        return session

    async def _touch(self, digest: bytes) -> None:
        async with self._pool.connection(timeout=_PATIENCE_SECONDS) as connection:
            await connection.execute(_TOUCH, (digest,))
        _remember(self._touched, digest, time.monotonic() + _TOUCHED_SECONDS)


def _codes(places: Mapping[str, Place]) -> frozenset[str] | None:
    """The operations of these roles; None where one holds everywhere."""
    return None if EVERYWHERE in places else frozenset(places)


def _digest(value: str) -> bytes:
    return sha256(value.encode("utf-8", "surrogateescape")).digest()


def _remember(kept: OrderedDict[bytes, _Kept], digest: bytes, what: _Kept) -> None:
    kept[digest] = what
    kept.move_to_end(digest)
    if len(kept) > _MOST_KEPT:
        kept.popitem(last=False)
