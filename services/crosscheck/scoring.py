"""Scoring: how much speaks for two subjects being one, feature by feature, in bits that sum to the score."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from services.crosscheck import births
from services.crosscheck.likeness import best
from services.crosscheck.numbers import Number
from services.crosscheck.subjects import Subject
from services.crosscheck.weights import Weights
from services.crosscheck.wording import said
from services.shared.marks import Kind

Band = Literal["exact", "strong", "possible"]
NAME_FLOOR = 0.5
"""Below these bits for the name, what else agrees speaks for nobody: many share a year or a nationality."""
_SHORTEST_NUMBER = 5
_KINDS = {Kind.DOCUMENT: "document", Kind.PLATE: "plate", Kind.VIN: "vin", Kind.PHONE: "phone"}


class Reason(NamedTuple):
    """One feature: on which level it agrees, and what that weighs. It repeats nothing that was written."""

    feature: str
    level: str
    bits: float

    @property
    def words(self) -> str:
        return said(self.feature, self.level)


@dataclass(frozen=True, slots=True)
class Match:
    """Two subjects that may be one. A lead for people, never an identification."""

    band: Band
    reasons: tuple[Reason, ...]

    @property
    def bits(self) -> float:
        return round(sum(reason.bits for reason in self.reasons), 2)


def reasons(one: Subject, other: Subject, *, by: Weights) -> tuple[Reason, ...]:
    """Every feature that both have, with its bits; the same whichever comes first."""
    found = _numbers(one, other, by)
    name = _name(one, other, by)
    named = sum(reason.bits for reason in name)
    about = [Reason(feature, level, by.levels[feature][level]) for feature, level in _levels(one, other)]
    if named < NAME_FLOOR and not found:
        about = [reason for reason in about if reason.bits < 0]
    return (*found, *name, *about)


def match(one: Subject, other: Subject, *, by: Weights) -> Match | None:
    """The match, where enough speaks for it.

    An equal number is `exact`. A name is `strong` only with a date of birth that speaks for it too.
    """
    found = Match("exact", reasons(one, other, by=by))
    features = {reason.feature for reason in found.reasons}
    if features & set(_KINDS.values()):
        return found
    born = any(reason.feature == "birth" and reason.bits > 0 for reason in found.reasons)
    if born and found.bits >= by.strong:
        return Match("strong", found.reasons)
    return Match("possible", found.reasons) if "name" in features and found.bits >= by.possible else None


def _numbers(one: Subject, other: Subject, by: Weights) -> list[Reason]:
    """Equal numbers, each kind once, by the level that weighs most."""
    found: dict[str, Reason] = {}
    for number in one.numbers:
        for counterpart in other.numbers:
            level = _same(number, counterpart)
            if level is not None:
                feature = _KINDS[number.kind]
                reason = Reason(feature, level, by.levels[feature][level])
                found[feature] = max(reason, found.get(feature, reason), key=lambda one: one.bits)
    return [found[feature] for feature in sorted(found)]


def _same(number: Number, counterpart: Number) -> str | None:
    if (number.kind, number.value) != (counterpart.kind, counterpart.value) or len(number.value) < _SHORTEST_NUMBER:
        return None
    if number.kind not in (Kind.DOCUMENT, Kind.PLATE):
        return "same"
    if number.country is None or counterpart.country is None:
        return "same_where_unsaid"
    # Two countries give out the same plates and numbers; that is no match.
    return "same" if number.country == counterpart.country else None


def _name(one: Subject, other: Subject, by: Weights) -> list[Reason]:
    found = best(one.names, other.names)
    if found is None:
        return []
    level = "same" if found.alike == 1 else "similar" if found.alike >= 0.8 else "distant"
    if not found.one_script:
        level += "_across_scripts"
    bits = by.of_name(found.alike, one_script=found.one_script)
    parts = [Reason("name", level, bits)]
    # What many people bear says less of one of them. The table is fixed: what others posted changes no score.
    common = sum(by.common.get(word, 0.0) for word in found.shared)
    if bits > 0 and common:
        parts.append(Reason("rarity", "common", -round(min(common, bits / 2), 2)))
    return parts


def _levels(one: Subject, other: Subject) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    born = births.compare(one.births, other.births)
    if born is not None:
        found.append(("birth", born))
    for feature, here, there in (
        ("nationality", one.nationalities, other.nationalities),
        ("sex", {one.sex} - {None}, {other.sex} - {None}),
        ("place", set(one.place), set(other.place)),
    ):
        if here and there:
            found.append((feature, "same" if here & there else "other"))
    return found
