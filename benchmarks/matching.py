"""How well matching finds who it should, on labelled pairs in a folder: `python -m benchmarks.matching FOLDER [--fit]`.

With `--fit` the weights are fitted on one half of the persons and written; what is printed is measured on the other.
Records that the labels tie to each other are one person, whatever their spelling, and stay in one half together.
"""

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import log2
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from zlib import crc32

from services.crosscheck import births
from services.crosscheck.index import Index
from services.crosscheck.likeness import best
from services.crosscheck.scoring import Match, reasons
from services.crosscheck.subjects import NORMALISER, Subject, subject
from services.crosscheck.weights import CURRENT, Weights, weights, weights_file

STEPS = (0.0, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.84, 0.88, 0.91, 0.94, 0.97)
MOST_BITS, LEAST_BITS = 8.0, -8.0
LEAST_TOLD = 4.0
"""Bits: on a short list nobody is alarmed below, but lists grow."""
COMMON_SHARE = 0.004
SAME_NAME_BITS = 0.5
"""What the very same words weigh more than the most alike ones."""
IDENTIFIERS = {
    "document": {"same": 16.0, "same_where_unsaid": 12.0},
    "plate": {"same": 14.0, "same_where_unsaid": 8.0},
    "vin": {"same": 20.0},
    "phone": {"same": 12.0},
}
"""Set by hand: no public labels speak of them."""


@dataclass(frozen=True)
class Pair:
    label: int
    one: Subject
    other: Subject
    who: str
    """Whom `one` is about, as far as the labels of all pairs say."""
    whom: str


def read(folder: Path) -> dict[str, list[Pair]]:
    """The pairs by their set, without aliases that share nothing with the name they stand for."""
    lines = [json.loads(line) for file in sorted(folder.glob("*.jsonl")) for line in file.read_text().splitlines()]
    persons = Persons()
    for said in lines:
        if said["label"]:
            persons.tie(marked(said["set"], said["left"]), marked(said["set"], said["right"]))
    found = defaultdict(list)
    for said in lines:
        if said.get("kind") != "other":
            who, whom = (persons.of(marked(said["set"], said[side])) for side in ("left", "right"))
            found[said["set"]].append(Pair(said["label"], entity(said["left"]), entity(said["right"]), who, whom))
    return dict(found)


def marked(where: str, said: dict) -> str:
    # One name alone is borne by many historical persons, so there the rest of the record belongs to it.
    return f"{where} {said if where == 'hist' else sorted(said['names'])}"


class Persons:
    """Which records are about one person: those that the labels tie together, directly or over others."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def of(self, record: str) -> str:
        while (above := self._above.get(record, record)) != record:
            record = above
        return record

    def tie(self, one: str, other: str) -> None:
        self._above[self.of(one)] = self.of(other)


def entity(said: dict) -> Subject:
    sexes = {"male": "M", "female": "F"}
    return subject(
        names=said["names"],
        births=said.get("dob", []),
        nationalities=(code.upper() for code in said.get("country", [])),
        sex=sexes.get((said.get("sex") or [""])[0]),
        place=(said.get("pob") or [None])[0],
    )


def half(person: str) -> int:
    """0 to fit on, 1 to measure on."""
    return crc32(person.encode()) % 2


def halves(pairs: Iterable[Pair], which: int) -> list[Pair]:
    return [pair for pair in pairs if half(pair.whom) == which]


def is_listed(person: str) -> bool:
    return crc32(person.encode()) // 2 % 3 < 2


def listed(pairs: Iterable[Pair], which: int) -> list[Subject]:
    """A list of two thirds of the persons."""
    return list({pair.other: None for pair in pairs if half(pair.whom) == which and is_listed(pair.whom)})


def clean(pairs: Iterable[Pair], which: int) -> list[Subject]:
    """Queries about the other third, as complete as those about persons on the list."""
    absent = {pair.one: None for pair in pairs if half(pair.who) == which and not is_listed(pair.who)}
    return list(absent)


def fit(sets: dict[str, list[Pair]]) -> dict:
    """The weights: log2 of how often a level comes among the same over how often among others that blocking returns."""
    same = [pair for pairs in sets.values() for pair in halves(pairs, 0) if pair.label]
    others = [pair for pairs in sets.values() for pair in halves(pairs, 0) if not pair.label]
    index = filled(listed(sets["ofac"], 0))
    returned = [
        Pair(0, query, found, "", "")
        for query in clean(sets["ofac"], 0)
        for _, found in index.candidates(query, may=lambda _: True, most=20)
    ]
    names = {}
    for which, one_script in (("one_script", True), ("scripts", False)):
        beside = others + returned if one_script else others
        names[which] = name_steps(alikes(same, one_script), alikes(beside, one_script))
    alike_enough = [
        pair for pair in returned if (found := best(pair.one.names, pair.other.names)) and found.alike > 0.7
    ]
    levels = dict(IDENTIFIERS)
    levels["birth"] = attribute(same, alike_enough, lambda pair: births.compare(pair.one.births, pair.other.births))
    for level in births.LEVELS:
        levels["birth"].setdefault(level, 0.0)
    for feature in ("nationality", "sex", "place"):
        levels[feature] = attribute(same, alike_enough, lambda pair, feature=feature: agrees(pair, feature))
    return {"version": CURRENT, "normaliser": NORMALISER, "names": names, "levels": levels, "common": common(sets)}


def alikes(pairs: Iterable[Pair], one_script: bool) -> list[float]:
    found = (best(pair.one.names, pair.other.names) for pair in pairs)
    return [one.alike for one in found if one is not None and one.one_script == one_script]


def name_steps(same: list[float], others: list[float]) -> list[dict[str, float]]:
    """Bits by likeness, never falling as it rises."""
    blocks: list[list] = []  # [m, u, steps]
    for low, high in zip(STEPS, (*STEPS[1:], 2.0), strict=True):
        blocks.append([sum(low <= one < high for one in same), sum(low <= one < high for one in others), [low]])
        while len(blocks) > 1 and ratio(blocks[-2], same, others) >= ratio(blocks[-1], same, others):
            last = blocks.pop()
            blocks[-1] = [blocks[-1][0] + last[0], blocks[-1][1] + last[1], blocks[-1][2] + last[2]]
    found = [
        {"from": (steps[0] + min(steps[-1] + 0.02, 1)) / 2, "bits": ratio([m, u], same, others)}
        for m, u, steps in blocks
    ]
    return [*found, {"from": 1.0, "bits": round(found[-1]["bits"] + SAME_NAME_BITS, 2)}]


def ratio(counts: list, same: list, others: list) -> float:
    bits = log2(((counts[0] + 0.5) / (len(same) + 1)) / ((counts[1] + 0.5) / (len(others) + 1)))
    return round(min(max(bits, LEAST_BITS), MOST_BITS), 2)


def attribute(same: list[Pair], others: list[Pair], level_of) -> dict[str, float]:
    among_same, among_others = Counter(map(level_of, same)), Counter(map(level_of, others))
    del among_same[None], among_others[None]
    m, u = among_same.total(), among_others.total()
    return {
        level: round(log2(((among_same[level] + 1) / (m + 5)) / ((among_others[level] + 1) / (u + 5))), 2)
        for level in sorted({*among_same, *among_others})
    }


def agrees(pair: Pair, feature: str) -> str | None:
    here, there = (
        {
            "nationality": one.nationalities,
            "sex": {one.sex} - {None},
            "place": set(one.place),
        }[feature]
        for one in (pair.one, pair.other)
    )
    return None if not here or not there else "same" if here & there else "other"


def common(sets: dict[str, list[Pair]]) -> dict[str, float]:
    """Words that more people bear than a few, and how much less each weighs for it."""
    people = {pair.other for name in ("ofac", "hist") for pair in sets[name]}
    counted = Counter(word for person in people for word in {w for name in person.names for w in name.skeletons})
    shares = {word: count / len(people) for word, count in counted.items()}
    return {
        word: round(log2(share / COMMON_SHARE) / 4, 2)
        for word, share in sorted(shares.items())
        if share > COMMON_SHARE * 1.2
    }


def scored(pairs: Iterable[Pair], by: Weights) -> list[tuple[float, int]]:
    return [(Match("possible", reasons(pair.one, pair.other, by=by)).bits, pair.label) for pair in pairs]


def area(found: list[tuple[float, int]]) -> float:
    """The chance that a true pair is above a false one."""
    ranked = sorted(found)
    below = true = total = 0.0
    place = 0
    while place < len(ranked):
        level = [label for bits, label in ranked[place:] if bits == ranked[place][0]]
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


def retrieval(pairs: list[Pair], by: Weights, *, which: int, bare: bool) -> tuple[float, float, float, float, int, int]:
    """Recall at 1 % and at 5 % of clean queries alarmed, and from which bits; by name only where `bare`."""
    index = filled(listed(pairs, which))
    alarms = sorted((top(index, shorn(one, bare=bare), by) for one in clean(pairs, which)), reverse=True)
    asked = [pair for pair in pairs if pair.label and half(pair.whom) == which and is_listed(pair.whom)]
    at = [alarms[int(len(alarms) * share)] for share in (0.01, 0.05)]
    found = [own(index, shorn(pair.one, bare=bare), pair.other, by) for pair in asked]
    recalls = [sum(bits > limit for bits in found) / len(found) for limit in at]
    return recalls[0], recalls[1], at[0], at[1], len(found), len(alarms)


def filled(people: Iterable[Subject]) -> Index:
    index = Index()
    for person in people:
        index.add(person)
    return index


def shorn(one: Subject, *, bare: bool) -> Subject:
    return Subject("person", one.names) if bare else one


def top(index: Index, query: Subject, by: Weights) -> float:
    candidates = index.candidates(query, may=lambda _: True)
    return max((Match("possible", reasons(query, one, by=by)).bits for _, one in candidates), default=-99.0)


def own(index: Index, query: Subject, wanted: Subject, by: Weights) -> float:
    for _, one in index.candidates(query, may=lambda _: True):
        if one == wanted:
            return Match("possible", reasons(query, one, by=by)).bits
    return -99.0


def show(sets: dict[str, list[Pair]], by: Weights) -> Iterator[str]:
    for name, pairs in sets.items():
        found = scored(halves(pairs, 1), by)
        yield f"{name:12} n {len(found):5}  AUC {area(found):.3f}  F1 {best_f1(found):.3f}"
    yield f"{'all':12} AUC {area(scored((p for pairs in sets.values() for p in halves(pairs, 1)), by)):.3f}"
    for bare in (False, True):
        one, five, at_one, at_five, asked, queries = retrieval(sets["ofac"], by, which=1, bare=bare)
        yield (
            f"retrieval {'by name only' if bare else 'with attributes'}: recall {one:.3f} at 1 % of {queries} clean "
            f"queries ({at_one:.1f} bits), {five:.3f} at 5 % ({at_five:.1f} bits); n {asked}"
        )


def speed(sets: dict[str, list[Pair]], by: Weights) -> str:
    people = [pair.other for pairs in sets.values() for pair in pairs]
    began = perf_counter()
    index = filled(people)
    built = perf_counter() - began
    times = []
    for pairs in sets.values():
        for pair in pairs[:100]:
            began = perf_counter()
            top(index, pair.one, by)
            times.append((perf_counter() - began) * 1000)
    cuts = quantiles(times, n=100)
    return f"{len(index)} subjects in {built:.1f} s; a query p50 {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fit", action="store_true")
    asked = parser.parse_args()
    sets = read(asked.folder)
    if asked.fit:
        fitted = {**fit(sets), "strong": 0.0, "possible": 0.0}
        write(fitted)
        by = weights()
        # The bands begin where 1 % and 5 % of clean queries would be alarmed, on the half fitted on.
        fitted["strong"] = round(retrieval(sets["ofac"], by, which=0, bare=False)[2], 1)
        fitted["possible"] = max(round(retrieval(sets["ofac"], by, which=0, bare=True)[3], 1), LEAST_TOLD)
        write(fitted)
        weights.cache_clear()
    by = weights()
    print(f"weights {by.version}: strong from {by.strong} bits, possible from {by.possible}")
    for line in show(sets, by):
        print(line, flush=True)
    print(speed(sets, by))


def write(fitted: dict) -> None:
    weights_file(CURRENT).write_text(json.dumps(fitted, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
