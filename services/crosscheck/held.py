"""What is held of one operation: entries under the rights of now, their subjects, and what was found between two."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.crosscheck.index import Index
from services.crosscheck.rights import Members
from services.crosscheck.scoring import Match
from services.crosscheck.subjects import Subject

_BANDS = ("exact", "strong", "possible")


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """What one entry contributes, or asks, under the rights of now."""

    operation: str
    entry: str
    thing: str
    type: str
    posters: tuple[str, ...]
    recorded_at: datetime
    members: Members
    codes: tuple[str, ...]
    data: Mapping[str, Any]
    version: str
    """The last entry of its thing that was read: nothing older is told."""
    shows_existence: bool = False
    """Whether whoever may not see it may know of it, because its owner said so."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A question and a record that may be about one person or thing."""

    question: Held
    record: Held
    subject: Subject
    match: Match
    withheld: bool = False
    """Whoever asked may know that it exists, and no more."""

    @property
    def known_at(self) -> datetime:
        return max(self.question.recorded_at, self.record.recorded_at)


@dataclass
class Shelf:
    """Subjects with the entries that they come from."""

    index: Index = field(default_factory=Index)
    held: dict[int, Held] = field(default_factory=dict)
    places: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    showing: set[int] = field(default_factory=set)
    """Subjects of which whoever may not see them may know."""

    def put(self, held: Held, subjects: Iterator[Subject]) -> None:
        for one in subjects:
            place = self.index.add(one)
            self.held[place] = held
            self.places[held.thing].append(place)
            if held.shows_existence:
                self.showing.add(place)

    def take_out(self, thing: str) -> None:
        for place in self.places.pop(thing, []):
            self.index.remove(place)
            del self.held[place]
            self.showing.discard(place)


def keep(best: dict[str, Found], key: str, found: Found | None) -> None:
    if found is not None and (key not in best or _rank(found) < _rank(best[key])):
        best[key] = found


def _rank(found: Found) -> tuple[int, float]:
    return _BANDS.index(found.match.band), -found.match.bits


def country(held: Held) -> str | None:
    code = held.posters[-1].partition("-")[0]
    return code if len(code) == len("AT") else None
