"""Why two records may report the same thing, and how much speaks for it, in bits. Equal numbers are no reason.

Numbers, names and persons are compared by their marks, keyed digests of one form each: they say equal or not, and
nothing of how alike two spellings or two dates are.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from services.gateway.figures.weighing import Weights, weights
from services.shared.bits import Reason, total, weighed
from services.shared.marks import Kind

SAME_TIME = timedelta(hours=1)
SAME_OCCASION = timedelta(hours=6)
"""How far apart two agencies may tell of what they did together."""
_TIMES = (
    (SAME_TIME, "within_hour"),
    (SAME_OCCASION, "within_six_hours"),
    (timedelta(days=1), "within_day"),
    (timedelta(days=4), "days"),
    (timedelta.max, "more_days"),
)
_NUMBERS: dict[int, str] = {
    Kind.PERSON: "person",
    Kind.DOCUMENT: "document",
    Kind.VIN: "vin",
    Kind.PLATE: "plate",
    Kind.PHONE: "phone",
    Kind.REGISTRATION: "registration",
}
"""The features by the kind of a mark, which is its first byte."""
_CODES: dict[tuple[str, str], str] = {
    ("reference", "same"): "same_source_ref",
    ("person", "same"): "same_person",
    ("document", "same"): "same_document",
    ("vin", "same"): "same_vehicle",
    ("plate", "same"): "same_vehicle",
    ("phone", "same"): "same_phone",
    ("registration", "same"): "same_organisation",
    ("name", "several_words"): "same_name",
    ("name", "one_word"): "same_name",
    ("agency", "joint"): "joint_with",
    ("place", "same"): "same_place",
    ("time", "within_hour"): "same_time",
}
"""What speaks for a pair as `duplicate.suggested.v1` spells it, the strongest first."""
_LIKELIEST = 0.99
"""No score says that two records are one: people do."""
Band = Literal["possible", "probable"]


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two records that may be one."""

    band: Band
    why: tuple[Reason, ...]
    score: float
    """From 0 to 1: one half where `possible` begins, and each bit beyond doubles the odds."""

    @property
    def bits(self) -> float:
        return total(self.why)

    @property
    def reasons(self) -> tuple[str, ...]:
        """What speaks for it, by the codes of the event that puts a pair on record."""
        codes = {_CODES[reason.feature, reason.level] for reason in self.why if reason[:2] in _CODES}
        return tuple(sorted(codes, key=list(_CODES.values()).index))


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
    offences: frozenset[str] = frozenset()
    """Areas of crime and the category."""
    marks: frozenset[int] = frozenset()
    names: frozenset[int] = frozenset()
    """The marks of the single words of names: of themselves they say that nothing is one."""


class Around:
    """Records by what may be like them, so that not each is compared with each."""

    def __init__(self, records: Iterable[Told]) -> None:
        self._by: defaultdict[tuple[str, Any], dict[UUID, Told]] = defaultdict(dict)
        for record in records:
            keys = [*_keys(record), ("by", record.agency), *(("with", agency) for agency in record.joint_with)]
            for key in keys:
                self._by[key][record.thing] = record

    def near(self, one: Told) -> list[Told]:
        """What has any reason but the time, the offence and a name in common with a record."""
        keys = [*_keys(one), ("with", one.agency), *(("by", agency) for agency in one.joint_with)]
        found = {thing: record for key in keys for thing, record in self._by.get(key, {}).items()}
        return list(found.values())


def likeness(one: Told, other: Told, *, by: Weights | None = None) -> Likeness | None:
    """What speaks for and against two records being one; None where it is too little.

    One agency's records are told apart by itself: only the same reference speaks for a report sent twice.
    """
    if one.thing == other.thing:
        return None
    by = by or weights()
    why = tuple(weighed(feature, level, by=by.levels, words=by.words) for feature, level in _levels(one, other))
    if one.agency == other.agency and not any(reason.feature == "reference" for reason in why):
        return None
    bits = total(why)
    if bits < by.possible:
        return None
    score = min(round(1 / (1 + 2 ** (by.possible - bits)), 2), _LIKELIEST)
    return Likeness("probable" if bits >= by.probable else "possible", why, score)


def _levels(one: Told, other: Told) -> Iterator[tuple[str, str]]:
    """Features that both have, each once; the same whichever comes first."""
    apart = abs(one.occurred_at - other.occurred_at)
    if one.source_ref is not None and one.source_ref == other.source_ref:
        yield "reference", "same"
    equal = {_NUMBERS.get(mark >> 56) for mark in one.marks & other.marks}
    yield from ((feature, "same") for feature in _NUMBERS.values() if feature in equal)
    if "person" not in equal and one.names and other.names:
        # Who bears a name and date of birth in common has its words in common too: that is weighed once.
        words = len(one.names & other.names)
        yield "name", "several_words" if words > 1 else "one_word" if words else "other"
    if one.agency == other.agency:
        yield "agency", "same"
    elif apart <= SAME_OCCASION and (other.agency in one.joint_with or one.agency in other.joint_with):
        yield "agency", "joint"
    if (place := _place(one, other)) is not None:
        yield "place", place
    yield "time", next(level for longest, level in _TIMES if apart <= longest)
    if one.offences and other.offences:
        yield "offence", "same" if one.offences & other.offences else "other"


def _place(one: Told, other: Told) -> str | None:
    """How two places agree; a country alone, and what is told of another day, speaks for nothing.

    Where no place is said, the country is that of the agency, and says nothing of where it was.
    """
    if one.place is None or other.place is None:
        return None
    if one.country is not None and other.country is not None and one.country != other.country:
        return "other_country"
    if _where(one) != _where(other):
        return "other"
    return "same" if abs(one.occurred_at - other.occurred_at) <= SAME_OCCASION else None


def _keys(told: Told) -> Iterator[tuple[str, Any]]:
    yield from (("mark", mark) for mark in told.marks)
    if told.place is not None:
        yield "place", _where(told)
    if told.source_ref is not None:
        yield "reference", told.source_ref


def _where(told: Told) -> tuple[str | None, str]:
    return told.country, (told.place or "").casefold()
