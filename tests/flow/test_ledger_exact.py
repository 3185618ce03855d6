"""The ledger says what was shown: no answer more and none less, even of a gateway that is killed while it answers."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from random import Random
from threading import Event
from typing import Any

import httpx
import pytest

from services.shared.bus import Log
from services.shared.nats_rights import INSTALLER
from services.stack import Stack

pytestmark = pytest.mark.own_stack  # its gateway is killed

READERS = ("AT", "BA", "MD", "FRONTEX", "INTERPOL")
RECORDS = 40
ANSWERS = 200
KILLS = 5
BETWEEN_KILLS = 15
_MARK = re.compile(r"Nominal[a-z]{6}")
_LIVE = "/live"
_BATCH = {"Content-Type": "application/cloudevents-batch+json"}


@dataclass
class Records:
    """Records that each name a person of their own, so that an answer tells by its text whom it shows."""

    room: Any
    entry_of: dict[str, str]
    tails: dict[str, str]
    """From where each agency's live stream tells all of them."""

    def shown_in(self, text: str) -> set[str]:
        return {self.entry_of[mark] for mark in _MARK.findall(text)}


@pytest.fixture
def records(room: Any) -> Records:
    """Posted by two agencies, for all or for some."""
    chosen, entry_of = Random(9), {}
    tails = {agency: room.get(agency, "events")["tail"] for agency in READERS}
    for agency in ("BA", "MD"):
        marks = [f"Nominal{''.join(chosen.choices('abcdefghijklmnopqrstuvwxyz', k=6))}" for _ in range(RECORDS // 2)]
        reports = [_report(room, mark, chosen) for mark in marks]
        answer = room.as_agency(agency).post(f"{room.path}/events", json=reports, headers=_BATCH)
        receipts = [one["receipt"] for one in answer.json()["results"]]
        entry_of |= {mark: receipt["entry"] for mark, receipt in zip(marks, receipts, strict=True)}
        room.get(agency, "timeline", after=receipts[-1]["entry"], wait=30, limit=1)
    return Records(room, entry_of, tails)


def _report(room: Any, mark: str, chosen: Random) -> dict[str, Any]:
    audience = chosen.choice([{"scope": "all"}, {"scope": "named", "agencies": chosen.sample(READERS, 2)}])
    if chosen.random() < 0.2:
        members = {"to": [], "regarding": None, "text": mark}
        return dict(room.report("message.sent.v1", audience=audience, **members))
    name = {"family": mark, "given": None, "script": "Latn"}
    person = {"names": [name], "nationalities": ["IL"], "subject_category": "suspect", "minor": False}
    return dict(room.report("arrest.made.v1", person=person, audience=audience))


def _ways(records: Records) -> list[Callable[[Random], dict[str, Any]]]:
    """How an answer may be asked for, at random: what `httpx` is to send, below the operation's address."""
    marks, entries = list(records.entry_of), list(records.entry_of.values())

    def get(path: str, headers: dict[str, str] | None = None, **query: Any) -> dict[str, Any]:
        return {"method": "GET", "url": path, "params": query, "headers": headers or {}}

    return [
        lambda chosen: get(f"/events/{chosen.choice(entries)}"),
        lambda chosen: get("/events", limit=chosen.randint(1, 60)),
        lambda chosen: get("/events", as_of=chosen.choice(entries), agency=chosen.choice(["BA", "MD"])),
        lambda _: get("/events", {"Accept": "application/x-ndjson"}),
        lambda _: get("/downloads/messages.csv"),
        lambda chosen: get("/messages", limit=chosen.randint(1, 20)),
        lambda chosen: get("/replay", step=chosen.randint(1, 60)),
        lambda chosen: get("/timeline", limit=chosen.randint(1, 60)),
        lambda _: get("/arrests"),
        lambda chosen: {"method": "POST", "url": "/search", "json": {"name": chosen.choice(marks)}, "headers": {}},
    ]


@contextmanager
def asked(records: Records, agency: str, way: dict[str, Any], why: str) -> Iterator[httpx.Response]:
    headers = {**way["headers"], "Vcp-Purpose": why}
    address = f"{records.room.path}{way['url']}"
    with records.room.as_agency(agency).stream(**{**way, "url": address, "headers": headers}) as answer:
        yield answer


async def written(stack: Stack, operation: str) -> dict[str, set[str]]:
    """What the ledger has, by the purpose: each answer in these tests has one of its own."""
    log = await Log.connect(stack.settings, name=INSTALLER, patience=5)
    lines: dict[str, set[str]] = defaultdict(set)
    async for _, line in (await log.disclosures()).read(operation):
        lines[line.purpose] |= {str(entry) for entry in line.entries}
    await log.close()
    return lines


async def test_the_ledger_says_of_each_answer_exactly_whom_it_showed(stack: Stack, records: Records) -> None:
    room, chosen, ways = records.room, Random(20220624), _ways(records)
    shown: dict[str, set[str]] = {}
    for number in range(ANSWERS):
        way, agency = chosen.choice(ways)(chosen), chosen.choice(READERS)
        why = f"answer {number:03} to {agency}"
        with asked(records, agency, way, why) as answer:
            text = answer.read().decode()
        assert answer.status_code in (200, 400, 404), text  # as of, or by, an entry that this agency does not see
        shown[why] = records.shown_in(text)

    lines = await written(stack, room.operation)

    assert {why: lines.get(why, set()) for why in shown} == shown
    assert len([why for why in shown if shown[why]]) > ANSWERS / 3
    assert any(not entries for entries in shown.values())
    # And whoever provided a record learns of each answer that showed it, and of no other.
    for number, (_, entry) in enumerate(records.entry_of.items()):
        owner = "BA" if number < RECORDS // 2 else "MD"
        told = {one["purpose"] for one in room.get(owner, f"disclosures/{entry}")["given"]}
        assert told == {why for why in shown if entry in shown[why]}


@dataclass
class Reading:
    """Readers that ask without pause, and remember what came over the line, however little of an answer it was."""

    records: Records
    done: Event
    shown: dict[str, set[str]]
    cut: int = 0

    def ask_until_done(self, number: int) -> None:
        chosen, agency = Random(number), READERS[number]
        live = {"method": "GET", "url": _LIVE, "params": {"cursor": self.records.tails[agency]}, "headers": {}}
        ways = [*_ways(self.records), lambda _: live]
        for turn in count():
            if self.done.is_set():
                return
            self._ask(agency, chosen.choice(ways)(chosen), f"turn {turn} of {agency}")

    def _ask(self, agency: str, way: dict[str, Any], why: str) -> None:
        came = bytearray()
        try:
            with asked(self.records, agency, way, why) as answer:
                for piece in answer.iter_bytes():
                    came += piece
                    if way["url"] == _LIVE and _MARK.search(came.decode(errors="replace")):
                        break  # By itself it never ends.
        except httpx.TransportError:
            self.cut += 1
        self.shown[why] = self.records.shown_in(came.decode(errors="replace"))

    def answers(self) -> int:
        """How many showed somebody."""
        return sum(1 for entries in list(self.shown.values()) if entries)


async def test_no_answer_of_a_gateway_that_is_killed_is_missing_from_the_ledger(stack: Stack, records: Records) -> None:
    reading = Reading(records, Event(), {})
    for agency in READERS:
        records.room.as_agency(agency)
    with ThreadPoolExecutor(len(READERS)) as threads:
        running = [threads.submit(reading.ask_until_done, number) for number in range(len(READERS))]
        try:
            for _ in range(KILLS):
                _tend_until(stack, reading, reading.answers() + BETWEEN_KILLS, running)
                stack.gateway.kill()
            _tend_until(stack, reading, reading.answers() + BETWEEN_KILLS, running)
        finally:
            reading.done.set()

    lines = await written(stack, records.room.operation)

    missing = {why: entries - lines.get(why, set()) for why, entries in reading.shown.items()}
    assert {why: entries for why, entries in missing.items() if entries} == {}
    assert reading.cut >= KILLS
    assert reading.answers() >= KILLS * BETWEEN_KILLS


def _tend_until(stack: Stack, reading: Reading, answers: int, running: list[Future[None]]) -> None:
    """Starts the gateway again when it is dead, until so many answers have come."""
    while reading.answers() < answers:
        stack.tend()
        failed = wait(running, timeout=0.05, return_when=FIRST_EXCEPTION).done
        for one in failed:
            one.result()
