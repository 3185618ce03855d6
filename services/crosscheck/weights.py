"""The weights of features, in bits: one versioned file, fitted outside by `python -m benchmarks.matching`."""

import json
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from services.crosscheck.subjects import NORMALISER

CURRENT = "1"


@dataclass(frozen=True)
class Weights:
    """What each level of each feature weighs, and where the bands begin."""

    version: str
    names: dict[str, tuple[tuple[float, ...], tuple[float, ...]]]
    """By whether the scripts are the same: likenesses, and the bits that each weighs."""
    levels: dict[str, dict[str, float]]
    common: dict[str, float]
    """How much less a word weighs that many people bear, in bits, by its skeleton."""
    strong: float
    possible: float

    def of_name(self, alike: float, *, one_script: bool) -> float:
        steps, bits = self.names["one_script" if one_script else "scripts"]
        place = max(bisect_right(steps, alike) - 1, 0)
        if place + 1 == len(steps) or alike <= steps[0]:
            return bits[place]
        # Between two steps the bits rise evenly, so that no two likenesses weigh the same by chance.
        along = (alike - steps[place]) / (steps[place + 1] - steps[place])
        return round(bits[place] + along * (bits[place + 1] - bits[place]), 2)


@cache
def weights(version: str = CURRENT) -> Weights:
    """The weights of a version. Raises ValueError when they were fitted on subjects that were read otherwise."""
    said: dict[str, Any] = json.loads(weights_file(version).read_text())
    if said["normaliser"] != NORMALISER:
        raise ValueError("these weights were fitted on subjects that were read otherwise; fit them anew")
    names = {
        which: (tuple(step["from"] for step in steps), tuple(step["bits"] for step in steps))
        for which, steps in said["names"].items()
    }
    return Weights(version, names, said["levels"], said["common"], said["strong"], said["possible"])


def weights_file(version: str) -> Path:
    return Path(__file__).with_name(f"weights-{version}.json")
