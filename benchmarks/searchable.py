"""From a contribution to its being searched: how long until the engine has raised what an earlier question finds in it.

`uv run python -m benchmarks searchable --contributions 200`: questions about persons of whom nobody has told yet, then
those persons, one after the other, and between the two moments that the log keeps: the record is read by the engine,
compared with all questions, looked at once more and its hit stored with fsync. So it is searchable earlier than this.
"""

import argparse
import json
import time
from datetime import datetime
from random import Random
from statistics import quantiles
from typing import Any

import httpx

from benchmarks.danube import EVERYBODY, agencies, as_bearer, record
from benchmarks.danube_people import person
from benchmarks.rooms import STRUCTURED, Room, report, room
from benchmarks.table import show

LINES = "application/x-ndjson"
WITHIN_SECONDS = 120.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contributions", type=int, default=200)
    parser.add_argument("--a-second", type=float, default=5.0, help="how many are contributed a second (5)")
    parser.add_argument("--seed", type=int, default=2022)
    told = parser.parse_args()
    persons = [person(Random(told.seed + number)) for number in range(told.contributions)]
    with room() as opened:
        asker = agencies(opened)
        with as_bearer(opened, asker) as client:
            questions = b"".join(_question(number, one) + b"\n" for number, one in enumerate(persons))
            client.post(f"{opened.path}/events", content=questions, headers={"Content-Type": LINES}).raise_for_status()
            _until(lambda: _count(client, opened, "cross_check.resulted.v1") == len(persons))
        with opened.client() as client:
            contributed, began = {}, time.monotonic()
            for number, one in enumerate(persons):
                time.sleep(max(began + number / told.a_second - time.monotonic(), 0.0))
                answer = client.post(
                    f"{opened.path}/events", content=record(number, "person", one), headers={"Content-Type": STRUCTURED}
                )
                answer.raise_for_status()
                contributed[answer.json()["entry"]] = answer.json()["recorded_at"]
        with as_bearer(opened, asker) as client:
            _until(lambda: len(_raised(client, opened)) == len(persons))
            raised = _raised(client, opened)
    seconds = [
        (datetime.fromisoformat(raised[entry]) - datetime.fromisoformat(recorded)).total_seconds()
        for entry, recorded in contributed.items()
    ]
    cuts = quantiles(seconds, n=100)
    row = (len(seconds), 1000 * cuts[49], 1000 * cuts[98], 1000 * max(seconds))
    show("Contributed until its hit is in the log", ("contributions", "p50 ms", "p99 ms", "max ms"), [row])


def _question(number: int, about: dict[str, Any]) -> bytes:
    names = [{"given": about["given"], "family": about["family"]}]
    subject = {
        "subject_category": "suspect",
        "names": names,
        "birth_date": about["birth_date"],
        "sex": about["sex"],
    }
    handling = {"codes": ["H0"]}
    return report(
        "cross_check.requested.v1",
        f"question-{number}",
        target="EUROPOL",
        audience=EVERYBODY,
        handling=handling,
        subject=subject,
    )


def _until(holds: Any) -> None:
    deadline = time.monotonic() + WITHIN_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            raise RuntimeError("what was waited for has not come")
        time.sleep(0.2)


def _log(client: httpx.Client, opened: Room) -> list[dict[str, Any]]:
    headers = {"Accept": LINES, "Vcp-Purpose": "measuring"}
    return [json.loads(line) for line in client.get(f"{opened.path}/events", headers=headers).text.splitlines()]


def _count(client: httpx.Client, opened: Room, type: str) -> int:
    return sum(one["report"]["type"] == type for one in _log(client, opened))


def _raised(client: httpx.Client, opened: Room) -> dict[str, str]:
    """When the first hit of each record was stored."""
    raised: dict[str, str] = {}
    for one in _log(client, opened):
        if one["report"]["type"] == "hit.raised.v1":
            raised.setdefault(one["report"]["data"]["record"], one["recorded_at"])
    return raised
