"""From `vcp demo`, installed, to the first answered request; and the whole drill Danube through HTTP.

`uv run python -m benchmarks demo`: asked are under 8 s and under 15 s.
"""

import re
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import TemporaryFile

from benchmarks.table import show
from services.shared.embedded import free_port

FIRST_ANSWER_SECONDS, DRILL_SECONDS = 8, 15
_DRILL = re.compile(r"(\d+) reports in ([\d.]+) s")
_PATIENCE_SECONDS = 120.0


def main() -> None:
    port = free_port()
    with TemporaryFile("w+") as said:
        start = time.perf_counter()
        command = [str(Path(sys.executable).parent / "vcp"), "demo", "--exit", "--port", str(port)]
        demo = subprocess.Popen(command, stdout=said, stderr=subprocess.DEVNULL)
        try:
            while not _answers(port):
                if demo.poll() is not None or time.perf_counter() - start > _PATIENCE_SECONDS:
                    raise RuntimeError("vcp demo answers nothing")
                time.sleep(0.02)
            first = time.perf_counter() - start
            status = demo.wait(timeout=_PATIENCE_SECONDS)
            whole = time.perf_counter() - start
        finally:
            demo.terminate()
            demo.wait()
        said.seek(0)
        printed = _DRILL.search(" ".join(said.read().split()))
    if status != 0 or printed is None:
        raise RuntimeError(f"vcp demo ended with {status}")
    rows = [
        ("until the first answered request", first, f"under {FIRST_ANSWER_SECONDS}"),
        (f"the drill, {printed[1]} reports", float(printed[2]), f"under {DRILL_SECONDS}"),
        ("from nothing to the figures and the end", whole, ""),
    ]
    show("vcp demo", ("", "s", "asked"), rows)


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    main()
