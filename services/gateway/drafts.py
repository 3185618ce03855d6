"""A report on its way to the log: its entry id, its time, and the bytes that will be kept."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from schemas.event import Event, secrets
from services.gateway.credentials import Caller
from services.gateway.problems import NotAcceptable
from services.reading.reports import Posted, id_of
from services.shared.lines import Head, write_line
from services.shared.records import Record
from services.shared.vault import Block, Packed, Vault, seal, take_out

Clock = Callable[[], datetime]
AHEAD = timedelta(minutes=5)
"""How far an agency's clock may run before ours."""


class Draft(msgspec.Struct, frozen=True):
    """A valid report of one caller, with what the gateway adds to it."""

    posted: Posted
    operation: str
    agency: str
    actor: str
    entry: UUID
    recorded_at: str
    received_at: str | None
    imported: bool = False
    """History brought in afterwards: see docs/decisions."""

    @property
    def event(self) -> Event:
        return self.posted.event


class SealedDraft(msgspec.Struct, frozen=True, gc=False):
    """A report as it will be kept, its secret members encrypted, and its digest.

    Text and bytes alone: what was read is let go, so that a batch of a thousand is no work for the collector.
    """

    entry: UUID
    entry_text: str
    operation: str
    agency: str
    actor: str
    type: str
    recorded_at: str
    received_at: str | None
    imported: bool
    digest: str
    report: bytes
    sealed: dict[str, dict[str, str]] | None
    opens_log: bool

    def record(self, *, thing: UUID, expected: int) -> Record:
        """What the log is given: `expected` is the thing's last position, 0 when this entry opens it."""
        thing_text = self.entry_text if thing is self.entry else str(thing)
        head = Head(
            entry=self.entry_text,
            operation=self.operation,
            thing=thing_text,
            agency=self.agency,
            actor=self.actor,
            recorded_at=self.recorded_at,
            received_at=self.received_at,
            imported=self.imported,
            digest=self.digest,
            sealed=self.sealed,
        )
        body = write_line(self.report, head)
        return Record(thing_text, self.entry_text, self.agency, self.type, body, expected, self.opens_log)


class Unsealed(msgspec.Struct, frozen=True, gc=False):
    """A report that waits for the keys of its blocks: no more than bytes, as a sealed one."""

    kept: SealedDraft
    content: bytes
    blocks: tuple[Packed, ...]

    @property
    def entry(self) -> UUID:
        return self.kept.entry


def draft(
    posted: Posted, *, caller: Caller, operation: str, exercise: bool, now: datetime, imported: bool = False
) -> Draft:
    """Judges a report's time, and computes its id. Raises NotAcceptable."""
    recorded_at, received_at = now, None
    if exercise:
        recorded_at, received_at = _exercise_time(posted, now), now
    check_occurred(posted.event, recorded_at)
    entry = id_of(operation, caller.agency, posted.envelope)
    received = received_at.isoformat() if received_at else None
    return Draft(posted, operation, caller.agency, caller.actor, entry, recorded_at.isoformat(), received, imported)


def unsealed(one: Draft, vault: Vault, *, target_type: type[Event] | None = None) -> SealedDraft | Unsealed:
    """A report as it will be kept, when nothing in it is secret: then it needs no key. Else what waits for keys."""
    data, blocks = _take_out(one, target_type)
    content = one.posted.content
    if not blocks:
        return _kept(one, vault.digest(content, key=None), one.posted.raw.strip())
    report = msgspec.json.encode({**one.posted.members(), "data": data})
    return Unsealed(_kept(one, "", report), content, vault.packed(blocks, operation=one.operation))


def check_occurred(event: Event, recorded_at: datetime, *, below: str = "/data") -> None:
    """Raises NotAcceptable for what had not happened yet when it was recorded."""
    if event.occurred.until > recorded_at + AHEAD:
        raise NotAcceptable(
            [{"pointer": f"{below}/occurred", "detail": "This lies more than five minutes in the future."}]
        )


async def seal_all(
    drafts: list[Draft], vault: Vault, *, target_types: dict[UUID, type[Event]] | None = None
) -> list[SealedDraft | None]:
    """The drafts sealed, in their order; None where a key that an earlier try made has been erased."""
    types = target_types or {}
    return await sealed([unsealed(one, vault, target_type=types.get(one.entry)) for one in drafts], vault)


async def sealed(waiting: Sequence[SealedDraft | Unsealed], vault: Vault) -> list[SealedDraft | None]:
    """What `seal_all` gives, once keys were made for those that wait for some."""
    needing = [one for one in waiting if isinstance(one, Unsealed)]
    keys: dict[UUID, bytes] = {}
    if needing:
        blocks = [block for one in needing for block in one.blocks]
        entry_of = {block.key: one.entry for one in needing for block in one.blocks}
        keys = await vault.keys_for(blocks, operation=needing[0].kept.operation, entry_of=entry_of)
    return [_sealed(one, keys, vault) if isinstance(one, Unsealed) else one for one in waiting]


def _take_out(one: Draft, target_type: type[Event] | None) -> tuple[dict[str, Any], list[Block]]:
    where = secrets(type(one.event))
    if target_type is not None:
        assert one.event.carries is not None
        where = {**where, one.event.carries: secrets(target_type)}
    data = one.posted.data
    return take_out(data, where, entry=one.entry) if not where.keys().isdisjoint(data) else (data, [])


def _sealed(one: Unsealed, keys: Mapping[UUID, bytes], vault: Vault) -> SealedDraft | None:
    if any(block.key not in keys for block in one.blocks):
        return None
    digest = vault.digest(one.content, key=keys[one.blocks[0].key])
    boxes = {block.pointer: seal(block, keys[block.key]) for block in one.blocks}
    return msgspec.structs.replace(one.kept, digest=digest, sealed=boxes)


def _kept(one: Draft, digest: str, report: bytes) -> SealedDraft:
    return SealedDraft(
        one.entry,
        str(one.entry),
        one.operation,
        one.agency,
        one.actor,
        one.event.type,
        one.recorded_at,
        one.received_at,
        one.imported,
        digest,
        report,
        None,
        one.event.opens_log,
    )


def _exercise_time(posted: Posted, now: datetime) -> datetime:
    """In an exercise the report's own time is the exercise's clock."""
    time = posted.envelope.time
    if time is None:
        raise NotAcceptable(
            [{"pointer": "/time", "detail": "In an exercise the report's time is the exercise's clock."}]
        )
    if time > now + AHEAD:
        raise NotAcceptable([{"pointer": "/time", "detail": "This lies more than five minutes in the future."}])
    return time.astimezone(UTC)
