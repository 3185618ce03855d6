"""The index: which subjects are worth comparing, found by blocking keys of whole numbers."""

from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import blake2b
from itertools import combinations

from services.crosscheck.subjects import Name, Subject

MOST_CANDIDATES = 60
_WORDS_PAIRED = 6
_NUMBER, _PAIR, _WHOLE, _BORN, _WORD, _SLIP = 1000, 4, 4, 2, 2, 1
"""What a shared key is worth when candidates are chosen. Fixed, so what others posted chooses nobody away."""


class Index:
    """Subjects by their keys. What is taken out is only forgotten when the index is made anew."""

    def __init__(self) -> None:
        self._subjects: list[Subject | None] = []
        self._by_key: dict[int, int | array[int]] = {}

    def __len__(self) -> int:
        return len(self._subjects)

    def add(self, subject: Subject) -> int:
        """Puts a subject in; its number in this index."""
        place = len(self._subjects)
        self._subjects.append(subject)
        for key in {key for key, _ in keys(subject)}:
            there = self._by_key.get(key)
            if there is None:
                self._by_key[key] = place
            elif isinstance(there, int):
                self._by_key[key] = array("I", (there, place))
            else:
                there.append(place)
        return place

    def __getitem__(self, place: int) -> Subject:
        subject = self._subjects[place]
        if subject is None:
            raise KeyError(place)
        return subject

    def remove(self, place: int) -> None:
        self._subjects[place] = None

    def candidates(
        self, sought: Subject, *, may: Callable[[int], bool], most: int = MOST_CANDIDATES
    ) -> list[tuple[int, Subject]]:
        """The subjects that share most with the one sought, among those that may be looked at."""
        votes: Counter[int] = Counter()
        worth: dict[int, int] = {}
        for key, value in keys(sought):
            worth[key] = max(value, worth.get(key, 0))
        for key, value in worth.items():
            there = self._by_key.get(key)
            for place in (there,) if isinstance(there, int) else there or ():
                votes[place] += value
        allowed: dict[int, Subject] = {}
        for place in votes:
            subject = self._subjects[place]
            if subject is not None and may(place):
                allowed[place] = subject
        # An equal number is never cut off, however many share it.
        ordered = sorted(allowed, key=lambda place: (-votes[place], place))
        return [(place, allowed[place]) for rank, place in enumerate(ordered) if rank < most or votes[place] >= _NUMBER]


def keys(subject: Subject) -> Iterator[tuple[int, int]]:
    """The keys of a subject, with what each is worth."""
    for number in subject.numbers:
        yield _key("n", str(int(number.kind)), number.value), _NUMBER
    for name in subject.names:
        yield from _name_keys(name)
        for born in subject.births:
            yield _key("b", born[:4], min(name.skeletons)[:2]), _BORN
    if subject.names:
        for born in subject.births:
            if len(born) == len("1961-05-17"):
                yield _key("d", born[:4], *sorted((born[5:7], born[8:]))), _BORN


def _name_keys(name: Name) -> Iterator[tuple[int, int]]:
    heard = sorted(set(name.skeletons))
    yield _key("a", "".join(heard)), _WHOLE
    for pair in combinations(heard[:_WORDS_PAIRED], 2):
        yield _key("p", *pair), _PAIR
    for word in heard:
        yield _key("w", word), _WORD
        if len(word) > 2:
            for place in range(len(word)):
                yield _key("s", word[:place] + word[place + 1 :]), _SLIP
        # A word that lacks a letter is met where another one has lost its own.
        yield _key("s", word), _SLIP


def _key(*parts: str) -> int:
    return int.from_bytes(blake2b("\n".join(parts).encode(), digest_size=8).digest(), "big") >> 1
