"""What goes into the log and what comes out of it, in the words of its callers."""

from dataclasses import dataclass

import msgspec


class Record(msgspec.Struct, frozen=True, gc=False):
    """One entry on its way into the log. Its ids are text, for subjects and headers are made of them several times."""

    thing: str
    entry: str
    agency: str
    type: str
    body: bytes
    expected: int  # the thing's last position as the poster knows it; 0: this entry opens the thing
    first: bool = False  # the log must be empty: this entry opens the operation


@dataclass(frozen=True, slots=True)
class Stored:
    """One entry as it stands in the log."""

    position: int
    body: bytes


class Appended(msgspec.Struct, frozen=True, gc=False):
    """What became of a record; not `fresh`: the entry was there before, and `body` is what the log has."""

    position: int
    fresh: bool
    body: bytes


@dataclass(frozen=True, slots=True)
class Durability:
    """Whether an acknowledged entry survives a power cut; None where the server does not say."""

    kept: bool | None
    reason: str
