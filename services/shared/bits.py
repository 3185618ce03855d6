"""Bits: how much speaks for two records being one, feature by feature. The engine scores by them, and so do duplicates.

A feature on which two records agree or differ weighs the log2 of how much more often it does so with one thing than
with two (Fellegi and Sunter 1969). Features add up: what a score is made of can be read, and its parts sum to it.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

Levels = Mapping[str, Mapping[str, float]]
"""What each level of each feature weighs, in bits."""
Words = Mapping[str, Mapping[str, str]]
"""What each level of each feature is in words."""


class Reason(NamedTuple):
    """One feature: on which level it agrees, and what that weighs. It repeats nothing that was written."""

    feature: str
    level: str
    bits: float
    words: str


def weighed(feature: str, level: str, *, by: Levels, words: Words) -> Reason:
    """The reason that a level of a feature is."""
    return Reason(feature, level, by[feature][level], words[feature][level])


def total(reasons: Iterable[Reason]) -> float:
    """The score: the sum of its reasons, in bits."""
    return round(sum(reason.bits for reason in reasons), 2)
