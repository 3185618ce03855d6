"""The embedded servers: what they leave behind, what they find, and what they say when they cannot start."""

import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import psycopg
import pytest

from services.shared.child_process import ChildProcess
from services.shared.embedded import EmbeddedRefused, claim, free_port, held, secret_file
from services.shared.embedded_nats import EmbeddedNats
from services.shared.embedded_postgres import EmbeddedPostgres


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not pytest's own temporary folder: that one is closed to the user Postgres runs as."""
    with TemporaryDirectory(prefix="vcp-embedded-") as made:
        Path(made).chmod(0o711)
        yield Path(made)


def test_a_folder_is_held_by_one_vcp_at_a_time(folder: Path) -> None:
    with held(folder), pytest.raises(EmbeddedRefused, match="already runs"), held(folder):
        pytest.fail("two hold the folder")

    with held(folder):
        pass


def test_a_folder_that_cannot_be_made_is_said_in_a_sentence(folder: Path) -> None:
    (folder / "file").write_text("")

    with pytest.raises(EmbeddedRefused, match="cannot be used"), held(folder / "file" / "data"):
        pass


def test_a_full_disk_is_said_before_anything_starts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.shared.embedded.NEEDED_BYTES", 2**60)

    with pytest.raises(EmbeddedRefused, match="MiB are needed"), held(folder):
        pass


def test_the_secret_is_made_once_and_only_its_owner_reads_it(folder: Path) -> None:
    path = secret_file(folder)
    content = path.read_bytes()

    assert secret_file(folder).read_bytes() == content
    assert len(content) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_postgres_keeps_its_data_over_a_kill(folder: Path) -> None:
    postgres = EmbeddedPostgres(folder / "postgres")
    postgres.start()
    with psycopg.connect(postgres.url()) as connection:
        connection.execute("create table kept (n int)")
        connection.execute("insert into kept values (7)")

    postgres.kill()
    postgres.start()

    with psycopg.connect(postgres.url()) as connection:
        assert connection.execute("select n from kept").fetchone() == (7,)
    postgres.stop()
    assert postgres.process.exit_code == 0


def test_postgres_starts_over_a_pid_file_whose_process_is_another(folder: Path) -> None:
    postgres = EmbeddedPostgres(folder / "postgres")
    postgres.start()
    pid_file = folder / "postgres" / "data" / "postmaster.pid"
    text = pid_file.read_text()
    postgres.kill()
    pid_file.write_text(text.replace(text.split("\n", 1)[0], str(os.getpid()), 1))

    postgres.start()

    assert postgres.process.is_running
    postgres.stop()


def test_postgres_listens_on_no_network(folder: Path) -> None:
    postgres = EmbeddedPostgres(folder / "postgres", throwaway=True)
    postgres.start()

    listening = psutil.Process(postgres.process.pid).net_connections("inet")

    postgres.stop()
    assert listening == []


def test_nats_answers_on_its_port_again_after_a_kill(folder: Path) -> None:
    nats = EmbeddedNats(folder, port=free_port())
    nats.start()

    nats.kill()
    nats.start()

    assert nats.process.is_running
    nats.stop()
    assert nats.process.exit_code == 0


def test_a_server_that_ends_at_once_says_why(folder: Path) -> None:
    first = EmbeddedNats(folder / "first", port=free_port())
    first.start()
    second = EmbeddedNats(folder / "second", port=first.port)
    # It answers on the port, so only its own process tells that it is not the one that was started.
    second.process.start()
    second.process._running().wait(10)

    assert "address already in use" in second.process.last_words()
    first.stop()


def test_a_child_ends_when_its_parent_is_killed(folder: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from services.shared.child_process import ChildProcess\n"
        f"child = ChildProcess('sleeper', ['sleep', '600'], log=Path({str(folder / 'log')!r}))\n"
        "child.start(); print(child.pid, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stdin=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))

        parent.send_signal(signal.SIGKILL)

        psutil.wait_procs([child], timeout=10)
        assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_a_child_that_does_not_listen_is_killed(folder: Path) -> None:
    child = ChildProcess("deaf", ["sh", "-c", "trap '' TERM; echo up; sleep 600"], log=folder / "log")
    child.start()
    while "up" not in child.last_words():
        assert child.is_running

    child.stop(timeout_seconds=0.2)

    assert child.exit_code == -signal.SIGKILL


def test_a_port_that_one_vcp_claims_is_not_chosen_by_another_before_its_server_listens(tmp_path: Path) -> None:
    first, second = EmbeddedNats(tmp_path / "one"), EmbeddedNats(tmp_path / "two")

    assert first.port != second.port


def test_a_free_port_is_kept_from_all_but_the_server_that_it_is_for() -> None:
    port = free_port()

    with socket.socket() as anybody, pytest.raises(OSError, match="in use"):
        anybody.bind(("127.0.0.1", port))
    with socket.create_server(("127.0.0.1", port)), socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        assert client.getpeername() == ("127.0.0.1", port)


def test_a_claimed_port_is_free_again_when_its_vcp_is_gone(tmp_path: Path) -> None:
    handle = claim(1)
    assert handle is not None
    assert claim(1) is None

    os.close(handle)

    again = claim(1)
    assert again is not None
    os.close(again)
