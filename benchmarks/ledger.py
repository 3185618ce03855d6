"""Asking the disclosure ledger who was shown a person, once a long operation has filled it.

`uv run python -m benchmarks.ledger [lines]`; the bound is a second for the answer about a record.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import httpx
from sqlalchemy import create_engine

from benchmarks.load import percentile
from benchmarks.rooms import BATCH, OPERATION, Room, room
from benchmarks.table import show
from schemas.event import REGISTER
from services.shared.bus import Log
from services.shared.database import engine_url
from services.shared.disclosures import Disclosure
from services.shared.nats_rights import INSTALLER
from services.shared.officers import EVERYWHERE, Place, add_officer
from services.shared.passwords import hashed, new_password

RECORDS = 10_000
PERSONS = 2_500
"""Each stands in four records."""
ENTRIES_A_LINE = 30
WANTED_SHARE = 0.02
"""Of all lines show the one person whom everybody looks at."""
READERS = ("AL", "AT", "BG", "GR", "HR", "MD", "ME", "MK", "PL", "RO", "RS", "SI", "SK")
OFFICERS = 500
ROUNDS = 30
_AT_ONCE = 5_000
_AUDITOR = "invented.auditor"


def main() -> None:
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with room() as opened:
        entries = _fill(opened)
        start = time.perf_counter()
        asyncio.run(_write(opened, entries, lines))
        written = time.perf_counter()
        with opened.client() as client:
            first = client.get(f"{opened.path}/disclosures/{entries[1]}").raise_for_status()
            indexed = time.perf_counter()
            steps = [
                ("lines written", written - start),
                ("first question: the index catches up", indexed - written),
                ("of its lines, about that record", len(first.json()["given"])),
            ]
            show(f"A ledger of {lines:,} lines, {ENTRIES_A_LINE} records each", ("", "s"), steps)
            show("Who was shown a person", ("", "p50 ms", "p99 ms", "lines told"), _questions(opened, client, entries))


def _questions(opened: Room, client: httpx.Client, entries: list[str]) -> list[tuple[str, float, float, int]]:
    chosen = Random(4)
    auditor = _auditor(opened)

    def of_record(entry: str) -> int:
        return len(client.get(f"{opened.path}/disclosures/{entry}").raise_for_status().json()["given"])

    def officers_of(entry: str) -> int:
        given = client.get(f"{opened.path}/disclosures/{entry}").raise_for_status().json()["given"]
        return len({line["actor"] for line in given})

    def of_person(number: int) -> int:
        """By name: the records in which they stand, and of each who was shown it."""
        sought = {"name": _name(number)}
        found = client.post(f"{opened.path}/search", json=sought).raise_for_status().json()["items"]
        return sum(of_record(item["entry"]) for item in found)

    def audited(**asked: str | int) -> int:
        return len(auditor.get(f"{opened.path}/disclosures", params=asked).raise_for_status().json()["items"])

    questions: dict[str, Callable[[], int]] = {
        "originator, a record": lambda: of_record(chosen.choice(entries[1:])),
        "originator, the record that everybody reads": lambda: of_record(entries[0]),
        "the same, told apart by its officers": lambda: officers_of(entries[0]),
        "originator, a name: its search, then each record": lambda: of_person(chosen.randrange(1, PERSONS)),
        "auditor, the latest lines": lambda: audited(),
        "auditor, a record": lambda: audited(entry=chosen.choice(entries[1:]), limit=1000),
        "auditor, what one agency was shown": lambda: audited(agency="MD", limit=1000),
        "auditor, what was exported": lambda: audited(act="export", limit=1000),
    }
    rows = []
    for name, ask in questions.items():
        times, told = [], 0
        for _ in range(ROUNDS):
            start = time.perf_counter()
            told = ask()
            times.append((time.perf_counter() - start) * 1e3)
        rows.append((name, percentile(times, 0.5), percentile(times, 0.99), told))
    auditor.close()
    return rows


def _fill(opened: Room) -> list[str]:
    """Records that name persons; their entries."""
    entries, size = [], 500
    with opened.client() as client:
        for start in range(0, RECORDS, size):
            body = json.dumps([_report(number) for number in range(start, start + size)])
            answer = client.post(f"{opened.path}/events", content=body, headers={"Content-Type": BATCH})
            entries += [one["receipt"]["entry"] for one in answer.raise_for_status().json()["results"]]
        client.get(f"{opened.path}/timeline", params={"after": entries[-1], "wait": 30}).raise_for_status()
    return entries


def _report(number: int) -> dict[str, object]:
    name = {"family": _name(number % PERSONS), "given": None, "script": "Latn"}
    person = {"names": [name], "nationalities": ["IL"], "subject_category": "suspect", "minor": False}
    data = {**REGISTER["arrest.made.v1"].example(), "person": person, "result_of": None, "incident": None}
    return {"specversion": "1.0", "id": str(number), "source": "/bench", "type": "arrest.made.v1", "data": data}


def _name(person: int) -> str:
    """An invented name of its own for each."""
    syllables = ("ba", "do", "ke", "li", "mu", "na", "pe", "ri", "so", "tu", "va", "zo")
    said = ""
    for _ in range(5):
        person, syllable = divmod(person, len(syllables))
        said += syllables[syllable]
    return said.capitalize()


async def _write(opened: Room, entries: list[str], lines: int) -> None:
    """As gateways write them, over ninety days."""
    chosen, ids = Random(7), [UUID(entry) for entry in entries]
    log = await Log.connect(opened.stack.settings, name=INSTALLER, patience=5)
    ledger = await log.disclosures()
    begin = datetime.now(UTC) - timedelta(days=90)
    for start in range(0, lines, _AT_ONCE):
        batch = []
        for number in range(start, min(start + _AT_ONCE, lines)):
            shown = chosen.sample(ids, ENTRIES_A_LINE - 1)
            shown += [ids[0]] if chosen.random() < WANTED_SHARE else []
            act = chosen.choices(("consultation", "live", "combination", "export"), (70, 25, 4, 1))[0]
            at, reader = begin + timedelta(days=90) * (number / lines), chosen.choice(READERS)
            officer = f"officer {chosen.randrange(OFFICERS):08x}"
            batch.append(Disclosure(at, OPERATION, act, "BA", reader, officer, "conduct", tuple(shown), len(entries)))
        await ledger.write(batch)
    await log.close()


def _auditor(opened: Room) -> httpx.Client:
    """A browser in which an auditor has signed in."""
    password = new_password()
    engine = create_engine(engine_url(opened.stack.settings.gateway_database_url))
    with engine.begin() as connection:
        places = {EVERYWHERE: Place("auditor")}
        add_officer(connection, _AUDITOR, agency="BA", places=places, password=hashed(password), subject=None)
    engine.dispose()
    client = httpx.Client(base_url=opened.stack.base_url, timeout=120)
    client.post("/v1/session", json={"name": _AUDITOR, "password": password}).raise_for_status()
    return client


if __name__ == "__main__":
    main()
