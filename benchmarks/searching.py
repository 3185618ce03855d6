"""How fast one operation of 100,000 persons is searched, and what it takes in memory: `python -m benchmarks.searching`.

Names are put together from the words of the labelled pairs in a folder, so that they are as common and as rare as
names are. What is timed is what the engine does: entries are taken by its room, and questions are answered by it.
"""

import argparse
import json
import resource
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import quantiles
from time import perf_counter
from typing import Any
from uuid import UUID

from schemas.events.arrest import ArrestMade
from schemas.events.cross_check import CrossCheckRequested
from schemas.events.operation import OperationCreated
from schemas.events.participant import ParticipantJoined
from services.crosscheck.comparing import answers, earlier_questions
from services.crosscheck.history import Told
from services.crosscheck.room import Room
from services.crosscheck.weights import weights

QUESTIONS = 947
"""As many as were asked of Europol in ten days of Danube."""
MOMENT = datetime(2022, 6, 24, tzinfo=UTC)
_FOUND, _SPOILT = 0.5, 0.3
"""The share of questions about persons who are there, and of those whose name has lost a letter."""


def words_of(folder: Path) -> tuple[list[str], list[str]]:
    """First and last words of names, as often as they come."""
    first, last = [], []
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text().splitlines():
            for name in json.loads(line)["right"]["names"]:
                parts = name.split()
                if len(parts) > 1:
                    first.append(parts[0])
                    last.append(parts[-1])
    return first, last


def people(words: tuple[list[str], list[str]], number: int, chance: Random) -> Iterator[dict[str, Any]]:
    for _ in range(number):
        born = f"{chance.randint(1950, 2003)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        yield {
            "subject_category": "suspect",
            "names": [{"full": f"{chance.choice(words[0])} {chance.choice(words[1])}"}],
            "birth_date": born[: chance.choice((4, 10, 10, 10))],
            "nationalities": [chance.choice(("BG", "RS", "AT", "MD", "BA", "RO"))],
            "sex": chance.choice("MF"),
        }


def told(number: int, type: str, agency: str, data: dict[str, Any]) -> Told:
    entry = str(UUID(int=number))
    everybody = {
        "occurred": {"from": MOMENT.isoformat()},
        "audience": {"scope": "all"},
        "handling": {"codes": ["H0"]},
    }
    return Told(entry, entry, type, agency, "system", entry, MOMENT, {**everybody, **data})


def spoilt(name: str, chance: Random) -> str:
    place = chance.randrange(len(name))
    return name[:place] + name[place + 1 :]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--persons", type=int, default=100_000)
    asked_for = parser.parse_args()
    chance = Random(7)
    words = words_of(asked_for.folder)
    held = list(people(words, asked_for.persons, chance))
    strangers = list(people(words, QUESTIONS, chance))
    room = Room("EUROPOL", "op", by=weights())
    room.take(told(1, OperationCreated.type, "AT", {"lead": ["AT"]}), is_new=False)
    for number, agency in enumerate(("BA", "MD", "EUROPOL")):
        joined = {"agency": agency, "role": "participant"}
        room.take(told(10 + number, ParticipantJoined.type, "AT", joined), is_new=False)

    before = memory()
    began = perf_counter()
    for number, person in enumerate(held):
        # As from the wire: each person is an object of its own.
        data = json.loads(json.dumps({"person": person, "count": 1}))
        room.take(told(1000 + number, ArrestMade.type, "MD", data), is_new=False)
    built = perf_counter() - began
    print(f"{asked_for.persons} persons taken in {built:.1f} s, {built / asked_for.persons * 1e3:.2f} ms each")
    print(f"memory: {memory()} MiB in all, {memory() - before} MiB of it the persons")

    seconds, right, wanted = [], 0, 0
    for number in range(QUESTIONS):
        is_there = chance.random() < _FOUND
        place = chance.randrange(len(held))
        person = dict(held[place] if is_there else strangers[number])
        if chance.random() < _SPOILT:
            person["names"] = [{"full": spoilt(person["names"][0]["full"], chance)}]
        data = {"target": "EUROPOL", "subject_kind": "person", "subject_category": "suspect", "subject": person}
        question = told(10_000_000 + number, CrossCheckRequested.type, "BA", data)
        began = perf_counter()
        room.take(question, is_new=True)
        found = answers(room, room.questions[question.thing])
        seconds.append(perf_counter() - began)
        if is_there:
            wanted += 1
            right += str(UUID(int=1000 + place)) in {one.record.thing for one in found}
    cuts = quantiles(seconds, n=100)
    print(f"one question: p50 {cuts[49] * 1e3:.1f} ms, p99 {cuts[98] * 1e3:.1f} ms")
    print(f"{QUESTIONS} questions: {sum(seconds):.1f} s; of {wanted} about persons who are there {right} found them")

    began = perf_counter()
    number, person = 20_000_000, {**held[0], "birth_date": "1977-03-04"}
    room.take(told(number, ArrestMade.type, "MD", {"person": person, "count": 1}), is_new=True)
    matched = earlier_questions(room, str(UUID(int=number)))
    took = perf_counter() - began
    print(f"one more person taken and compared with all questions: {took * 1e3:.1f} ms, {len(matched)} matched")


def memory() -> int:
    """The most that this process has had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
