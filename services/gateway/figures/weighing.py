"""What features of two records weigh where they may be one: one versioned file, in bits, with the words for each."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from services.shared.bits import Levels, Words

CURRENT = "1"


@dataclass(frozen=True)
class Weights:
    """The weights of a version, and from how many bits on a pair is told."""

    version: str
    levels: Levels
    words: Words
    possible: float
    probable: float


@cache
def weights(version: str = CURRENT) -> Weights:
    said = json.loads(Path(__file__).with_name(f"duplicates-{version}.json").read_text())
    return Weights(said["version"], said["levels"], said["words"], said["possible"], said["probable"])
