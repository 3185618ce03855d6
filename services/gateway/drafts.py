"""A report on its way to the log: its entry id, its time, and the bytes that will be kept."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from schemas.event import Event, secrets
from services.gateway.credentials import Caller
from services.gateway.problems import NotAcceptable
from services.gateway.reports import Posted, id_of, read_report
from services.shared.lines import write_line
from services.shared.records import Record
from services.shared.vault import Block, Vault, seal, take_out

Clock = Callable[[], datetime]
AHEAD = timedelta(minutes=5)
"""How far an agency's clock may run before ours."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A valid report of one caller, with what the gateway adds to it."""

    posted: Posted
    operation: str
    agency: str
    actor: str
    entry: UUID
    recorded_at: datetime
    received_at: datetime | None
    imported: bool = False
    """History brought in afterwards: see docs/decisions."""

    @property
    def event(self) -> Event:
        return self.posted.event


@dataclass(frozen=True, slots=True)
class SealedDraft:
    """A draft whose secret members are encrypted, and its digest."""

    draft: Draft
    digest: str
    report: bytes
    sealed: dict[str, dict[str, str]] | None

    def record(self, *, thing: UUID, expected: int) -> Record:
        """What the log is given: `expected` is the thing's last position, 0 when this entry opens it."""
        draft = self.draft
        body = write_line(
            self.report,
            entry=str(draft.entry),
            operation=draft.operation,
            thing=str(thing),
            agency=draft.agency,
            actor=draft.actor,
            recorded_at=draft.recorded_at.isoformat(),
            received_at=draft.received_at.isoformat() if draft.received_at else None,
            imported=True if draft.imported else None,
            digest=self.digest,
            sealed=self.sealed,
        )
        first = draft.event.opens_log
        return Record(thing, draft.entry, draft.agency, draft.event.type, body, expected, first)


def draft(
    raw: bytes,
    *,
    caller: Caller,
    operation: str,
    exercise: bool,
    now: datetime,
    imported: bool = False,
    accredited: bool = False,
) -> Draft:
    """Reads a report and judges its time. Raises the problems of `read_report`, and NotAcceptable."""
    posted = read_report(raw, accredited=accredited)
    recorded_at, received_at = now, None
    if exercise:
        recorded_at, received_at = _exercise_time(posted, now), now
    check_occurred(posted.event, recorded_at)
    entry = id_of(operation, caller.agency, posted.members)
    return Draft(posted, operation, caller.agency, caller.actor, entry, recorded_at, received_at, imported)


def check_occurred(event: Event, recorded_at: datetime, *, below: str = "/data") -> None:
    """Raises NotAcceptable for what had not happened yet when it was recorded."""
    if max(event.occurred.from_, event.occurred.until) > recorded_at + AHEAD:
        raise NotAcceptable(
            [{"pointer": f"{below}/occurred", "detail": "This lies more than five minutes in the future."}]
        )


async def seal_all(
    drafts: list[Draft], vault: Vault, *, target_types: dict[UUID, type[Event]] | None = None
) -> list[SealedDraft | None]:
    """The drafts sealed, in their order; None where a key that an earlier try made has been erased."""
    taken = [_take_out(one, (target_types or {}).get(one.entry)) for one in drafts]
    blocks = [block for _, found in taken for block in found]
    entry_of = {block.key: one.entry for one, (_, found) in zip(drafts, taken, strict=True) for block in found}
    keys = await vault.keys_for(blocks, operation=drafts[0].operation, entry_of=entry_of) if blocks else {}
    return [_sealed(one, data, found, keys, vault) for one, (data, found) in zip(drafts, taken, strict=True)]


def _take_out(one: Draft, target_type: type[Event] | None) -> tuple[dict[str, Any], list[Block]]:
    where = secrets(type(one.event))
    if target_type is not None:
        assert one.event.carries is not None
        where = {**where, one.event.carries: secrets(target_type)}
    data = one.posted.members["data"]
    return take_out(data, where, entry=one.entry) if where else (data, [])


def _sealed(
    one: Draft, data: dict[str, Any], blocks: list[Block], keys: dict[UUID, bytes], vault: Vault
) -> SealedDraft | None:
    if not blocks:
        return SealedDraft(one, vault.digest(one.posted.content, key=None), one.posted.raw.strip(), None)
    if any(block.key not in keys for block in blocks):
        return None
    digest = vault.digest(one.posted.content, key=keys[blocks[0].key])
    report = msgspec.json.encode({**one.posted.members, "data": data})
    return SealedDraft(one, digest, report, {block.pointer: seal(block, keys[block.key]) for block in blocks})


def _exercise_time(posted: Posted, now: datetime) -> datetime:
    """In an exercise the report's own time is the exercise's clock."""
    if posted.report.time is None:
        raise NotAcceptable(
            [{"pointer": "/time", "detail": "In an exercise the report's time is the exercise's clock."}]
        )
    if posted.report.time > now + AHEAD:
        raise NotAcceptable([{"pointer": "/time", "detail": "This lies more than five minutes in the future."}])
    return posted.report.time.astimezone(UTC)
