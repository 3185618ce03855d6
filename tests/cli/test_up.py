"""`vcp up` as an operator meets it: a real process with everything under it, on a folder of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest

from services.shared.embedded import free_port
from services.shared.running import settings_of_running

VCP = (sys.executable, "-m", "services.cli")


@dataclass
class Up:
    """A running `vcp up`."""

    process: subprocess.Popen[str]
    folder: Path
    port: int

    @property
    def parts(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def hear(self, words: str) -> str:
        """Reads what it says until it says this."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            if words in line:
                return line
        raise AssertionError(f"it ended without saying: {words}")

    def status(self, path: str) -> int:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path)
        status = connection.getresponse().status
        connection.close()
        return status


@pytest.fixture
def folder() -> Iterator[Path]:
    with new_folder() as made:
        yield made


@pytest.fixture
def start_up(folder: Path) -> Iterator[Callable[[], Up]]:
    with ExitStack() as running:
        yield lambda: running.enter_context(started(folder))


@pytest.fixture(scope="module")
def up() -> Iterator[Up]:
    """One that all tests share which leave it running."""
    with new_folder() as folder, started(folder) as running:
        yield running


@contextmanager
def new_folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="vcp-up-") as made:
        Path(made).chmod(0o711)
        yield Path(made)


@contextmanager
def started(folder: Path) -> Iterator[Up]:
    port = free_port()
    command = [*VCP, "up", "--data", str(folder), "--port", str(port)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment(folder))
    up = Up(process, folder, port)
    up.hear("Ready at")
    yield up
    if process.poll() is None:
        process.terminate()
    process.communicate(timeout=60)


def vcp(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*VCP, *arguments], capture_output=True, text=True, check=False, timeout=60, env=environment(folder)
    )


def environment(folder: Path) -> dict[str, str]:
    """A terminal of its own width, and no VCP_ variables but those a test sets."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VCP_")}
    return {**kept, "COLUMNS": "200", "HOME": str(folder)}


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_stops_all_parts_and_the_next_start_finds_the_data(
    start_up: Callable[[], Up], folder: Path, sign: signal.Signals
) -> None:
    first = start_up()
    token = vcp("agency", "add", "AT", "--data", str(folder), folder=folder).stdout
    parts = first.parts

    first.process.send_signal(sign)
    first.process.communicate(timeout=60)

    assert first.process.returncode == 0
    assert len(parts) > 4
    assert not [part for part in parts if part.is_running()]
    second = start_up()
    assert second.status("/health/ready") == 200
    assert token.startswith("vcp_")
    assert "AT" in vcp("agency", "list", "--data", str(folder), folder=folder).stdout


def test_a_second_vcp_on_the_folder_says_so(up: Up) -> None:
    second = vcp("up", "--data", str(up.folder), "--port", str(free_port()), folder=up.folder)

    assert second.returncode == 1
    assert f"Another vcp already runs on {up.folder}" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_taken_port_is_said_in_a_sentence(up: Up, folder: Path) -> None:
    second = vcp("up", "--data", str(folder), "--port", str(up.port), folder=folder)

    assert second.returncode == 1
    assert f"Port {up.port} is taken" in second.stderr


def test_a_killed_supervisor_leaves_no_part_behind(start_up: Callable[[], Up], folder: Path) -> None:
    up = start_up()
    parts = up.parts

    up.process.kill()
    up.process.communicate(timeout=60)

    _, alive = psutil.wait_procs(parts, timeout=30)
    assert not [part for part in alive if part.status() != psutil.STATUS_ZOMBIE]
    assert start_up().status("/health/ready") == 200


@pytest.mark.parametrize("part", ["projector", "postgres", "nats-server", "gateway"])
def test_a_part_that_dies_is_started_again_and_said(up: Up, part: str) -> None:
    victim = next(one for one in up.parts if part in " ".join(one.cmdline()))

    victim.kill()

    name = part.removesuffix("-server")
    assert "starts again in 0.5 s" in up.hear(f"{name} ended with -9")
    up.hear(f"{name} is up again")


def test_an_unknown_variable_stops_the_start(folder: Path) -> None:
    done = subprocess.run(
        [*VCP, "up", "--data", str(folder)],
        env={**environment(folder), "VCP_DATABSE_URL": "x"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 1
    assert "VCP_DATABSE_URL" in done.stderr


def test_a_command_about_a_deployment_that_does_not_run_says_so(folder: Path) -> None:
    done = vcp("agency", "list", "--data", str(folder), folder=folder)

    assert done.returncode == 1
    assert "No vcp runs on" in done.stderr


def test_two_that_start_in_the_same_instant_take_different_ports() -> None:
    with new_folder() as one, new_folder() as other, ThreadPoolExecutor(2) as at_once, ExitStack() as running:
        begun = [at_once.submit(running.enter_context, started(folder)) for folder in (one, other)]
        both = [future.result() for future in begun]

        assert [up.status("/health/ready") for up in both] == [200, 200]
        settings = [settings_of_running(up.folder) for up in both]
        assert len({one.nats_url for one in settings if one is not None}) == 2
