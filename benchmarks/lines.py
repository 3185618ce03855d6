"""A long NDJSON stream: events a second, and how much memory the gateway holds while it passes.

`uv run python -m benchmarks.lines [lines]`: asked is under 250 MiB, whatever the length.
The client does not read while it sends, so it posts the stream in parts of 10,000 lines.
"""

import sys
import time
from collections.abc import Iterator

import httpx

from benchmarks.load import cpu_seconds, resident_mebibytes
from benchmarks.rooms import Room, report, room
from benchmarks.table import show


def main() -> None:
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with room() as opened:
        before = resident_mebibytes(opened.stack.gateway.pid)
        rows = [_pass(opened, lines, "new"), _pass(opened, lines // 10, "replays")]
        show(
            f"NDJSON; the gateway held {before:.0f} MiB before",
            ("", "lines", "lines/s", "gateway us", "most MiB, asked"),
            rows,
        )


def _pass(opened: Room, lines: int, name: str) -> tuple[str, int, float, float, str]:
    pid, most, answered = opened.stack.gateway.pid, 0.0, 0
    cpu, start = cpu_seconds(pid), time.perf_counter()
    headers = {"Authorization": f"Bearer {opened.token}", "Content-Type": "application/x-ndjson"}
    with httpx.Client(base_url=opened.stack.base_url, timeout=600) as client:
        for part in range(0, lines, 10_000):
            count = min(10_000, lines - part)
            answer = client.post(f"{opened.path}/events", content=_lines(part, count), headers=headers)
            answered += answer.text.count("\n")
            most = max(most, resident_mebibytes(pid))
    if answered != lines:
        raise RuntimeError(f"{answered} of {lines} lines were answered")
    seconds, used = time.perf_counter() - start, cpu_seconds(pid) - cpu
    return name, lines, lines / seconds, used * 1e6 / lines, f"{most:.0f}  under 250"


def _lines(start: int, count: int) -> Iterator[bytes]:
    template = report("arrest.made.v1", "XX-NUMBER")
    for at in range(start, start + count, 100):
        yield b"".join(
            template.replace(b"XX-NUMBER", b"line-%d" % index) + b"\n"
            for index in range(at, min(at + 100, start + count))
        )


if __name__ == "__main__":
    main()
