"""Scoring: how much speaks for two subjects being one, feature by feature, in bits that sum to the score."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from services.crosscheck import births
from services.crosscheck.likeness import Likeness, likeness
from services.crosscheck.numbers import Number
from services.crosscheck.subjects import Subject
from services.crosscheck.weights import Aspect, Weights
from services.crosscheck.wording import WORDS
from services.shared.bits import Reason as Reason
from services.shared.bits import total, weighed
from services.shared.marks import Kind

Band = Literal["exact", "strong", "possible"]
NAME_FLOOR = 0.5
"""Below these bits for the name, what else agrees speaks for nobody: many share a year or a nationality."""
UNLIKE = 0.5
"""Names less alike than this never speak for one person."""
_SHORTEST_NUMBER = 5
_KINDS = {
    Kind.DOCUMENT: "document",
    Kind.PLATE: "plate",
    Kind.VIN: "vin",
    Kind.PHONE: "phone",
    Kind.REGISTRATION: "registration",
}


@dataclass(frozen=True, slots=True)
class Match:
    """Two subjects that may be one. A lead for people, never an identification."""

    band: Band
    reasons: tuple[Reason, ...]

    @property
    def bits(self) -> float:
        return total(self.reasons)


def reasons(one: Subject, other: Subject, *, by: Weights) -> tuple[Reason, ...]:
    """Every feature that both have, with its bits; the same whichever comes first."""
    found = _numbers(one, other, by)
    if (one.sort == "organisation") != (other.sort == "organisation"):
        # A firm that bears a person's name is not that person.
        return tuple(found)
    name = _name(one, other, by)
    named = sum(reason.bits for reason in name)
    about = [weighed(feature, level, by=by.levels, words=WORDS) for feature, level in levels(one, other)]
    if named < NAME_FLOOR and not found:
        about = [reason for reason in about if reason.bits < 0]
    return (*found, *name, *about)


def match(one: Subject, other: Subject, *, by: Weights) -> Match | None:
    """The match, where enough speaks for it.

    An equal number of one issuer or country is `exact` where not more speaks against it; any other is `possible`,
    however much does: that is how a borrowed document looks. A name is `strong` only with a date of birth that speaks
    for it too, and by what they weigh without the number.
    """
    found = Match("exact", reasons(one, other, by=by))
    numbers = [reason for reason in found.reasons if reason.feature in _KINDS.values()]
    if found.bits > 0 and any(reason.level == "same" for reason in numbers):
        return found
    person = round(found.bits - sum(reason.bits for reason in numbers), 2)
    born = any(reason.feature == "birth" and reason.bits > 0 for reason in found.reasons)
    if born and person >= by.strong:
        return Match("strong", found.reasons)
    named = any(reason.feature == "name" for reason in found.reasons) and person >= by.possible
    return Match("possible", found.reasons) if numbers or named else None


def _numbers(one: Subject, other: Subject, by: Weights) -> list[Reason]:
    """Equal numbers, each kind once, by the level that weighs most."""
    found: dict[str, Reason] = {}
    for number in one.numbers:
        for counterpart in other.numbers:
            level = _same(number, counterpart)
            if level is not None:
                feature = _KINDS[number.kind]
                reason = weighed(feature, level, by=by.levels, words=WORDS)
                found[feature] = max(reason, found.get(feature, reason), key=lambda one: one.bits)
    return [found[feature] for feature in sorted(found)]


def _same(number: Number, counterpart: Number) -> str | None:
    if (number.kind, number.value) != (counterpart.kind, counterpart.value) or len(number.value) < _SHORTEST_NUMBER:
        return None
    if number.kind not in (Kind.DOCUMENT, Kind.PLATE, Kind.REGISTRATION):
        return "same"
    if number.country is None or counterpart.country is None:
        return "same_where_unsaid"
    # Two countries give out the same numbers; that is no match.
    return "same" if number.country == counterpart.country else None


def _name(one: Subject, other: Subject, by: Weights) -> list[Reason]:
    """The pair of names that weighs most: how well they fit, all words counted, and how rare what they share is."""
    best: list[Reason] = []
    most = float("-inf")
    for name in one.names:
        for counterpart in other.names:
            found = likeness(name, counterpart)
            parts = _named(found, by.of_name(found))
            fits = total(parts)
            if fits > most:
                most, best = fits, parts
    return best


def _named(found: Likeness, bits: Mapping[Aspect, float]) -> list[Reason]:
    level = "same" if found.alike == 1 else "similar" if found.alike >= 0.8 else "distant"
    if not found.one_script:
        level += "_across_scripts"
    fits = bits["alike"] + bits["left"] + bits["less"]
    shared = bits["shared"]
    if found.alike < UNLIKE:
        # Short words leave little over that could speak against them.
        fits, shared = min(fits, 0.0), min(shared, 0.0)
    parts = [Reason("name", level, round(fits, 2), WORDS["name"][level])]
    if shared:
        rarity = "rare" if shared > 0 else "common"
        parts.append(Reason("rarity", rarity, shared, WORDS["rarity"][rarity]))
    return parts


def levels(one: Subject, other: Subject) -> list[tuple[str, str]]:
    """How all but names and numbers agree: features that both have, each with its level."""
    found: list[tuple[str, str]] = []
    born = births.compare(one.births, other.births)
    if born is not None:
        found.append(("birth", born))
    for feature, here, there in (
        ("nationality", one.nationalities, other.nationalities),
        ("sex", {one.sex} - {None}, {other.sex} - {None}),
        ("place", set(one.place), set(other.place)),
        ("seat", one.seats, other.seats),
    ):
        if here and there:
            found.append((feature, "same" if here & there else "other"))
    return found
