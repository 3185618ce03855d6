"""How well matching finds who it should, on labelled pairs in a folder: `python -m benchmarks.matching FOLDER [--fit]`.

With `--fit` the weights are fitted on one half of the persons and written; what is printed is measured on the other.
Records that the labels tie to each other are one person, whatever their spelling, and stay in one half together.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from math import log2
from pathlib import Path
from typing import Any

from benchmarks.fitting import Fit
from benchmarks.labelled import FITTED_ON, MEASURED_ON, Sets, asked, halves, listed, read
from benchmarks.measured import Retrieval, area, at, best_f1, filled, recall, scored, sources
from services.crosscheck import births
from services.crosscheck.likeness import best
from services.crosscheck.scoring import levels
from services.crosscheck.subjects import NORMALISER, Subject
from services.crosscheck.weights import CURRENT, Weights, made, weights, weights_file

LEAST_TOLD = 4.0
"""Bits: on a short list nobody is alarmed below, but lists grow."""
LEAST_FOR_ANOTHER_NATIONALITY = -4.0
CAUTION_ACROSS_SCRIPTS = 1.0
"""Bits: what a name in another script weighs less, because romanised names fall together by chance more often than the
labelled pairs show. Chosen on the half fitted on, where it leaves false alarms from both kinds of pairs about even."""
FEWEST_BEARERS = 3
BESIDE_EACH = 20
"""How many candidates for each question the fit compares it with."""
IDENTIFIERS = {
    "document": {"same": 16.0, "same_where_unsaid": 12.0},
    "plate": {"same": 14.0, "same_where_unsaid": 8.0},
    "vin": {"same": 20.0},
    "phone": {"same": 12.0},
    "registration": {"same": 16.0, "same_where_unsaid": 8.0},
    "seat": {"same": 1.0, "other": -2.0},
}
"""Set by hand: no public labels speak of them."""
BUSINESS = {"many": 3.0, "usual": 6.0}
"""Bits, by hand: how rare words are of what firms do, and words that many choose for a name."""


def fit(sets: Sets) -> dict[str, Any]:
    """The weights, fitted on labelled pairs and on what blocking returns for questions about persons not listed."""
    empty = {which: {aspect: {"at": [0.0], "bits": [0.0]} for aspect in ("alike", "shared", "left", "less")}
             for which in ("one_script", "scripts")}  # fmt: skip
    said: dict[str, Any] = {
        "version": CURRENT,
        "normaliser": NORMALISER,
        **rarity(sets),
        "names": empty,
        "levels": {},
        "business": BUSINESS,
        "strong": 0.0,
        "possible": 0.0,
    }
    by, fitted = made(said), Fit()
    for pair in [pair for pairs in sets.values() for pair in halves(pairs, FITTED_ON)]:
        add(fitted, pair.label, pair.one, pair.other, by)
    index, whose = filled(listed(sets, FITTED_ON))
    questions = asked(sets, FITTED_ON, of=sets)
    for query, who in questions.items():
        others = index.candidates(query, may=lambda place, who=who: whose[place] != who, most=BESIDE_EACH)
        for _, found in others:
            add(fitted, 0, query, found, by)
    fitted.run()
    said["names"] = {
        which: {aspect: {"at": points, "bits": bits} for aspect, (points, bits) in fitted.curves(which).items()}
        for which in ("one_script", "scripts")
    }
    across = said["names"]["scripts"]["alike"]
    across["bits"] = [round(bit - CAUTION_ACROSS_SCRIPTS, 2) for bit in across["bits"]]
    said["levels"] = {**IDENTIFIERS, "birth": {level: fitted.level("birth", level) for level in births.LEVELS}}
    for feature in ("nationality", "sex", "place"):
        said["levels"][feature] = {level: fitted.level(feature, level) for level in ("same", "other")}
    # Hardly any label knows a month alone: it weighs no less than the year in it.
    birth = said["levels"]["birth"]
    birth["same_month"] = max(birth["same_month"], birth["same_year"])
    # All labels with nationalities come from one list, which repeats them; reports from the field differ.
    nationality = said["levels"]["nationality"]
    nationality["other"] = max(nationality["other"], LEAST_FOR_ANOTHER_NATIONALITY)
    return said


def add(fitted: Fit, label: int, one: Subject, other: Subject, by: Weights) -> None:
    """A pair with all that is known, and by name alone, so that neither leans on the other."""
    found = best(one.names, other.names)
    if found is not None:
        about = levels(one, other)
        for told in [about, []] if about else [[]]:
            fitted.add(label, one_script=found.one_script, aspects=by.aspects(found), levels=told)


def rarity(sets: Sets) -> dict[str, Any]:
    """How rare words are among the persons fitted on."""
    people = {person for pairs in sets.values() for pair in halves(pairs, FITTED_ON) for person in (pair.other,)}
    counted = Counter(word for person in people for word in {w for name in person.names for w in name.skeletons})
    return {
        "rarity": {
            word: round(-log2(count / len(people)), 2)
            for word, count in sorted(counted.items())
            if count >= FEWEST_BEARERS
        },
        "rarest": round(-log2(FEWEST_BEARERS / 2 / len(people)), 2),
    }


def show(sets: Sets, by: Weights) -> Iterator[str]:
    for name, pairs in sets.items():
        found = scored(halves(pairs, MEASURED_ON), by)
        yield f"{name:12} n {len(found):5}  AUC {area(found):.3f}  F1 {best_f1(found):.3f}"
    yield f"{'all':12} AUC {area(scored((p for pairs in sets.values() for p in halves(pairs, MEASURED_ON)), by)):.3f}"
    retrieval = Retrieval(sets, MEASURED_ON, by)
    for bare in (False, True):
        found = retrieval.found(bare=bare)
        yield f"{'by name only' if bare else 'with attributes'}: {len(found)} questions, {len(retrieval)} listed, \
candidates hold {sum(one > -99 for one in found) / len(found):.3f}"
        for what, of in (("all", sources(sets, bare=bare)), ("ofac", ["ofac"])):
            alarms = retrieval.alarms(of=of, bare=bare)
            said = [recall(found, at(alarms, share), share) for share in (0.01, 0.05)]
            yield f"  recall {', '.join(said)} of {len(alarms)} clean ({what})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fit", action="store_true")
    told = parser.parse_args()
    sets = read(told.folder)
    if told.fit:
        write(fit(sets), sets)
        weights.cache_clear()
    by = weights()
    print(f"weights {by.version}: strong from {by.strong} bits, possible from {by.possible}")
    for line in show(sets, by):
        print(line, flush=True)


def write(said: dict[str, Any], sets: Sets) -> None:
    """Writes weights whose bands begin where 1 % and 5 % of clean questions would be alarmed, on the half fitted on."""
    by = made(said)
    retrieval = Retrieval(sets, FITTED_ON, by)
    said["strong"] = round(at(retrieval.alarms(of=["ofac"], bare=False), 0.01), 1)
    said["possible"] = max(round(at(retrieval.alarms(of=["ofac"], bare=True), 0.05), 1), LEAST_TOLD)
    weights_file(CURRENT).write_text(json.dumps(said, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
