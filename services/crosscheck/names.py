"""One name in romanised words, ready to be compared."""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from services.crosscheck.forms import form, parted_alike
from services.shared.names import skeleton, words

_PARTICLES = frozenset(
    (
        *(
            "abd",
            "abdul",
            "abdel",
            "abu",
            "al",
            "ap",
            "ben",
            "bin",
            "bint",
            "bt",
            "binti",
            "d",
            "da",
            "das",
            "de",
            "del",
        ),
        *("den", "der", "di", "do", "dos", "du", "el", "ibn", "la", "le", "ould", "s", "ul", "um", "umm", "van", "von"),
        *("wa", "y", "zu"),
    )
)
MOST_WORDS = 12
LONGEST_NAME = 200


@dataclass(frozen=True)
class Name:
    """One name in romanised words, and whether it was written in Latin letters."""

    words: tuple[str, ...]
    latin: bool
    light: ClassVar[frozenset[str]] = _PARTICLES
    """Words that tell little, so that they weigh little beside others."""
    alone: ClassVar[float] = 0.87
    """The most that two names are alike of which one has a single word: one word is borne by too many persons."""

    @cached_property
    def skeletons(self) -> tuple[str, ...]:
        """What stands for each word, however it is spelt."""
        return tuple(skeleton(form(word)) for word in self.words)


def name_of(written: str) -> Name | None:
    """A name of a person in any script; None where nothing of it can be read."""
    written = written[:LONGEST_NAME]
    read = parted_alike(words(written)[:MOST_WORDS])
    return Name(read, latin=is_latin(written)) if read else None


def is_latin(written: str) -> bool:
    """Whether it is in Latin letters for the most part."""
    return sum(one.isascii() for one in written) * 2 >= len(written)
