"""Erasing: the keys of a person's blocks are destroyed, in the record and in every correction of it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from psycopg_pool import AsyncConnectionPool

from schemas.events.correction import CorrectionProposed
from schemas.events.person import PersonErased
from schemas.events.record import RecordCorrected
from services.gateway.problems import Fault, NotAcceptable, PictureBehind
from services.gateway.progress import Progress
from services.gateway.sessions import SET_VIEWER
from services.shared.audiences import EVERYONE
from services.shared.bus import Log
from services.shared.vault import Vault

_CARRYING = [RecordCorrected.type, CorrectionProposed.type]
_CARRIED = "/corrected"
_OF_THE_SAME_THING = """
select c.body from entries e join entries c on c.operation = e.operation and c.thing = e.thing
 where e.operation = %s and e.key = %s and c.type = any(%s)
"""


class Erasing:
    """Destroys keys, once the entry that says so is in the log."""

    def __init__(self, pool: AsyncConnectionPool, log: Log, progress: Progress, vault: Vault) -> None:
        self._pool = pool
        self._log = log
        self._progress = progress
        self._vault = vault

    async def erase(self, event: PersonErased, *, operation: str, agency: str) -> None:
        """The person is gone when this returns. Raises PictureBehind when that is not certain: to be asked again."""
        tail = await self._log.tail(operation)
        if not await self._progress.reach(operation, tail):
            raise PictureBehind("It is in the log; send it again with the same id until the person is erased.")
        corrections = await self._corrections(event.target, operation=operation, agency=agency)
        blocks = event.blocks
        of_target = None if blocks is None else [str(pointer) for pointer in blocks]
        of_corrections = None if of_target is None else [f"{_CARRIED}{pointer}" for pointer in of_target]
        await self._vault.erase({event.target: of_target, **dict.fromkeys(corrections, of_corrections)})

    async def _corrections(self, target: UUID, *, operation: str, agency: str) -> list[UUID]:
        """What corrects it, or was proposed as its correction, carries the person once more."""
        async with self._pool.connection() as connection, connection.transaction():
            # Whoever may erase a record owns it, and so sees all that was done to it.
            await connection.execute(SET_VIEWER, (f"{EVERYONE},agency:{agency}", operation))
            rows = await connection.execute(_OF_THE_SAME_THING, (operation, target, _CARRYING))
            found = [msgspec.json.decode(body) for (body,) in await rows.fetchall()]
        return [UUID(one["entry"]) for one in found if one["report"]["data"]["target"] == str(target)]


def check_blocks(event: PersonErased, body: bytes) -> None:
    """Raises NotAcceptable for a block that the record does not have: a word misspelt would erase nothing."""
    entry: Mapping[str, Any] = msgspec.json.decode(body)
    there = sorted(entry.get("sealed") or {})
    faults: list[Fault] = [
        {"pointer": f"/data/blocks/{index}", "detail": "The record has no such sealed block.", "accepted": there}
        for index, pointer in enumerate(event.blocks or ())
        if pointer not in there
    ]
    if faults:
        raise NotAcceptable(faults)
