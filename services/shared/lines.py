"""The lines of the log: how an entry is written to bytes at the door, and read again by whoever follows."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

import schemas.events  # noqa: F401  (finds every event type)
from schemas.event import REGISTER, Event


class _Report(msgspec.Struct):
    type: str
    data: msgspec.Raw


class _Line(msgspec.Struct):
    entry: UUID
    operation: str
    thing: UUID
    agency: str
    actor: str
    recorded_at: datetime
    digest: str
    report: _Report
    received_at: datetime | None = None
    imported: bool = False


class Head(msgspec.Struct, omit_defaults=True):
    """What the gateway says of a report in its entry."""

    entry: str
    operation: str
    thing: str
    agency: str
    actor: str
    recorded_at: str
    digest: str
    received_at: str | None = None
    imported: bool = False
    sealed: dict[str, dict[str, str]] | None = None


_decoder = msgspec.json.Decoder(_Line)
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as it stands in the log, its event read and checked by the contract."""

    position: int
    entry: UUID
    operation: str
    thing: UUID
    agency: str
    actor: str
    recorded_at: datetime
    digest: str
    event: Event
    body: bytes
    imported: bool = False
    """History brought in afterwards: when it was recorded says nothing of how fast anybody was."""

    @property
    def opens(self) -> bool:
        return self.thing == self.entry


def read_line(position: int, body: bytes) -> Line:
    """The entry at a position of the log. Raises ValueError when it is no entry of the contract."""
    raw = _decoder.decode(body)
    try:
        event_type = REGISTER[raw.report.type]
    except KeyError:
        raise ValueError(f"unknown type at position {position}") from None
    event = event_type.adapter().validate_json(bytes(raw.report.data))
    return Line(
        position,
        raw.entry,
        raw.operation,
        raw.thing,
        raw.agency,
        raw.actor,
        raw.recorded_at,
        raw.digest,
        event,
        body,
        raw.imported,
    )


def read_receipt(body: bytes) -> tuple[str, str]:
    """When an entry was recorded and its digest: what its receipt says, and what tells a replay from a conflict."""
    raw = _decoder.decode(body)
    return raw.recorded_at.isoformat(), raw.digest


def thing_of(body: bytes) -> UUID:
    """The thing that an entry opened or changed."""
    return _decoder.decode(body).thing


def write_line(report: bytes, head: Head) -> bytes:
    """An entry's bytes: the gateway's members around the report's own bytes, which are not encoded anew."""
    return b'%b,"report":%b}' % (_encode(head)[:-1], report)
