"""One name in romanised words, ready to be compared."""

from dataclasses import dataclass
from functools import cached_property

from services.crosscheck.forms import form, parted_alike
from services.shared.names import skeleton, words

MOST_WORDS = 12
LONGEST_NAME = 200


@dataclass(frozen=True)
class Name:
    """One name in romanised words, and whether it was written in Latin letters."""

    words: tuple[str, ...]
    latin: bool

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
