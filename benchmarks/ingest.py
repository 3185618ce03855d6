"""Posting: the gateway's CPU for one event, beside the floors of the same run.

`uv run python -m benchmarks.ingest`: rates are the machine's; the ratios are what is held (a single post at most
4 x a bare ASGI application that validates, 2.5 x with the publish taken out; an event of a batch of 500 at most 4 x
validating its bytes). What is compared is measured in turns, round after round, and each ratio is of one round: a
machine that is busy for a moment slows both. Shown is the median, with the least and the most beside it.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from statistics import median

from benchmarks.bare import validating_microseconds
from benchmarks.load import Load, percentile, request, send_all
from benchmarks.rooms import BATCH, STRUCTURED, Room, report, room, served, unpublished
from benchmarks.table import show

ROUNDS = 7
SINGLES = 3000
CLIENTS = 64
BATCHES = {100: 15, 500: 8, 1000: 4}
"""How many of each size in a round."""

Rows = dict[str, list[tuple[float, float, float]]]
"""By name and round: events a second, microseconds of CPU each, and how many times the floor that is."""


def main() -> None:
    rows: Rows = defaultdict(list)
    milliseconds: list[float] = []
    with (
        served("benchmarks.bare:bare") as bare,
        served("benchmarks.bare:route") as route,
        room() as opened,
        unpublished(opened.stack.settings) as unstored,
    ):
        for door in (None, unstored):
            asyncio.run(_singles(opened, "warm", door))
        for number in range(ROUNDS):
            milliseconds += _round(rows, number, opened, bare=bare, route=route, unstored=unstored)
    shown = [(name, *_median(of_rounds), _span(name, of_rounds)) for name, of_rounds in rows.items()]
    show("Posting (strict: on disk before the answer)", ("", "events/s", "CPU us", "x floor (from, to), asked"), shown)
    p50, p99 = percentile(milliseconds, 0.5), percentile(milliseconds, 0.99)
    print(f"single posts: p50 {p50:.1f} ms, p99 {p99:.1f} ms")


Server = tuple[int, int]
"""Its port and its process."""


def _round(rows: Rows, number: int, opened: Room, *, bare: Server, route: Server, unstored: Server) -> list[float]:
    """One turn of everything; the milliseconds of its single posts."""
    load = asyncio.run(_floor(*bare))
    floor = load.microseconds_each(SINGLES)
    _note(rows, "bare ASGI + validate_json", load, SINGLES, floor)
    single = asyncio.run(_singles(opened, f"single-{number}"))
    _note(rows, f"single posts, {CLIENTS} clients", single, SINGLES, floor)
    _note(rows, "the same without the publish", asyncio.run(_singles(opened, f"un-{number}", unstored)), SINGLES, floor)
    _note(rows, "the same again (replays)", asyncio.run(_singles(opened, f"single-{number}")), SINGLES, floor)
    _note(rows, "bare FastAPI route + validate_json", asyncio.run(_floor(*route)), SINGLES, floor)
    validating = validating_microseconds([_arrest(f"validated-{index}") for index in range(5000)])
    rows["validate_json alone"].append((1e6 / validating, validating, 1.0))
    for again in ("", " again (replays)"):
        for size, count in BATCHES.items():
            load = asyncio.run(_batches(opened, size, count, number))
            _note(rows, f"batches of {size}{again}", load, size * count, validating)
    return single.milliseconds


def _note(rows: Rows, name: str, load: Load, events: int, floor: float) -> None:
    each = load.microseconds_each(events)
    rows[name].append((events / load.seconds, each, each / floor))


async def _floor(port: int, pid: int) -> Load:
    bodies = [request("/", _arrest(f"floor-{index}"), media=STRUCTURED) for index in range(SINGLES)]
    await send_all(port, bodies[:200], clients=CLIENTS, pid=pid)
    return await send_all(port, bodies, clients=CLIENTS, pid=pid)


async def _singles(opened: Room, name: str, door: Server | None = None) -> Load:
    def requests() -> Iterator[bytes]:
        for index in range(SINGLES if name != "warm" else 500):
            body = _arrest(f"{name}-{index}")
            yield request(f"{opened.path}/events", body, media=STRUCTURED, token=opened.token)

    return await _sent(opened, list(requests()), clients=CLIENTS, door=door)


async def _batches(opened: Room, size: int, count: int, turn: int) -> Load:
    requests = []
    for number in range(count):
        body = b"[" + b",".join(_arrest(f"batch-{turn}-{size}-{number}-{index}") for index in range(size)) + b"]"
        requests.append(request(f"{opened.path}/events", body, media=BATCH, token=opened.token))
    return await _sent(opened, requests, clients=4)


async def _sent(opened: Room, requests: list[bytes], *, clients: int, door: Server | None = None) -> Load:
    """By the room's own gateway, when no other is named."""
    port, pid = door or (opened.stack.settings.port, opened.stack.gateway.pid)
    load = await send_all(port, requests, clients=clients, pid=pid)
    if set(load.statuses) - {200, 201, 207}:
        raise RuntimeError(f"refused: {load.statuses}")
    return load


def _arrest(id: str) -> bytes:
    return report("arrest.made.v1", id)


def _median(of_rounds: list[tuple[float, float, float]]) -> tuple[float, float]:
    return median(rate for rate, _, _ in of_rounds), median(each for _, each, _ in of_rounds)


_ASKED = {
    "bare ASGI + validate_json": "floor",
    "validate_json alone": "floor of a batch",
    f"single posts, {CLIENTS} clients": "at most 4",
    "the same without the publish": "at most 2.5",
    "batches of 500": "at most 4",
}


def _span(name: str, of_rounds: list[tuple[float, float, float]]) -> str:
    ratios = sorted(ratio for _, _, ratio in of_rounds)
    asked = _ASKED.get(name, "")
    if asked.startswith("floor"):
        return asked
    return f"{median(ratios):.2f} ({ratios[0]:.2f}, {ratios[-1]:.2f})  {asked}"


if __name__ == "__main__":
    main()
