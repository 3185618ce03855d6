"""The weights of features, in bits: one versioned file, fitted outside by `python -m benchmarks.matching --fit`."""

import json
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from services.crosscheck.likeness import Likeness
from services.crosscheck.organisations import MANY, USUAL
from services.crosscheck.subjects import NORMALISER

CURRENT = "3"
Aspect = Literal["alike", "shared", "left", "less"]
ASPECTS: tuple[Aspect, ...] = ("alike", "shared", "left", "less")
"""Of two names: how alike their words are; how rare those in common; how much the one, and the other, has left over."""
Curve = tuple[tuple[float, ...], tuple[float, ...]]
"""Points, and the bits at each; between two of them the bits rise or fall evenly."""


@dataclass(frozen=True)
class Weights:
    """What each level of each feature weighs, and where the bands begin."""

    version: str
    names: dict[str, dict[Aspect, Curve]]
    """By whether the scripts are the same, and by aspect."""
    levels: dict[str, dict[str, float]]
    rarity: dict[str, float]
    """How rare the words are that many people bear, in bits, by their skeletons."""
    rarest: float
    """How rare all other words are."""
    strong: float
    possible: float

    def of_name(self, found: Likeness) -> dict[Aspect, float]:
        """What two names weigh, aspect by aspect."""
        curves = self.names["one_script" if found.one_script else "scripts"]
        return {aspect: on(curves[aspect], value) for aspect, value in self.aspects(found).items()}

    def aspects(self, found: Likeness) -> dict[Aspect, float]:
        """What is measured on two names."""
        shared = 0.0
        here, there = (sum(map(self.rare, words)) for words in found.left)
        for word, counterpart, alike in found.pairs:
            rare = self.rare(word) if word == counterpart else min(self.rare(word), self.rare(counterpart))
            fits = min(max((alike - 0.55) / 0.4, 0.0), 1.0)
            shared += rare * fits
            here += rare * (1 - fits)
            there += rare * (1 - fits)
        return {"alike": found.alike, "shared": shared, "left": max(here, there), "less": min(here, there)}

    def rare(self, word: str) -> float:
        """How rare a word is among names, in bits, by a fixed table: what others posted changes no score."""
        return self.rarity.get(word, self.rarest if len(word) > 1 else self.rarest / 4)


def on(curve: Curve, value: float) -> float:
    """The bits at a value; beyond the first and the last point those of that point."""
    points, bits = curve
    place = bisect_right(points, value) - 1
    if place < 0:
        return bits[0]
    if place + 1 == len(points):
        return bits[-1]
    along = (value - points[place]) / (points[place + 1] - points[place])
    return round(bits[place] + along * (bits[place + 1] - bits[place]), 2)


@cache
def weights(version: str = CURRENT) -> Weights:
    """The weights of a version. Raises ValueError when they were fitted on subjects that were read otherwise."""
    return made(json.loads(weights_file(version).read_text()))


def made(said: dict[str, Any]) -> Weights:
    """Weights as their file says them. Raises ValueError when they were fitted on subjects that were read otherwise."""
    if said["normaliser"] != NORMALISER:
        raise ValueError("these weights were fitted on subjects that were read otherwise; fit them anew")
    names = {
        which: {aspect: (tuple(curve["at"]), tuple(curve["bits"])) for aspect, curve in curves.items()}
        for which, curves in said["names"].items()
    }
    rarity = {**said["rarity"], **_of_business(said)}
    return Weights(said["version"], names, said["levels"], rarity, said["rarest"], said["strong"], said["possible"])


def _of_business(said: Mapping[str, Any]) -> dict[str, float]:
    """How rare the words are that many firms bear, in bits."""
    business = said["business"]
    return {**dict.fromkeys(MANY, business["many"]), **dict.fromkeys(USUAL, business["usual"])}


def weights_file(version: str) -> Path:
    return Path(__file__).with_name(f"weights-{version}.json")
