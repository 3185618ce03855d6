"""How alike two names are, whatever their scripts, the order of their words and how these are parted."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import permutations
from typing import NamedTuple

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler, Levenshtein

from services.crosscheck.subjects import Name
from services.shared.names import skeleton

_SOUNDS_ALIKE = 0.94
"""How alike two words are that sound the same and are spelt otherwise."""
_INITIAL = 0.72
_PARTICLES = frozenset(
    [
        "abd",
        "abdul",
        "abdel",
        "abu",
        "al",
        "ap",
        "ben",
        "bin",
        "bint",
        "d",
        "da",
        "das",
        "de",
        "del",
        "den",
        "der",
        "di",
        "do",
        "dos",
        "du",
        "el",
        "ibn",
        "la",
        "le",
        "ul",
        "um",
        "umm",
        "van",
        "von",
        "zu",
    ]
)
_PARTICLE_WEIGHT = 1.5
_JOINED = 0.8
"""How alike two words run together must be to one of the other name."""
_PARTED = 0.97
_LEFT_OVER = 0.12
"""What a word that only one of the names has weighs, beside one that both have."""
_ALONE = 0.87
"""The most that two names of one word each can be alike: one word is borne by too many."""


class Likeness(NamedTuple):
    """How alike, from 0 to 1, and whether the names were written in one script."""

    alike: float
    one_script: bool
    shared: tuple[str, ...]
    """The skeletons of the words that both have."""


def likeness(one: Name, other: Name) -> Likeness:
    """The same for (one, other) and (other, one), for any order of their words."""
    one_script = one.latin == other.latin
    if sorted(one.words) == sorted(other.words):
        alike, shared = 1.0, one.skeletons
    else:
        alike, shared = _aligned(one, other, one_script=one_script)
        longer, shorter = (one, other) if len(one.words) > len(other.words) else (other, one)
        joined = _run_together(longer, shorter)
        if joined is not longer:
            again, also = _aligned(joined, shorter, one_script=one_script)
            alike, shared = max((alike, shared), (again * _PARTED, also))
    if min(len(one.words), len(other.words)) == 1:
        alike = min(alike, _ALONE)
    return Likeness(round(alike, 4), one_script, tuple(sorted(shared)))


def _aligned(one: Name, other: Name, *, one_script: bool) -> tuple[float, tuple[str, ...]]:
    """Each word beside the one that is most like it, the best pair first."""
    pairs = sorted(
        (
            (-_word_alike(word, counterpart, one_script), _key(word, counterpart), here, there)
            for here, word in enumerate(one.words)
            for there, counterpart in enumerate(other.words)
        ),
    )
    used_here: set[int] = set()
    used_there: set[int] = set()
    matched = weight = 0.0
    shared = []
    for negative, _, here, there in pairs:
        if here in used_here or there in used_there:
            continue
        used_here.add(here)
        used_there.add(there)
        length = _weight(one.words[here], other.words[there])
        matched += -negative * length
        weight += length
        if -negative >= _SOUNDS_ALIKE:
            shared.append(one.skeletons[here])
    left = [word for place, word in enumerate(one.words) if place not in used_here]
    left += [word for place, word in enumerate(other.words) if place not in used_there]
    weight += sum(_weight(word, word) for word in left) * _LEFT_OVER
    return matched / weight, tuple(shared)


def _key(word: str, counterpart: str) -> tuple[str, str]:
    # Between pairs as good as each other the choice must not hang on which name came first.
    return (word, counterpart) if word <= counterpart else (counterpart, word)


def _weight(word: str, counterpart: str) -> float:
    if word in _PARTICLES or counterpart in _PARTICLES:
        return _PARTICLE_WEIGHT
    return float(min(max(len(word), len(counterpart)), 8)) + 2.0


def _run_together(longer: Name, shorter: Name) -> Name:
    """The longer name with its words parted as the shorter one has them: abd al rahman, abdulrahman."""
    while len(longer.words) > len(shorter.words):
        joins = [
            (Levenshtein.normalized_similarity(first + second, word), first, second)
            for first, second in permutations(longer.words, 2)
            for word in shorter.words
        ]
        alike, first, second = max(joins)
        if alike < _JOINED or second in _PARTICLES:
            return longer
        words = list(longer.words)
        words.remove(first)
        words.remove(second)
        longer = Name((*words, first + second), longer.latin)
    return longer


@lru_cache(maxsize=262_144)
def _word_alike(word: str, counterpart: str, one_script: bool) -> float:
    if word == counterpart:
        return 1.0
    if word > counterpart:
        return _word_alike(counterpart, word, one_script)
    if min(len(word), len(counterpart)) == 1:
        return _INITIAL if word[0] == counterpart[0] else 0.0
    heard = _heard_alike(word, counterpart)
    spelt = max(
        DamerauLevenshtein.normalized_similarity(word, counterpart),
        JaroWinkler.similarity(word, counterpart) - 0.08,
    )
    if one_script:
        return max(spelt, min(heard * _SOUNDS_ALIKE, spelt + 0.3))
    # Between scripts the vowels are the romaniser's, so what is heard counts as much as what is spelt.
    return max(heard * _SOUNDS_ALIKE, (heard + spelt) / 2)


def _heard_alike(word: str, counterpart: str) -> float:
    return Levenshtein.normalized_similarity(skeleton(word), skeleton(counterpart))


def best(ones: Sequence[Name], others: Sequence[Name]) -> Likeness | None:
    """The best of all pairs; None where a side has no name."""
    found = (likeness(one, other) for one in ones for other in others)
    return max(found, default=None)
