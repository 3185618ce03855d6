"""Why two records may report the same thing, and how much speaks for it. Equal numbers are no reason."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import prod
from typing import Any
from uuid import UUID

from services.shared.marks import Kind

SAME_TIME = timedelta(hours=1)
SAME_OCCASION = timedelta(hours=6)
"""How far apart two agencies may tell of what they did together."""
ENOUGH = 0.5
_WEIGHTS = {
    "same_source_ref": 0.7,
    "same_person": 0.6,
    "same_document": 0.6,
    "same_vehicle": 0.5,
    "same_organisation": 0.4,
    "same_phone": 0.4,
    "joint_with": 0.4,
    "same_place": 0.35,
    "same_time": 0.35,
}
_SUBJECTS: dict[int, tuple[str, ...]] = {
    Kind.PERSON: ("same_person",),
    Kind.DOCUMENT: ("same_document",),
    Kind.PLATE: ("same_vehicle",),
    Kind.VIN: ("same_vehicle",),
    Kind.PHONE: ("same_phone",),
    Kind.REGISTRATION: ("same_organisation",),
}
"""By the kind of a mark, which is its first byte."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two records that may be one."""

    reasons: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Told:
    """What of a record speaks for or against its being another one."""

    thing: UUID
    agency: str
    joint_with: frozenset[str]
    occurred_at: datetime
    country: str | None
    place: str | None
    source_ref: str | None
    marks: frozenset[int] = frozenset()


class Around:
    """Records by what may be like them, so that not each is compared with each."""

    def __init__(self, records: Iterable[Told]) -> None:
        self._by: defaultdict[tuple[str, Any], dict[UUID, Told]] = defaultdict(dict)
        for record in records:
            keys = [*_keys(record), ("by", record.agency), *(("with", agency) for agency in record.joint_with)]
            for key in keys:
                self._by[key][record.thing] = record

    def near(self, one: Told) -> list[Told]:
        """What has any reason but the time in common with a record."""
        keys = [*_keys(one), ("with", one.agency), *(("by", agency) for agency in one.joint_with)]
        found = {thing: record for key in keys for thing, record in self._by.get(key, {}).items()}
        return list(found.values())


def likeness(one: Told, other: Told) -> Likeness | None:
    """The reasons for holding two records to be one; None where they are too few.

    One agency's records are told apart by itself: only the same reference speaks for a report sent twice.
    """
    if one.thing == other.thing:
        return None
    reasons = tuple(sorted(set(_reasons(one, other)), key=list(_WEIGHTS).index))
    if one.agency == other.agency and "same_source_ref" not in reasons:
        return None
    score = round(1 - prod(1 - _WEIGHTS[reason] for reason in reasons), 2)
    return Likeness(reasons, score) if score >= ENOUGH else None


def _reasons(one: Told, other: Told) -> Iterator[str]:
    apart = abs(one.occurred_at - other.occurred_at)
    if one.source_ref is not None and one.source_ref == other.source_ref:
        yield "same_source_ref"
    for mark in one.marks & other.marks:
        yield from _SUBJECTS.get(mark >> 56, ())
    if apart <= SAME_OCCASION and (other.agency in one.joint_with or one.agency in other.joint_with):
        yield "joint_with"
    if apart <= SAME_OCCASION and one.place is not None and _where(one) == _where(other):
        yield "same_place"
    if apart <= SAME_TIME:
        yield "same_time"


def _keys(told: Told) -> Iterator[tuple[str, Any]]:
    yield from (("mark", mark) for mark in told.marks)
    if told.place is not None:
        yield "place", _where(told)
    if told.source_ref is not None:
        yield "reference", told.source_ref


def _where(told: Told) -> tuple[str | None, str]:
    return told.country, (told.place or "").casefold()
