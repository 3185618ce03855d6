"""Agencies by their code: who they are when the NATS server, and no token, vouches for them."""

import time
from uuid import NAMESPACE_URL, uuid5

from psycopg_pool import AsyncConnectionPool

from services.gateway.credentials import Caller
from services.gateway.problems import NotYoursToPost
from services.shared.desk import SYSTEM

_KEPT_SECONDS = 1.0
_LOOK_UP = "select kind, country from desk.agencies where code = %s"


class Agencies:
    """Looks agencies up; one that was found is believed for a moment."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool
        self._kept: dict[str, tuple[float, Caller]] = {}

    async def system_of(self, code: str) -> Caller:
        """An agency's own software. Raises NotYoursToPost when the desk does not know the agency."""
        kept = self._kept.get(code)
        if kept is not None and kept[0] > time.monotonic():
            return kept[1]
        self._kept.pop(code, None)
        async with self._pool.connection() as connection:
            row = await (await connection.execute(_LOOK_UP, (code,))).fetchone()
        if row is None:
            raise NotYoursToPost("This agency is not known here; `vcp agency add` adds it.")
        kind, country = row
        caller = Caller(
            credential=uuid5(NAMESPACE_URL, f"vcp:agency:{code}"),
            agency=code,
            kind=kind,
            country=country,
            actor=SYSTEM,
            groups=(),
            may_post=True,
        )
        self._kept[code] = (time.monotonic() + _KEPT_SECONDS, caller)
        return caller
