"""Posting: the gateway's CPU for one event, beside the floors of the same run.

`uv run python -m benchmarks.ingest`: rates are the machine's; the ratios are what is held (a single post at most
4 x a bare ASGI application that validates, an event of a batch of 500 at most 4 x validating its bytes).
"""

import asyncio
from collections.abc import Iterator

from benchmarks.bare import validating_microseconds
from benchmarks.load import Load, percentile, request, send_all
from benchmarks.rooms import BATCH, STRUCTURED, Room, report, room, served, unpublished
from benchmarks.table import show

SINGLES = 6000
CLIENTS = 64
BATCHES = {100: 60, 500: 16, 1000: 8}


def main() -> None:
    rows: list[tuple[str, float, float, str]] = []
    with served("benchmarks.bare:bare") as (port, pid):
        bare = asyncio.run(_floor(port, pid))
    with served("benchmarks.bare:route") as (port, pid):
        route = asyncio.run(_floor(port, pid))
    floor = bare.microseconds_each(SINGLES)
    rows.append(_row("bare ASGI + validate_json", bare, SINGLES, floor, "floor"))
    rows.append(_row("bare FastAPI route + validate_json", route, SINGLES, floor, ""))
    validating = validating_microseconds([_arrest(f"validated-{index}") for index in range(5000)])
    with room() as opened:
        asyncio.run(_singles(opened, "warm"))
        single = asyncio.run(_singles(opened, "single"))
        rows.append(_row(f"single posts, {CLIENTS} clients", single, SINGLES, floor, "at most 4"))
        with unpublished(opened.stack.settings) as (port, pid):
            asyncio.run(_singles(opened, "warm", port=port, pid=pid))
            stored_none = asyncio.run(_singles(opened, "unpublished", port=port, pid=pid))
        rows.append(_row("the same without the publish", stored_none, SINGLES, floor, "at most 2.5"))
        replay = asyncio.run(_singles(opened, "single"))
        rows.append(_row("the same again (replays)", replay, SINGLES, floor, ""))
        rows.append(("validate_json in the process", 1e6 / validating, validating, "floor of a batch"))
        for size, count in BATCHES.items():
            load = asyncio.run(_batches(opened, size, count))
            asked = "at most 4" if size == 500 else ""
            rows.append(_row(f"batches of {size}", load, size * count, validating, asked))
        for size, count in BATCHES.items():
            again = asyncio.run(_batches(opened, size, count))
            rows.append(_row(f"batches of {size} again (replays)", again, size * count, validating, ""))
    show("Posting (strict: on disk before the answer)", ("", "events/s", "gateway us", "x floor, asked"), rows)
    p50, p99 = percentile(single.milliseconds, 0.5), percentile(single.milliseconds, 0.99)
    print(f"single posts: p50 {p50:.1f} ms, p99 {p99:.1f} ms")


async def _floor(port: int, pid: int) -> Load:
    bodies = [request("/", _arrest(f"floor-{index}"), media=STRUCTURED) for index in range(SINGLES)]
    await send_all(port, bodies[:500], clients=CLIENTS, pid=pid)
    return await send_all(port, bodies, clients=CLIENTS, pid=pid)


async def _singles(opened: Room, name: str, *, port: int | None = None, pid: int | None = None) -> Load:
    def requests() -> Iterator[bytes]:
        for index in range(SINGLES if name != "warm" else 500):
            body = _arrest(f"{name}-{index}")
            yield request(f"{opened.path}/events", body, media=STRUCTURED, token=opened.token)

    return await _sent(opened, list(requests()), clients=CLIENTS, port=port, pid=pid)


async def _batches(opened: Room, size: int, count: int) -> Load:
    requests = []
    for number in range(count):
        body = b"[" + b",".join(_arrest(f"batch-{size}-{number}-{index}") for index in range(size)) + b"]"
        requests.append(request(f"{opened.path}/events", body, media=BATCH, token=opened.token))
    return await _sent(opened, requests, clients=4)


async def _sent(
    opened: Room, requests: list[bytes], *, clients: int, port: int | None = None, pid: int | None = None
) -> Load:
    """By the room's own gateway, when no other is named."""
    stack = opened.stack
    load = await send_all(port or stack.settings.port, requests, clients=clients, pid=pid or stack.gateway.pid)
    if set(load.statuses) - {200, 201, 207}:
        raise RuntimeError(f"refused: {load.statuses}")
    return load


def _arrest(id: str) -> bytes:
    return report("arrest.made.v1", id)


def _row(name: str, load: Load, events: int, floor: float, asked: str) -> tuple[str, float, float, str]:
    each = load.microseconds_each(events)
    return name, events / load.seconds, each, f"{each / floor:.2f}  {asked}"


if __name__ == "__main__":
    main()
