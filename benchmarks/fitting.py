"""Fitting: weights in bits by logistic regression on pairs that blocking returns, in plain Python.

A score is a sum over features, so is what is fitted: the log2 of the odds that two records are one person's, both kinds
of pairs counted as equally many. Curves never fall where more agrees, and never rise where more is left over.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import exp, log

from services.crosscheck.weights import ASPECTS, Aspect, Curve

POINTS: dict[Aspect, tuple[float, ...]] = {
    "alike": (0.3, 0.5, 0.6, 0.68, 0.74, 0.8, 0.85, 0.9, 0.94, 0.97, 1.0),
    "shared": (0.0, 4.0, 7.0, 10.0, 13.0, 16.0, 19.0, 23.0, 28.0, 36.0),
    "left": (0.0, 3.0, 6.0, 9.0, 13.0, 18.0, 26.0),
    "less": (0.0, 2.0, 4.0, 7.0, 11.0, 16.0),
}
SIGN = {"alike": 1.0, "shared": 1.0, "left": -1.0, "less": -1.0}
USUAL_SHARED = 13.0
"""What two names share as a rule: less of it weighs against them, more for them."""
LEVEL_SIGN = {
    **dict.fromkeys(("same", "same_day", "swapped", "one_digit", "same_month", "same_year"), 1.0),
    **dict.fromkeys(("other", "year_near"), -1.0),
}
"""What agrees never speaks against one person, what differs never for one, whatever chance has put into the labels."""
ROUNDS = 40
RIDGE = 1.0


@dataclass
class Column:
    """One number to be fitted, and the pairs that it speaks of."""

    pairs: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    sign: float = 0.0
    """1 where it may not be below 0, -1 where not above."""
    fitted: float = 0.0


class Fit:
    """Pairs with what is measured on each."""

    def __init__(self) -> None:
        self._columns: dict[tuple[str, ...], Column] = {}
        self._labels: list[int] = []
        self._weights: list[float] = []

    def add(
        self,
        label: int,
        *,
        one_script: bool,
        aspects: dict[Aspect, float],
        levels: Sequence[tuple[str, str]],
        weight: float = 1.0,
    ) -> None:
        """A pair: 1 where it is one person, what is measured on the names, and the levels of all else."""
        which = "one_script" if one_script else "scripts"
        self._put((which, "from"), 1.0, 0.0)
        for aspect in ASPECTS:
            points = POINTS[aspect]
            for low, high in pairwise(points):
                along = min(max((aspects[aspect] - low) / (high - low), 0.0), 1.0)
                if along:
                    self._put((which, aspect, str(high)), along, SIGN[aspect])
        for feature, level in levels:
            self._put((feature, level), 1.0, LEVEL_SIGN.get(level, 0.0))
        self._labels.append(label)
        self._weights.append(weight)

    def _put(self, name: tuple[str, ...], value: float, sign: float) -> None:
        column = self._columns.setdefault(name, Column(sign=sign))
        column.pairs.append(len(self._labels))
        column.values.append(value)

    def run(self) -> None:
        """One number after another, each by Newton's step, until they stand."""
        same = sum(w for w, label in zip(self._weights, self._labels, strict=True) if label)
        others = sum(self._weights) - same
        each = [w * (others / same if label else 1.0) for w, label in zip(self._weights, self._labels, strict=True)]
        odds = [0.0] * len(self._labels)
        for _ in range(ROUNDS):
            for column in self._columns.values():
                slope, bend = RIDGE * column.fitted, RIDGE
                for pair, value in zip(column.pairs, column.values, strict=True):
                    chance = 1 / (1 + exp(-odds[pair]))
                    slope += each[pair] * (chance - self._labels[pair]) * value
                    bend += each[pair] * chance * (1 - chance) * value * value
                new = column.fitted - max(min(slope / bend, 1.0), -1.0)
                if new * column.sign < 0:
                    new = 0.0
                step = new - column.fitted
                if step:
                    column.fitted = new
                    for pair, value in zip(column.pairs, column.values, strict=True):
                        odds[pair] = min(max(odds[pair] + step * value, -30.0), 30.0)

    def bits(self, *name: str) -> float:
        column = self._columns.get(name)
        return column.fitted / log(2) if column else 0.0

    def level(self, feature: str, level: str) -> float:
        return round(self.bits(feature, level), 2)

    def curves(self, which: str) -> dict[Aspect, Curve]:
        """The curves of names in one script or in two, so that a usual name in common weighs nothing more."""
        found: dict[Aspect, Curve] = {}
        for aspect, points in POINTS.items():
            total, bits = 0.0, [0.0]
            for point in points[1:]:
                total += self.bits(which, aspect, str(point))
                bits.append(total)
            found[aspect] = (points, tuple(bits))
        usual = found["shared"][1][found["shared"][0].index(USUAL_SHARED)]
        start = self.bits(which, "from") + usual
        found["alike"] = (found["alike"][0], tuple(bit + start for bit in found["alike"][1]))
        found["shared"] = (found["shared"][0], tuple(bit - usual for bit in found["shared"][1]))
        return {aspect: (points, tuple(round(bit, 2) for bit in bits)) for aspect, (points, bits) in found.items()}
