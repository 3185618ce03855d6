"""How alike two names are, whatever their scripts, the order of their words and how these are parted."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler, Levenshtein

from services.crosscheck.forms import form
from services.crosscheck.names import Name
from services.shared.names import skeleton

_SOUNDS_ALIKE = 0.94
"""How alike two words are that sound the same and are spelt otherwise."""
_ONE_FORM = 0.96
"""How alike two forms of one name are."""
_INITIAL = 0.72
_LIGHT_WEIGHT = 1.5
_JOINED = 0.8
"""How alike two words run together must be to one of the other name."""
_PARTED = 0.97
_LEFT_OVER = 0.12
"""What a word that only one of the names has weighs, beside one that both have."""
_ROMANISED = ("ts", "c")
"""How romanisers spell a Cyrillic ц, spelt c where a language has both scripts: Марица, Marica."""
_NEAR = str.maketrans("gqhdbfvwzcj", "kkktpppvsss")
"""Consonants that one language hears where another hears its neighbour."""


class Likeness(NamedTuple):
    """How alike, from 0 to 1, and whether the names were written in one script."""

    alike: float
    one_script: bool
    pairs: tuple[tuple[str, str, float], ...]
    """Words of both that stand beside each other, as skeletons in the order of the alphabet, and how alike."""
    left: tuple[tuple[str, ...], tuple[str, ...]]
    """The skeletons of words that only the one, and only the other has."""


def likeness(one: Name, other: Name) -> Likeness:
    """The same for (one, other) and (other, one) but for the order of what is left, for any order of their words."""
    found = _aligned(one, other)
    if len(one.words) != len(other.words) and found.alike < 1:
        longer, shorter = (one, other) if len(one.words) > len(other.words) else (other, one)
        joined = _run_together(longer, shorter)
        if joined is not longer:
            again = _aligned(joined, shorter)
            if again.alike * _PARTED > found.alike:
                left = again.left if longer is one else again.left[::-1]
                found = again._replace(alike=again.alike * _PARTED, left=left)
    most = one.alone if min(len(one.words), len(other.words)) == 1 else 1.0
    return found._replace(alike=round(min(found.alike, most), 4))


def _aligned(one: Name, other: Name) -> Likeness:
    """Each word beside the one that is most like it, the best pair first."""
    one_script = one.latin == other.latin
    pairs = sorted(
        (
            (-word_alike(word, counterpart, one_script), _key(word, counterpart), here, there)
            for here, word in enumerate(one.words)
            for there, counterpart in enumerate(other.words)
        ),
    )
    used_here: set[int] = set()
    used_there: set[int] = set()
    matched = weight = 0.0
    beside = []
    for negative, _, here, there in pairs:
        if here in used_here or there in used_there:
            continue
        used_here.add(here)
        used_there.add(there)
        length = _weight(one.words[here], other.words[there], one.light)
        matched += -negative * length
        weight += length
        beside.append((*_key(one.skeletons[here], other.skeletons[there]), -negative))
    left = [place for place in range(len(one.words)) if place not in used_here]
    right = [place for place in range(len(other.words)) if place not in used_there]
    weight += sum(_weight(one.words[place], one.words[place], one.light) for place in left) * _LEFT_OVER
    weight += sum(_weight(other.words[place], other.words[place], one.light) for place in right) * _LEFT_OVER
    return Likeness(
        matched / weight,
        one_script,
        tuple(sorted(beside)),
        (
            tuple(sorted(one.skeletons[place] for place in left)),
            tuple(sorted(other.skeletons[place] for place in right)),
        ),
    )


def _key(word: str, counterpart: str) -> tuple[str, str]:
    # Between pairs as good as each other the choice must not hang on which name came first.
    return (word, counterpart) if word <= counterpart else (counterpart, word)


def _weight(word: str, counterpart: str, light: frozenset[str]) -> float:
    if word in light or counterpart in light:
        return _LIGHT_WEIGHT
    return float(min(max(len(word), len(counterpart)), 8)) + 2.0


def _run_together(longer: Name, shorter: Name) -> Name:
    """The longer name with its words parted as the shorter one has them: abu talib, abutalib."""
    while len(longer.words) > len(shorter.words):
        best, words = _JOINED, None
        for here, first in enumerate(longer.words):
            for there, second in enumerate(longer.words):
                if here == there or second in longer.light:
                    continue
                length = len(first) + len(second)
                for word in shorter.words:
                    if abs(len(word) - length) > 2 or word[0] != first[0]:
                        continue
                    alike = Levenshtein.normalized_similarity(first + second, word)
                    if alike > best or (alike == best and words is not None and (first, second) > words):
                        best, words = alike, (first, second)
        if words is None:
            return longer
        rest = list(longer.words)
        for word in words:
            rest.remove(word)
        longer = replace(longer, words=(*rest, "".join(words)))
    return longer


@lru_cache(maxsize=262_144)
def word_alike(word: str, counterpart: str, one_script: bool) -> float:
    """How alike two words are, from 0 to 1; the same whichever comes first."""
    if word == counterpart:
        return 1.0
    if word > counterpart:
        return word_alike(counterpart, word, one_script)
    if min(len(word), len(counterpart)) == 1:
        return _INITIAL if word[0] == counterpart[0] else 0.0
    if form(word) == form(counterpart):
        return _ONE_FORM
    heard = _heard_alike(skeleton(word), skeleton(counterpart))
    spelt = max(
        DamerauLevenshtein.normalized_similarity(word, counterpart),
        JaroWinkler.similarity(word, counterpart) - 0.08,
    )
    if one_script:
        return max(spelt, min(heard * _SOUNDS_ALIKE, spelt + 0.3))
    # Between scripts the vowels are the romaniser's, so what is heard counts as much as what is spelt.
    alike = max(heard * _SOUNDS_ALIKE, (heard + spelt) / 2)
    one, other = word.replace(*_ROMANISED), counterpart.replace(*_ROMANISED)
    return alike if (one, other) == (word, counterpart) else max(alike, word_alike(one, other, one_script))


def _heard_alike(one: str, other: str) -> float:
    alike = Levenshtein.normalized_similarity(one, other)
    near = Levenshtein.normalized_similarity(one.translate(_NEAR), other.translate(_NEAR))
    return (alike + near) / 2 if near > alike else alike


def best(ones: Sequence[Name], others: Sequence[Name]) -> Likeness | None:
    """The best of all pairs; None where a side has no name."""
    found = (likeness(one, other) for one in ones for other in others)
    return max(found, key=lambda one: (one.alike, one.one_script), default=None)
