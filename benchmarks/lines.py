"""One long NDJSON request: lines a second, and how much memory the gateway holds while it passes.

`uv run python -m benchmarks lines --count 1000000`: asked is under 250 MiB, whatever the length (a million lines
were measured at 142). The answer is read while the request is sent, as it is meant to be.
"""

import argparse
import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

from benchmarks.bare import validating_microseconds
from benchmarks.load import cpu_seconds, resident_mebibytes
from benchmarks.rooms import Room, report, room
from benchmarks.table import show

SLICE = 100
MOST_REPLAYED = 100_000
SAMPLE_SECONDS = 0.1
MEBIBYTES = 250
LINE_BYTES = 4096
"""More than a line takes in the log."""


@dataclass
class Passed:
    """What a request took."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    most_mebibytes: float = 0.0
    statuses: dict[int, int] = field(default_factory=dict)


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--count", type=int, default=100_000, help="lines in the one request")
    count = asked.parse_args().count
    floor = validating_microseconds([report("arrest.made.v1", f"validated-{index}") for index in range(5000)])
    with room(log_bytes=max(2**30, count * LINE_BYTES)) as opened:
        before = resident_mebibytes(opened.stack.gateway.pid)
        rows = [("validate_json in the process", "", 1e6 / floor, floor, "floor", "")]
        for name, lines, status in (("new", count, 201), ("again (replays)", min(count, MOST_REPLAYED), 200)):
            passed = asyncio.run(_pass(opened, lines))
            if passed.statuses != {status: lines}:
                raise RuntimeError(f"answered: {passed.statuses}")
            each = passed.cpu_seconds * 1e6 / lines
            most = f"{passed.most_mebibytes:.0f}  under {MEBIBYTES}"
            rows.append((name, f"{lines:,}", lines / passed.seconds, each, f"{each / floor:.2f}", most))
    columns = ("", "lines", "lines/s", "gateway us", "x floor", "most MiB, asked")
    show(f"NDJSON in one request; the gateway held {before:.0f} MiB before", columns, rows)


async def _pass(opened: Room, count: int) -> Passed:
    passed, pid, settings = Passed(), opened.stack.gateway.pid, opened.stack.settings
    reader, writer = await asyncio.open_connection(settings.host, settings.port, limit=2**20)
    cpu, start = cpu_seconds(pid), time.perf_counter()
    sampling = asyncio.create_task(_sample(pid, passed))
    sending = asyncio.create_task(_send(writer, opened, count))
    async for line in _answered(reader):
        status = json.loads(line)["status"]
        passed.statuses[status] = passed.statuses.get(status, 0) + 1
    passed.seconds, passed.cpu_seconds = time.perf_counter() - start, cpu_seconds(pid) - cpu
    await sending
    sampling.cancel()
    writer.close()
    await writer.wait_closed()
    return passed


async def _send(writer: asyncio.StreamWriter, opened: Room, count: int) -> None:
    head = (
        f"POST {opened.path}/events HTTP/1.1\r\nHost: bench\r\nContent-Type: application/x-ndjson\r\n"
        f"Authorization: Bearer {opened.token}\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    writer.write(head.encode())
    for part in _parts(count):
        writer.write(b"%x\r\n%b\r\n" % (len(part), part))
        await writer.drain()
    writer.write(b"0\r\n\r\n")
    await writer.drain()


async def _answered(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(head.partition(b"\r\n")[0].decode())
    rest = b""
    while size := int(await reader.readline(), 16):
        *lines, rest = (rest + (await reader.readexactly(size + 2))[:-2]).split(b"\n")
        for line in lines:
            yield line


async def _sample(pid: int, passed: Passed) -> None:
    while True:
        passed.most_mebibytes = max(passed.most_mebibytes, resident_mebibytes(pid))
        await asyncio.sleep(SAMPLE_SECONDS)


def _parts(count: int) -> Iterator[bytes]:
    template = report("arrest.made.v1", "XX-NUMBER") + b"\n"
    for start in range(0, count, SLICE):
        numbers = range(start, min(start + SLICE, count))
        yield b"".join(template.replace(b"XX-NUMBER", b"line-%d" % number) for number in numbers)


if __name__ == "__main__":
    main()
