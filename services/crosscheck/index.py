"""The index: which subjects are worth comparing, found by blocking keys of whole numbers."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from hashlib import blake2b
from itertools import combinations

from services.crosscheck.names import Name
from services.crosscheck.organisations import MANY
from services.crosscheck.subjects import Subject

MOST_CANDIDATES = 60
_WORDS_PAIRED = 6
_MOST_TIMES = 4
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
        worth: dict[int, int] = {}
        for key, value in keys(sought):
            worth[key] = max(value, worth.get(key, 0))
        votes: Counter[int] = Counter()
        numbered: set[int] = set()
        for key, value in worth.items():
            there = self._by_key.get(key)
            if there is None:
                continue
            places = (there,) if isinstance(there, int) else there
            if value == _NUMBER:
                numbered.update(places)
            # A key that is worth more counts more often: so the counting is done by the interpreter's own loop.
            for _ in range(min(value, _MOST_TIMES)):
                votes.update(places)
        ranks: dict[int, list[int]] = defaultdict(list)
        for place, share in votes.items():
            ranks[share + _NUMBER * (place in numbered)].append(place)
        found: list[tuple[int, Subject]] = []
        for rank in sorted(ranks, reverse=True):
            # An equal number is never cut off, however many share it.
            if len(found) >= most and rank < _NUMBER:
                break
            for place in sorted(ranks[rank]):
                subject = self._subjects[place]
                if (len(found) < most or rank >= _NUMBER) and subject is not None and may(place):
                    found.append((place, subject))
        return found


def keys(subject: Subject) -> Iterator[tuple[int, int]]:
    """The keys of a subject, with what each is worth."""
    for number in subject.numbers:
        yield _key("n", str(int(number.kind)), number.value), _NUMBER
    for name in subject.names:
        yield from _business_keys(name) if subject.sort == "organisation" else _name_keys(name)
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
        for slip in _slips(word):
            yield _key("s", slip), _SLIP


def _business_keys(name: Name) -> Iterator[tuple[int, int]]:
    """Apart from those of persons; what a firm does finds nobody by itself, for thousands do the same."""
    heard = sorted(set(name.skeletons))
    yield _key("oa", "".join(heard)), _WHOLE
    for pair in combinations(heard[:_WORDS_PAIRED], 2):
        yield _key("op", *pair), _PAIR
    for word in heard:
        if word not in MANY:
            yield _key("ow", word), _WORD
            for slip in _slips(word):
                yield _key("os", slip), _SLIP


def _slips(word: str) -> Iterator[str]:
    """The word with each of its letters lost, and as it is: so it is met where another one has lost its own."""
    if len(word) > 2:
        yield from (word[:place] + word[place + 1 :] for place in range(len(word)))
    yield word


def _key(*parts: str) -> int:
    return int.from_bytes(blake2b("\n".join(parts).encode(), digest_size=8).digest(), "big") >> 1
