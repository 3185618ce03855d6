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
from services.shared.vault import Block, Vault, seal, take_out

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


class TakenOut(msgspec.Struct, frozen=True):
    """A draft without its secret members, and those, which need a key each."""

    one: Draft
    data: dict[str, Any]
    blocks: list[Block]

    @property
    def entry(self) -> UUID:
        return self.one.entry


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


def sealed_already(one: Draft, vault: Vault) -> SealedDraft | TakenOut:
    """An opening report as it will be kept, when nothing in it is secret: then it needs no key."""
    taken = _take_out(one, None)
    return taken if taken.blocks else _sealed(taken, {}, vault)


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
    return await seal_taken([_take_out(one, (target_types or {}).get(one.entry)) for one in drafts], vault)


async def seal_taken(taken: Sequence[TakenOut], vault: Vault) -> list[SealedDraft | None]:
    """What `seal_all` gives, of drafts whose secret members are taken out already."""
    entry_of = {block.key: each.one.entry for each in taken for block in each.blocks}
    keys: dict[UUID, bytes] = {}
    if entry_of:
        blocks = [block for each in taken for block in each.blocks]
        keys = await vault.keys_for(blocks, operation=taken[0].one.operation, entry_of=entry_of)
    return [_sealed(each, keys, vault) if all(block.key in keys for block in each.blocks) else None for each in taken]


def _take_out(one: Draft, target_type: type[Event] | None) -> TakenOut:
    where = secrets(type(one.event))
    if target_type is not None:
        assert one.event.carries is not None
        where = {**where, one.event.carries: secrets(target_type)}
    data = one.posted.data
    if where.keys().isdisjoint(data):
        return TakenOut(one, data, [])
    return TakenOut(one, *take_out(data, where, entry=one.entry))


def _sealed(taken: TakenOut, keys: Mapping[UUID, bytes], vault: Vault) -> SealedDraft:
    one, blocks = taken.one, taken.blocks
    if not blocks:
        return _kept(one, vault.digest(one.posted.content, key=None), one.posted.raw.strip(), None)
    digest = vault.digest(one.posted.content, key=keys[blocks[0].key])
    report = msgspec.json.encode({**one.posted.members(), "data": taken.data})
    return _kept(one, digest, report, {block.pointer: seal(block, keys[block.key]) for block in blocks})


def _kept(one: Draft, digest: str, report: bytes, sealed: dict[str, dict[str, str]] | None) -> SealedDraft:
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
        sealed,
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
