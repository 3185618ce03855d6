"""Erasing: the keys of a person's blocks are destroyed, in the record and in every correction of it.

The disclosure ledger says so first: who erased, on which ground, and the records.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self
from uuid import UUID

import msgspec
from psycopg_pool import AsyncConnectionPool

from schemas.events.person import PersonErased
from services.gateway.drafts import Draft
from services.gateway.problems import Fault, LedgerIsUnavailable, LogIsUnavailable, NotAcceptable, PictureBehind
from services.gateway.progress import Progress
from services.shared.bus import Log
from services.shared.disclosures import Disclosure, Disclosures, LedgerUnavailable
from services.shared.lines import Line
from services.shared.refusals import LogUnavailable
from services.shared.vault import Vault

_CARRIED = "/corrected"
_CARRYING = "select key, body from desk.carrying(%s, %s, %s)"
"""The record and its corrections up to the erasure, whoever may see them."""
_AGAIN = "It is in the log; send it again with the same id until the person is erased."


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased, and by whom."""

    event: PersonErased
    entry: UUID
    operation: str
    agency: str
    actor: str

    @classmethod
    def of_draft(cls, one: Draft, event: PersonErased) -> Self:
        return cls(event, one.entry, one.operation, one.agency, one.actor)

    @classmethod
    def of_line(cls, line: Line, event: PersonErased) -> Self:
        return cls(event, line.entry, line.operation, line.agency, line.actor)


class Erasing:
    """Destroys keys, once the entry that says so is in the log."""

    def __init__(
        self, pool: AsyncConnectionPool, log: Log, progress: Progress, vault: Vault, ledger: Disclosures
    ) -> None:
        self._pool = pool
        self._log = log
        self._progress = progress
        self._vault = vault
        self._ledger = ledger

    async def erase(self, one: Erasure) -> bool:
        """The person is gone when this returns, and the ledger says so. True when some of it was still there.

        Raises PictureBehind, LedgerIsUnavailable or LogIsUnavailable when that is not certain: to be asked again.
        """
        try:
            tail = await self._log.tail(one.operation)
        except LogUnavailable:
            # The entry is there: that nothing was stored, as is said of a log that is away, would be wrong.
            raise LogIsUnavailable(_AGAIN) from None
        if not await self._progress.reach(one.operation, tail):
            raise PictureBehind(_AGAIN)
        originator, corrections = await self._carrying(one)
        blocks = one.event.blocks
        of_target = None if blocks is None else [str(pointer) for pointer in blocks]
        of_corrections = None if of_target is None else [f"{_CARRIED}{pointer}" for pointer in of_target]
        doomed = {one.event.target: of_target, **dict.fromkeys(corrections, of_corrections)}
        if left := await self._vault.left_of(doomed):
            await self._write_down(one, originator, left)
            await self._vault.erase(doomed)
        return bool(left)

    async def _carrying(self, one: Erasure) -> tuple[str, list[UUID]]:
        """Whose record it is, and what corrected it or was proposed as its correction: it carries the person too."""
        target = one.event.target
        async with self._pool.connection() as connection:
            rows = await connection.execute(_CARRYING, (one.operation, target, one.entry))
            found = {key: msgspec.json.decode(body) for key, body in await rows.fetchall()}
        if (erased := found.pop(target, None)) is None:
            return one.agency, []
        return erased["report"]["data"].get("on_behalf_of") or erased["agency"], list(found)

    async def _write_down(self, one: Erasure, originator: str, entries: list[UUID]) -> None:
        line = Disclosure(
            datetime.now(UTC),
            one.operation,
            "erasure",
            originator,
            one.agency,
            one.actor,
            one.event.ground,
            tuple(entries),
            about=str(one.entry),
        )
        try:
            await self._ledger.write([line])
        except LedgerUnavailable:
            raise LedgerIsUnavailable(_AGAIN) from None


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
