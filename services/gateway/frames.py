"""Frames of server-sent events: what one viewer is told of what happened, narrowed as they chose."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby

from services.gateway.happenings import Happening
from services.gateway.opened import Given

RESYNC = b"event: resync\ndata: {}\n\n"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which happenings somebody wants to be told of; nothing chosen means all."""

    types: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()

    def has(self, one: Happening) -> bool:
        return (
            (not self.types or one.type in self.types)
            and (not self.countries or one.country in self.countries)
            and (not self.categories or one.category in self.categories)
        )


def frames(told: Iterable[Happening], cursor: Callable[[int], str]) -> bytes:
    """Happenings as frames. Of those of one position only the last has an id: a stream that breaks off between them
    resumes before all of them."""
    written: list[bytes] = []
    for position, together in groupby(told, key=lambda one: one.position):
        several = [b"event: %s\ndata: %s\n\n" % (one.event.encode(), one.data) for one in together]
        written += (*several[:-1], b"id: %s\n" % cursor(position).encode(), several[-1])
    return b"".join(written)


def given_in(told: Iterable[Happening]) -> list[Given]:
    """Which sealed records happenings tell."""
    return [one.given for one in told if one.given is not None]


def heartbeat(cursor: str) -> bytes:
    """It moves the cursor on, and says nothing of what the viewer may not see."""
    return b"id: %s\nevent: now\ndata: {}\n\n" % cursor.encode()
