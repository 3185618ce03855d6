"""The cross-checks of Danube with real matching: 947 questions, 34 of them about what others contributed.

`uv run python -m benchmarks danube --questions 947 --there 34 --kills 3`: a whole stack, a file of questions through
the door, and the engine killed at random while it answers. Printed is what was found, missed and false, and whether
every question has exactly one result.
"""

import argparse
import json
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Any

import httpx
from sqlalchemy import create_engine

from benchmarks.danube_people import document, document_again, person, person_again, vehicle, vehicle_again
from benchmarks.rooms import BATCH, OPERATION, STRUCTURED, Room, report, room
from benchmarks.table import show
from services.cli.delegation import delegated
from services.client.asking import Answers, Asking, Fault, ask, collect
from services.shared import desk
from services.shared.database import engine_url

CONTRIBUTED = 600
SORTS = {"person": 22, "document": 6, "vehicle": 6}
"""Of 34 questions about what is there, how many are about which."""
EVERYBODY = {"scope": "all"}
MAKE = {"person": person, "document": document, "vehicle": vehicle}
TYPES = {"person": "arrest.made.v1", "document": "document_fraud.detected.v1", "vehicle": "vehicle.detected.v1"}
AGAIN = {"person": person_again, "document": document_again, "vehicle": vehicle_again}


@dataclass(frozen=True)
class Asked:
    """One question, and the record that it is about; None where nobody contributed one."""

    row: dict[str, Any]
    sort: str
    record: str | None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=947)
    parser.add_argument("--there", type=int, default=34)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--seed", type=int, default=2022)
    told = parser.parse_args()
    chance = Random(told.seed)
    with room() as opened, TemporaryDirectory() as folder:
        asker = agencies(opened)
        records = _contribute(opened, chance)
        asked = _questions(records, chance, number=told.questions, there=told.there)
        file = Path(folder) / "questions.ndjson"
        file.write_text("".join(json.dumps(one.row, ensure_ascii=False) + "\n" for one in asked), encoding="utf-8")
        how = Asking(OPERATION, "EUROPOL", "suspect", "cross_checking", "routine", EVERYBODY, ("H0",))
        answers, done = Answers(), Event()
        began = time.perf_counter()
        with as_bearer(opened, asker) as client:
            faults = [one for one in ask(client, file, how, answers) if isinstance(one, Fault)]
            posted = time.perf_counter() - began
            collecting = Thread(target=_collect, args=(client, how, answers, done))
            collecting.start()
            # A part ends with the thread that started it, so this one kills and starts it.
            killed = _kill(opened, Random(told.seed + 1), told.kills, done)
            collecting.join()
            took = time.perf_counter() - began
            results = _results(client, opened)
    if faults:
        raise RuntimeError(f"{len(faults)} questions were refused")
    _show(asked, answers, results, posted=posted, took=took)
    print(f"the engine was killed {killed} times meanwhile")


def as_bearer(opened: Room, token: str) -> httpx.Client:
    return httpx.Client(base_url=opened.stack.base_url, headers={"Authorization": f"Bearer {token}"}, timeout=120)


def agencies(opened: Room) -> str:
    """Bulgaria asks, Moldova contributes, and Europol lets the engine answer; the token of who asks."""
    engine = create_engine(engine_url(opened.stack.settings.gateway_database_url))
    with engine.begin() as connection:
        for code, kind in (("BG", "national"), ("MD", "national"), ("EUROPOL", "europol")):
            desk.add_agency(connection, code, kind=kind, country=code if kind == "national" else None, name=None)
        token = desk.add_credential(connection, "BG")
        opened.token, lead = desk.add_credential(connection, "MD"), opened.token
    with as_bearer(opened, lead) as client:
        for code, kind in (("BG", "national"), ("MD", "national"), ("EUROPOL", "europol")):
            country = code if kind == "national" else None
            joined = {"agency": code, "role": "participant", "name": None, "kind": kind, "country": country}
            body = report("participant.joined.v1", f"joined-{code}", **joined)
            client.post(f"{opened.path}/events", content=body, headers={"Content-Type": STRUCTURED}).raise_for_status()
    with engine.begin() as connection:
        delegated(connection, "EUROPOL", folder=opened.stack.settings.delegations_folder)
    engine.dispose()
    return token


def _contribute(opened: Room, chance: Random) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """What Moldova has contributed: by sort, each with the entry that holds it."""
    made = [(sort, MAKE[sort](chance)) for sort in SORTS for _ in range(CONTRIBUTED // len(SORTS))]
    bodies = [record(number, sort, said) for number, (sort, said) in enumerate(made)]
    found: dict[str, list[tuple[str, dict[str, Any]]]] = {sort: [] for sort in SORTS}
    with opened.client() as client:
        for start in range(0, len(bodies), 100):
            body = b"[" + b",".join(bodies[start : start + 100]) + b"]"
            answer = client.post(f"{opened.path}/events", content=body, headers={"Content-Type": BATCH})
            for (sort, said), one in zip(made[start:], answer.json()["results"], strict=False):
                found[sort].append((one["receipt"]["entry"], said))
        last = answer.json()["results"][-1]["receipt"]["entry"]
        client.get(f"{opened.path}/timeline", params={"after": last, "wait": 30, "limit": 1}).raise_for_status()
    return found


def record(number: int, sort: str, said: dict[str, Any]) -> bytes:
    type = TYPES[sort]
    members: dict[str, Any] = {"audience": EVERYBODY, "handling": {"codes": ["H0"]}}
    body = json.loads(report(type, f"record-{number}", **members))
    if sort == "person":
        names = [{"given": said["given"], "family": said["family"]}]
        about = {"birth_date": said["birth_date"], "sex": said["sex"]}
        body["data"]["person"] = {"subject_category": "suspect", "names": names, **about}
    else:
        body["data"][sort] = {**said}
    return json.dumps(body).encode()


def _questions(
    records: dict[str, list[tuple[str, dict[str, Any]]]], chance: Random, *, number: int, there: int
) -> list[Asked]:
    asked = []
    for sort, share in SORTS.items():
        count = round(there * share / sum(SORTS.values()))
        for entry, said in chance.sample(records[sort], count):
            asked.append(Asked(AGAIN[sort](said, chance), sort, entry))
    while len(asked) < number:
        sort = chance.choices(list(SORTS), weights=list(SORTS.values()))[0]
        asked.append(Asked(AGAIN[sort](MAKE[sort](chance), chance), sort, None))
    chance.shuffle(asked)
    return asked


def _collect(client: httpx.Client, how: Asking, answers: Answers, done: Event) -> None:
    try:
        for _ in collect(client, how, answers, patience_seconds=120):
            pass
    finally:
        done.set()


def _kill(opened: Room, chance: Random, kills: int, done: Event) -> int:
    """How often the engine was killed before all was answered."""
    for number in range(kills):
        if done.wait(chance.uniform(0.5, 8.0)):
            return number
        opened.stack.crosscheck.kill()
        opened.stack.crosscheck.start()
    return kills


def _results(client: httpx.Client, opened: Room) -> Counter[str]:
    """How many results each question has in the log."""
    headers = {"Accept": "application/x-ndjson", "Vcp-Purpose": "counting results"}
    lines = client.get(f"{opened.path}/events", headers=headers).text.splitlines()
    reports = [json.loads(line)["report"] for line in lines]
    return Counter(one["data"]["check"] for one in reports if one["type"] == "cross_check.resulted.v1")


def _show(asked: list[Asked], answers: Answers, results: Counter[str], *, posted: float, took: float) -> None:
    by_line = {one.line: one for one in answers.questions.values()}
    rows = []
    for sort in (*SORTS, "all"):
        mine = [
            (one, {hit["record"]: hit["matched"]["band"] for hit in by_line[line].hits})
            for line, one in enumerate(asked, start=1)
            if line in by_line and sort in (one.sort, "all")
        ]
        there = [(one, found) for one, found in mine if one.record is not None]
        false = [band for one, found in mine for record, band in found.items() if record != one.record]
        right = sum(one.record in found for one, found in there)
        by_band = ", ".join(f"{count} {band}" for band, count in sorted(Counter(false).items()))
        rows.append((sort, len(mine), len(there), right, len(there) - right, len(false), by_band))
    show("Questions, and what was found", ("", "asked", "there", "found", "missed", "false", "false by band"), rows)
    once = sum(results[entry] == 1 for entry in answers.questions)
    print(f"{len(answers.questions)} posted in {posted:.1f} s, all answered after {took:.1f} s; {answers.open} open")
    print(f"{once} of {len(answers.questions)} have exactly one result")


if __name__ == "__main__":
    main()
