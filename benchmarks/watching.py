"""Many who watch: 500 live streams of one operation, and how long after its post each of them shows an entry.

`uv run python -m benchmarks.watching`: 100 posts a second for 20 seconds; asked is p99 under 1 s, and no entry lost.
"""

import asyncio
import re
import time

import httpx

from benchmarks.load import cpu_seconds, percentile
from benchmarks.rooms import STRUCTURED, Room, report, room
from benchmarks.table import show

RATE = 100
SECONDS = 20
VIEWERS = 500
_ENTRY = re.compile(rb'data: \{"entry":"([0-9a-f-]{36})"')
_LONGEST = 60


def main() -> None:
    with room() as opened:
        answered, seen, processor = asyncio.run(_measure(opened))
    waits = [(at - answered[entry]) * 1e3 for one in seen for entry, at in one.items()]
    lost = sum(len(answered) - len(one) for one in seen)
    rows = [
        ("answer to each viewer", percentile(waits, 0.5), percentile(waits, 0.99), "p99 under 1,000"),
        ("entries that a viewer lost", lost, "", "0"),
        ("gateway's processor, us a delivery", processor / len(waits) * 1e6, "", ""),
    ]
    show(f"{VIEWERS} viewers at {RATE}/s", ("", "p50 ms", "p99 ms", "asked"), rows)


async def _measure(opened: Room) -> tuple[dict[str, float], list[dict[str, float]], float]:
    answered: dict[str, float] = {}
    seen: list[dict[str, float]] = [{} for _ in range(VIEWERS)]
    open_streams = asyncio.Semaphore(0)
    watching = [asyncio.create_task(_watch(opened, one, open_streams)) for one in seen]
    for _ in range(VIEWERS):
        await open_streams.acquire()
    before = cpu_seconds(opened.stack.gateway.pid)
    headers = {"Authorization": f"Bearer {opened.token}"}
    limits = httpx.Limits(max_connections=32)
    async with httpx.AsyncClient(base_url=opened.stack.base_url, headers=headers, timeout=60, limits=limits) as client:
        start, posts = time.perf_counter(), []
        for index in range(RATE * SECONDS):
            await asyncio.sleep(max(start + index / RATE - time.perf_counter(), 0))
            posts.append(asyncio.create_task(_post(client, opened, index, answered)))
        await asyncio.gather(*posts)
    _, late = await asyncio.wait(watching, timeout=60)
    for task in late:
        task.cancel()
    return answered, seen, cpu_seconds(opened.stack.gateway.pid) - before


async def _post(client: httpx.AsyncClient, opened: Room, index: int, answered: dict[str, float]) -> None:
    body = report("arrest.made.v1", f"watched-{index}")
    answer = await client.post(f"{opened.path}/events", content=body, headers={"Content-Type": STRUCTURED})
    answered[answer.raise_for_status().json()["entry"]] = time.perf_counter()


async def _watch(opened: Room, seen: dict[str, float], open_streams: asyncio.Semaphore) -> None:
    """Reads the socket itself: five hundred HTTP clients in Python would measure themselves."""
    settings = opened.stack.settings
    reader, writer = await asyncio.open_connection(settings.host, settings.port, limit=2**22)
    head = f"GET {opened.path}/live HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {opened.token}\r\n\r\n"
    writer.write(head.encode())
    await reader.readuntil(b"event: now")
    open_streams.release()
    tail = b""
    while len(seen) < RATE * SECONDS and (read := await reader.read(2**20)):
        at = time.perf_counter()
        for found in _ENTRY.finditer(tail + read):
            seen.setdefault(found[1].decode(), at)
        # An id may be cut off at the end, and is looked for again with what follows.
        tail = read[-_LONGEST:]
    writer.close()


if __name__ == "__main__":
    main()
