"""From the answer to the picture: how long after a post an open live stream shows it, at a steady rate.

`uv run python -m benchmarks.visible`: 200 posts a second for 20 seconds; asked are p50 under 15 and p99 under 100 ms.
"""

import asyncio
import json
import time

import httpx

from benchmarks.load import percentile
from benchmarks.rooms import STRUCTURED, Room, report, room
from benchmarks.table import show

RATE = 200
SECONDS = 20


def main() -> None:
    with room() as opened:
        answered, seen, sent = asyncio.run(_measure(opened))
    waits = [(seen[entry] - at) * 1e3 for entry, at in answered.items()]
    answers = [(answered[entry] - at) * 1e3 for entry, at in sent.items()]
    rows = [
        ("post to answer", percentile(answers, 0.5), percentile(answers, 0.99), ""),
        ("answer to live stream", percentile(waits, 0.5), percentile(waits, 0.99), "under 15 and 100"),
    ]
    show(f"Accepted to visible at {RATE}/s", ("", "p50 ms", "p99 ms", "asked"), rows)


async def _measure(opened: Room) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    answered: dict[str, float] = {}
    seen: dict[str, float] = {}
    sent: dict[str, float] = {}
    headers = {"Authorization": f"Bearer {opened.token}"}
    limits = httpx.Limits(max_connections=64)
    async with (
        httpx.AsyncClient(base_url=opened.stack.base_url, headers=headers, timeout=60, limits=limits) as client,
        client.stream("GET", f"{opened.path}/live") as live,
    ):
        watching = asyncio.create_task(_watch(live, seen, RATE * SECONDS))
        start, posts = time.perf_counter(), []
        for index in range(RATE * SECONDS):
            await asyncio.sleep(max(start + index / RATE - time.perf_counter(), 0))
            posts.append(asyncio.create_task(_post(client, opened, index, sent, answered)))
        await asyncio.gather(*posts)
        await asyncio.wait_for(watching, 30)
    return answered, seen, sent


async def _post(
    client: httpx.AsyncClient, opened: Room, index: int, sent: dict[str, float], answered: dict[str, float]
) -> None:
    body, start = report("arrest.made.v1", f"visible-{index}"), time.perf_counter()
    answer = await client.post(f"{opened.path}/events", content=body, headers={"Content-Type": STRUCTURED})
    entry = answer.raise_for_status().json()["entry"]
    sent[entry], answered[entry] = start, time.perf_counter()


async def _watch(live: httpx.Response, seen: dict[str, float], wanted: int) -> None:
    async for line in live.aiter_lines():
        if line.startswith("data: {") and len(line) > 10:
            seen[json.loads(line[6:])["entry"]] = time.perf_counter()
            if len(seen) == wanted:
                return


if __name__ == "__main__":
    main()
