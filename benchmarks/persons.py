"""Need to know: what sealing costs a post and the ledger costs a read, beside the same gateway without either.

`uv run python -m benchmarks.persons`: both gateways are as old, stand before one log and one
database, and take turns.
"""

import asyncio
import json
from collections.abc import Callable
from itertools import count
from statistics import median

from benchmarks.load import Load, percentile, request, send_all
from benchmarks.rooms import BATCH, STRUCTURED, Room, room, without
from benchmarks.sealing import floors
from benchmarks.table import show
from schemas.event import REGISTER

TURNS = 2
CLIENTS = 16
SINGLES, BATCHES, IN_A_BATCH = 1500, 6, 500
LOOKS, PAGES, ON_A_PAGE = 1500, 60, 100
_SYLLABLES = ("ba", "da", "fi", "go", "ka", "li", "mo", "na", "ru", "te")
Served = tuple[int, int]
"""A port, and the process behind it."""

_numbers = count()


def main() -> None:
    with room() as opened:
        entries = _filled(opened)
        settings = opened.stack.settings
        with without(settings, "nothing") as own, without(settings, "sealing") as other:
            posts = [
                _compared(f"a post, {CLIENTS} at once", own, other, lambda: _singles(opened), 1),
                _compared(f"a report of a batch of {IN_A_BATCH}", own, other, lambda: _batches(opened), IN_A_BATCH),
            ]
        show("Posting a person: sealed, and in clear", _COLUMNS, posts)
        least = [(one.together, one.cpu_microseconds, one.milliseconds) for one in floors(settings, (1, 8, IN_A_BATCH))]
        show("The least that sealing takes: keys, ciphers, a row for each on disk", _FLOOR_COLUMNS, least)
        with without(settings, "nothing") as own, without(settings, "ledger") as other:
            reads = [
                _compared(f"one entry, {CLIENTS} at once", own, other, lambda: _looks(opened, entries), 1),
                _compared(f"a page of {ON_A_PAGE} entries", own, other, lambda: _pages(opened), 1),
            ]
        show("Reading persons: in the ledger, and not", _COLUMNS, reads)


_FLOOR_COLUMNS = ("at once", "gateway us each", "ms for all")
_COLUMNS = ("", "gateway us", "without", "ratio", "p50 ms", "without", "a second", "without", "ratio")


def _compared(name: str, own: Served, other: Served, made: Callable[[], list[bytes]], each: int) -> tuple[object, ...]:
    """Both in turns, after a turn that is not counted; the medians of the turns."""
    with_it: list[Load] = []
    without_it: list[Load] = []
    for turn in range(TURNS + 1):
        for served, loads in ((own, with_it), (other, without_it)):
            load = _sent(served, made())
            if turn:
                loads.append(load)
    cpu = [median([one.microseconds_each(one.answers * each) for one in loads]) for loads in (with_it, without_it)]
    p50 = [median([percentile(one.milliseconds, 0.5) for one in loads]) for loads in (with_it, without_it)]
    rates = [median([one.answers * each / one.seconds for one in loads]) for loads in (with_it, without_it)]
    return (name, cpu[0], cpu[1], cpu[0] / cpu[1], p50[0], p50[1], rates[0], rates[1], rates[0] / rates[1])


def _sent(served: Served, requests: list[bytes]) -> Load:
    port, pid = served
    load = asyncio.run(send_all(port, requests, clients=CLIENTS, pid=pid))
    if set(load.statuses) - {200, 201, 207}:
        raise RuntimeError(f"answered with {load.statuses}")
    return load


def _filled(opened: Room) -> list[str]:
    """Records that name persons; their entries."""
    with opened.client() as client:
        answer = client.post(f"{opened.path}/events", content=_batch(IN_A_BATCH), headers={"Content-Type": BATCH})
        entries = [one["receipt"]["entry"] for one in answer.raise_for_status().json()["results"]]
        client.get(f"{opened.path}/timeline", params={"after": entries[-1], "wait": 30}).raise_for_status()
    return entries


def _singles(opened: Room) -> list[bytes]:
    path = f"{opened.path}/events"
    return [request(path, _report(), media=STRUCTURED, token=opened.token) for _ in range(SINGLES)]


def _batches(opened: Room) -> list[bytes]:
    path = f"{opened.path}/events"
    return [request(path, _batch(IN_A_BATCH), media=BATCH, token=opened.token) for _ in range(BATCHES)]


def _looks(opened: Room, entries: list[str]) -> list[bytes]:
    asked = (entries[number % len(entries)] for number in range(LOOKS))
    return [_read(opened, f"events/{entry}") for entry in asked]


def _pages(opened: Room) -> list[bytes]:
    return [_read(opened, f"events?limit={ON_A_PAGE}")] * PAGES


def _read(opened: Room, view: str) -> bytes:
    return request(f"{opened.path}/{view}", b"", media=STRUCTURED, token=opened.token, method="GET")


def _batch(size: int) -> bytes:
    return b"[" + b",".join(_report() for _ in range(size)) + b"]"


def _report() -> bytes:
    number = next(_numbers)
    data = {**REGISTER["arrest.made.v1"].example(), "person": _person(number), "warrant": None}
    said = {"specversion": "1.0", "id": f"p{number}", "source": "/bench", "type": "arrest.made.v1"}
    return json.dumps({**said, "data": data}, separators=(",", ":")).encode()


def _person(number: int) -> dict[str, object]:
    """An invented one: some share a name, and each has a document."""
    return {
        "subject_category": "suspect",
        "names": [{"given": _name(number % 331), "family": _name(number % 7919)}],
        "birth_date": f"{1950 + number % 50}-05-17",
        "documents": [{"document_class": "passport", "number": f"INVENTED-{number}", "issuer": "IL"}],
        "minor": False,
    }


def _name(number: int) -> str:
    return "Invented" + "".join(_SYLLABLES[int(digit)] for digit in str(number))


if __name__ == "__main__":
    main()
