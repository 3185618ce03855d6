"""Asks the engines of a running stack while they are killed at random, and looks what became of each question."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import httpx
from sqlalchemy import create_engine

from schemas.subjects import entry_id
from services.cli.delegation import delegated
from services.shared.child_process import ChildProcess
from services.shared.database import engine_url
from services.shared.embedded import free_port
from services.stack import Stack
from tests.flow.conftest import Room

TARGET, ASKER, CONTRIBUTOR = "EUROPOL", "BA", "MD"
RECORDS = 20
ONE_IN = 5
"""Of so many questions one is about somebody who was contributed."""
WITHIN_SECONDS = 120.0
_LINES = {"Content-Type": "application/x-ndjson"}
_LOG = {"Accept": "application/x-ndjson", "Vcp-Purpose": "counting answers"}


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of the questions of one operation."""

    questions: int
    once: int
    """Those with exactly one result."""
    hits: int
    twice: int
    """Hits of one question and one record beyond the first."""
    wrong: int
    """Questions whose result names another number of hits than there are, or that missed who was contributed."""


def delegate(stack: Stack, room: Room) -> None:
    """Lets the engines answer for the agency that is asked."""
    room.as_agency(TARGET)
    if (stack.settings.delegations_folder / f"{TARGET}.token").exists():
        return
    engine = create_engine(engine_url(stack.settings.gateway_database_url))
    with engine.begin() as connection:
        delegated(connection, TARGET, folder=stack.settings.delegations_folder)
    engine.dispose()


@contextmanager
def further_engine(stack: Stack) -> Iterator[ChildProcess]:
    """A second process of the engine, beside the one of the stack, with a status port of its own."""
    environment = {**(stack.crosscheck.environment or {}), "VCP_STATUS_PORT": str(free_port())}
    log = Path(stack.crosscheck.log).with_name("crosscheck-2.log")
    process = replace(stack.crosscheck, name="crosscheck-2", log=log, environment=environment)
    process.start()
    try:
        yield process
    finally:
        process.stop()


def shown(engine: ChildProcess) -> dict[str, float]:
    """The metrics of an engine, each by name and labels; nothing while it starts."""
    port = (engine.environment or {})["VCP_STATUS_PORT"]
    try:
        text = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=5).text
    except httpx.TransportError:
        return {}
    pairs = (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in pairs}


def attends(engine: ChildProcess, operation: str) -> bool:
    return f'vcp_crosscheck_attended{{agency="{TARGET}",operation="{operation}"}}' in shown(engine)


def until(holds: Callable[[], bool], *, within_seconds: float = WITHIN_SECONDS) -> float:
    """Waits for other processes, and says how many seconds it took."""
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > within_seconds:
            raise TimeoutError("what was waited for has not come")
        time.sleep(0.05)
    return time.monotonic() - began


def contribute(room: Room) -> None:
    """Persons, all invented, who were arrested."""
    for number in range(RECORDS):
        room.take(CONTRIBUTOR, "arrest.made.v1", person=_person(number))


def ask(room: Room, *, questions: int) -> list[str]:
    """Asks, and gives the questions by their entries, in their order."""
    reports = [_question(room, number) for number in range(questions)]
    body = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in reports).encode()
    answer = room.as_agency(ASKER).post(f"{room.path}/events", content=body, headers=_LINES, timeout=300)
    answer.raise_for_status()
    refused = [line for line in answer.text.splitlines() if json.loads(line)["status"] != 201]
    if refused:
        raise AssertionError(f"{len(refused)} questions were refused: {refused[0]}")
    return [str(entry_id(room.operation, agency=ASKER, source=one["source"], id=one["id"])) for one in reports]


def kill_at_random(
    room: Room,
    engines: list[ChildProcess],
    *,
    chance: Random,
    kills: int,
    questions: int,
    say: Callable[[str], None],
    within_seconds: float = WITHIN_SECONDS,
) -> None:
    """Kills one engine after the other at a random moment while there is something to answer, and starts it again."""
    begun = results(room)
    for number, count in enumerate(sorted(chance.sample(range(begun, questions * 19 // 20), kills)), start=1):
        until(lambda count=count: results(room) >= count, within_seconds=within_seconds)  # type: ignore[misc]
        victim = chance.choice(engines)
        victim.kill()
        victim.start()
        say(f"kill {number}: {victim.name}, after {results(room)} of {questions}")


def results(room: Room) -> int:
    """How many questions of the operation have their result."""
    return int(room.figure(ASKER, "cross_checks").get("value") or 0)


def answered(room: Room, asked: list[str]) -> Answered:
    """What the log says of these questions."""
    lines = room.as_agency(TARGET).get(f"{room.path}/events", headers=_LOG, timeout=300).text.splitlines()
    reports = [json.loads(line)["report"] for line in lines]
    told = [one["data"] for one in reports if one["type"] == "cross_check.resulted.v1"]
    raised = [one["data"] for one in reports if one["type"] == "hit.raised.v1"]
    count = Counter(one["check"] for one in told)
    said = {one["check"]: one["hits"] for one in told}
    hits = Counter((one["result_of"], one["record"]) for one in raised)
    of = Counter(question for question, _ in hits)
    return Answered(
        questions=len(asked),
        once=sum(count[entry] == 1 for entry in asked),
        hits=len(hits),
        twice=sum(hits.values()) - len(hits),
        wrong=sum(
            said.get(entry) != of[entry] or (number % ONE_IN == 0 and not of[entry])
            for number, entry in enumerate(asked)
        ),
    )


def _question(room: Room, number: int) -> dict[str, Any]:
    about = number // ONE_IN % RECORDS if number % ONE_IN == 0 else RECORDS + number
    return room.report("cross_check.requested.v1", target=TARGET, subject=_person(about))


def _person(number: int) -> dict[str, Any]:
    """Invented, and unlike all others: a name that nobody has, spelt by the number."""
    letters = "bdfgklmnprst"
    spelt = [letters[number // len(letters) ** place % len(letters)] for place in range(4)]
    family = "".join(one + vowel for one, vowel in zip(spelt, "aeio", strict=True))
    return {
        "subject_category": "suspect",
        "names": [{"given": f"Zo{spelt[0]}ran", "family": f"{family.capitalize()}vsky"}],
        "birth_date": f"{1950 + number % 50}-{1 + number % 12:02}-{1 + number % 28:02}",
    }
