"""What is measured of matching: how pairs are told apart, and who is found on a list at how many false alarms."""

from collections.abc import Iterable

from benchmarks.labelled import Pair, Sets, asked, halves, listed
from services.crosscheck.index import Index
from services.crosscheck.scoring import Match, reasons
from services.crosscheck.subjects import Subject
from services.crosscheck.weights import Weights


def scored(pairs: Iterable[Pair], by: Weights) -> list[tuple[float, int]]:
    return [(bits(pair.one, pair.other, by), pair.label) for pair in pairs]


def bits(one: Subject, other: Subject, by: Weights) -> float:
    return Match("possible", reasons(one, other, by=by)).bits


def area(found: list[tuple[float, int]]) -> float:
    """The chance that a true pair is above a false one."""
    ranked = sorted(found)
    below = true = total = 0.0
    place = 0
    while place < len(ranked):
        level = []
        while place + len(level) < len(ranked) and ranked[place + len(level)][0] == ranked[place][0]:
            level.append(ranked[place + len(level)][1])
        positive, negative = sum(level), len(level) - sum(level)
        total += positive * (below + negative / 2)
        below += negative
        true += positive
        place += len(level)
    return total / (true * below) if true and below else float("nan")


def best_f1(found: list[tuple[float, int]]) -> float:
    positives = sum(label for _, label in found)
    best_found = true = false = 0.0
    for _, label in sorted(found, reverse=True):
        true, false = true + label, false + 1 - label
        best_found = max(best_found, 2 * true / (true + false + positives))
    return best_found


class Retrieval:
    """Questions about one half of the persons, put to a list of that half."""

    def __init__(self, sets: Sets, which: int, by: Weights) -> None:
        self._sets, self._which, self._by = sets, which, by
        self._index, self._whose = filled(listed(sets, which))

    def __len__(self) -> int:
        return len(self._index)

    def alarms(self, *, of: Iterable[str], bare: bool) -> list[float]:
        """The most bits for each question about a person who is not on the list, from high to low."""
        questions = {shorn(one, bare=bare): who for one, who in asked(self._sets, self._which, of=of).items()}
        return sorted((self._most(one, who, own=False) for one, who in questions.items()), reverse=True)

    def found(self, *, bare: bool) -> list[float]:
        """For each question about a person who is, the bits of that person's record; -99 where it was no candidate."""
        pairs = [pair for pair in halves(self._sets["ofac"], self._which) if pair.label]
        return [self._most(shorn(pair.one, bare=bare), pair.whom, own=True) for pair in pairs]

    def _most(self, one: Subject, who: str, *, own: bool) -> float:
        # A question about a person on the list competes with all others for its places among the candidates.
        candidates = self._index.candidates(one, may=lambda place: own or self._whose[place] != who)
        return max(
            (bits(one, found, self._by) for place, found in candidates if (self._whose[place] == who) == own),
            default=-99.0,
        )


def filled(people: dict[Subject, str]) -> tuple[Index, list[str]]:
    index = Index()
    for person in people:
        index.add(person)
    return index, list(people.values())


def shorn(one: Subject, *, bare: bool) -> Subject:
    return Subject("person", one.names) if bare else one


def sources(sets: Sets, *, bare: bool) -> list[str]:
    """Sets with questions about persons: where attributes are asked with, those that have attributes."""
    return [name for name in sets if name in ("ofac", "hist") or (bare and name.startswith("x_"))]


def recall(found: list[float], limit: float, share: float) -> str:
    return f"{sum(one > limit for one in found) / len(found):.3f} at {share:.0%} ({limit:.1f} bits)"


def at(alarms: list[float], share: float) -> float:
    return alarms[int(len(alarms) * share)]
