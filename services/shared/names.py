"""Names in one form, whatever their script: romanised words, and what is left of a word however it is spelt."""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

# Romanisers leave out or disguise what abjads do write, so these letters are read first.
_READ_FIRST = str.maketrans("اأإآىةويیעאכך", "aaiaaawyyaacc")
_ALIKE = (
    ("shch", "s"), ("tsch", "c"), ("sch", "s"), ("tch", "c"), ("dzh", "d"), ("dj", "d"), ("ch", "c"), ("sh", "s"),
    ("zh", "s"), ("kh", "h"), ("gh", "g"), ("ph", "f"), ("th", "t"), ("ts", "s"), ("tz", "s"), ("cz", "c"),
    ("ck", "k"), ("qu", "k"), ("x", "ks"), ("z", "s"), ("c", "k"), ("q", "k"), ("w", "v"),
)  # fmt: skip
"""Spellings of one sound in several languages; longer ones first."""
_SHORTEST_SKELETON = 2
_WORDS = re.compile(r"[a-z0-9]+")


def words(text: str) -> list[str]:
    """The words of a name in lower-case Latin letters."""
    romanised = text if text.isascii() else anyascii(unicodedata.normalize("NFKC", text).translate(_READ_FIRST))
    return _WORDS.findall(romanised.lower().replace("'", "").replace("`", ""))


@lru_cache(maxsize=65_536)
def skeleton(word: str) -> str:
    """The consonants of a romanised word, sounds alike taken together; the word itself where too little is left."""
    spelt = re.sub(r"^[yj](?=[aeiou])", "", word)
    begins = "a" if spelt[:1] in "aeiouyj" else ""
    for spelling, sound in _ALIKE:
        spelt = spelt.replace(spelling, sound)
    # An h inside a word is heard in one language and written in another.
    consonants = re.sub(r"[aeiouyj]", "", spelt[:1] + spelt[1:].replace("h", ""))
    found = begins + re.sub(r"(.)\1+", r"\1", consonants)
    return found if len(found) >= _SHORTEST_SKELETON else word
