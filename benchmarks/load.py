"""A cheap client for load: prebuilt HTTP/1.1 requests over raw sockets, so that it does not dominate."""

import asyncio
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Load:
    """What a round of posts took."""

    answers: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    milliseconds: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    def microseconds_each(self, events: int) -> float:
        """The server's CPU for one event."""
        return self.cpu_seconds * 1e6 / events


def request(path: str, body: bytes, *, media: str, token: str = "", method: str = "POST") -> bytes:
    """One request as bytes."""
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: {media}\r\n"
        f"Authorization: Bearer {token}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def send_all(port: int, requests: Iterable[bytes], *, clients: int, pid: int) -> Load:
    """Sends all requests over so many connections, each waiting for its answer, and measures the server process."""
    load, waiting = Load(), iter(requests)
    before, start = cpu_seconds(pid), time.perf_counter()
    await asyncio.gather(*(_client(port, waiting, load) for _ in range(clients)))
    load.seconds = time.perf_counter() - start
    load.cpu_seconds = cpu_seconds(pid) - before
    return load


async def _client(port: int, waiting: Iterator[bytes], load: Load) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
    for one in waiting:
        sent = time.perf_counter()
        writer.write(one)
        status = await _answer(reader)
        load.milliseconds.append((time.perf_counter() - sent) * 1e3)
        load.answers += 1
        load.statuses[status] = load.statuses.get(status, 0) + 1
    writer.close()
    await writer.wait_closed()


async def _answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    lowered = head.lower()
    at = lowered.find(b"content-length: ")
    if at < 0:
        raise ValueError("an answer without content-length")
    await reader.readexactly(int(lowered[at + 16 : lowered.index(b"\r", at)]))
    return int(head[9:12])


def cpu_seconds(pid: int) -> float:
    """What the threads of a process that still run have had of a processor, exact to what the kernel counts by."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(one.read_text().split()[0]) for one in threads) / 1e9


def children(pid: int) -> list[int]:
    """The processes that a process started and that still run."""
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def resident_mebibytes(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
