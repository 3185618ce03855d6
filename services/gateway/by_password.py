"""Signing in by name and password: the same answer after the same work, whoever is not let in."""

import asyncio
from dataclasses import replace
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from services.gateway.attempts import Attempts
from services.gateway.officer_sessions import Identity
from services.gateway.problems import NameOrPasswordWrong, SlowDown
from services.shared import passwords
from services.shared.officers import spelt

_AT_ONCE = 2
"""Comparisons at the same time: each takes 64 MiB of memory and a processor for a moment."""
_MOST_WAITING = 16
_PATIENCE_SECONDS = 5.0
_LOOK_UP = "select id, password, subject from desk.officers where name = %s and removed_at is null"
_REPLACE = "update desk.officers set password = %s where id = %s and password = %s"


class ByPassword:
    """Lets officers with a password of ours in."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool
        self._attempts = Attempts()
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._waiting = 0
        passwords.nobodys()  # Made before somebody is compared with it, or the first would wait for it.

    async def identity(self, name: str, password: str) -> Identity:
        """The officer. Raises NameOrPasswordWrong, or SlowDown."""
        self._attempts.count(name)
        async with self._pool.connection(timeout=_PATIENCE_SECONDS) as connection:
            row = await (await connection.execute(_LOOK_UP, (spelt(name),))).fetchone()
        officer, kept, subject = row or (None, None, None)
        if not await self._compare(password, kept) or officer is None or kept is None:
            raise NameOrPasswordWrong
        self._attempts.forget(name)
        if passwords.is_outdated(kept):
            kept = await self._kept_instead(officer, kept, password)
        return Identity(officer, kept, subject)

    async def changed(self, name: str, old: str, new: str) -> Identity:
        """The officer with another password. Raises what `identity` raises."""
        identity = await self.identity(name, old)
        assert identity.password is not None
        made = await self._kept_instead(identity.officer, identity.password, new)
        return replace(identity, password=made)

    async def _compare(self, password: str, kept: str | None) -> bool:
        if self._waiting >= _MOST_WAITING:
            raise SlowDown("Too many sign in at this moment.")
        self._waiting += 1
        try:
            async with self._turn:
                return await asyncio.to_thread(passwords.holds, password, kept)
        finally:
            self._waiting -= 1

    async def _kept_instead(self, officer: UUID, kept: str, password: str) -> str:
        """Keeps a password's hash, made with the parameters of now, instead of another.

        The officer's sessions end, as with any change. Raises NameOrPasswordWrong when it was changed meanwhile.
        """
        made = await asyncio.to_thread(passwords.hashed, password)
        async with self._pool.connection(timeout=_PATIENCE_SECONDS) as connection:
            changed = await connection.execute(_REPLACE, (made, officer, kept))
        if changed.rowcount != 1:
            raise NameOrPasswordWrong
        return made
