"""Labelled pairs of records in a folder, in two halves by person: one to fit weights on and one to measure on."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from services.crosscheck.subjects import Subject, subject

FITTED_ON, MEASURED_ON = 0, 1
Sets = dict[str, list["Pair"]]


@dataclass(frozen=True)
class Pair:
    label: int
    one: Subject
    """Who is asked about."""
    other: Subject
    """Who stands on a list."""
    who: str
    """Whom `one` is about, as far as the labels of all pairs say."""
    whom: str
    is_tied: bool
    """Whether a label says of whom on the list `one` is a record."""


def read(folder: Path) -> Sets:
    """The pairs by their set, without aliases that share nothing with the name they stand for."""
    lines = [json.loads(line) for file in sorted(folder.glob("*.jsonl")) for line in file.read_text().splitlines()]
    persons = Persons()
    tied = set()
    for said in lines:
        if said["label"]:
            persons.tie(marked(said["set"], said["left"]), marked(said["set"], said["right"]))
            tied.add(marked(said["set"], said["left"]))
    found = defaultdict(list)
    for said in lines:
        if said.get("kind") != "other":
            left, right = (marked(said["set"], said[side]) for side in ("left", "right"))
            who, whom = persons.of(left), persons.of(right)
            one, other = entity(said["left"]), entity(said["right"])
            found[said["set"]].append(Pair(said["label"], one, other, who, whom, left in tied))
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
    return crc32(person.encode()) % 2


def halves(pairs: Iterable[Pair], which: int) -> list[Pair]:
    return [pair for pair in pairs if half(pair.whom) == which]


def listed(sets: Sets, which: int) -> dict[Subject, str]:
    """Persons of one half that make a list, and who each is; historical ones make none: many would be on it twice."""
    return {
        pair.other: pair.whom
        for name, pairs in sets.items()
        if name == "ofac" or name.startswith("x_")
        for pair in halves(pairs, which)
    }


def asked(sets: Sets, which: int, *, of: Iterable[str]) -> dict[Subject, str]:
    """Questions of one half, and about whom each is. Their own records are known, so that they can be left out."""
    return {pair.one: pair.who for name in of for pair in sets[name] if pair.is_tied and half(pair.who) == which}
