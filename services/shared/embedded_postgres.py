"""A Postgres of our own, started beside the services: a Unix socket in its data folder, no network."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

from services.shared.child_process import ChildProcess
from services.shared.embedded import EmbeddedRefused
from services.shared.postgres_programs import SYSTEM_USER, as_user, may_run, programs, system_user

OWNER = "vcp_owner"
DATABASE = "vcp"
_LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432")


class EmbeddedPostgres:
    """Postgres 18 in a folder that the caller holds. Whoever may enter the folder may sign in, nobody else.

    `throwaway` gives up durability for speed: for tests whose data nobody wants back.
    """

    def __init__(self, folder: Path, *, throwaway: bool = False) -> None:
        self._user = system_user() if os.geteuid() == 0 else None
        self._throwaway = throwaway
        self.folder = folder
        self.data = folder / "data"
        self._socket = _socket_folder(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self.data.mkdir(mode=0o700, exist_ok=True)
        if self._user:
            for owned in (folder, self.data, self._socket):
                shutil.chown(owned, self._user, SYSTEM_USER if self._user == SYSTEM_USER else None)
            self._refuse_unreachable_folder()
        self._programs = programs(folder, user=self._user)
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._socket),
            "unix_socket_permissions": "0700",
        }
        settings |= {"max_connections": "300", "shared_buffers": "256MB", "max_wal_size": "512MB"}
        # Counts of a large operation group and sort in memory.
        settings |= {"work_mem": "16MB"}
        # By itself it writes the rows that it refuses, and the statements that fail, to its log.
        settings |= {"log_error_verbosity": "terse", "log_min_error_statement": "panic"}
        if throwaway:
            settings |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
        arguments = [argument for name, value in settings.items() for argument in ("-c", f"{name}={value}")]
        self.process = ChildProcess(
            "postgres",
            [self._programs / "postgres", "-D", self.data, *arguments],
            log=folder / "postgres.log",
            folder=self.data,
            user=self._user,
            stop_signal=signal.SIGINT,  # the fast shutdown; SIGTERM would wait for every client to leave
            before_start=self._clear_leftovers,
        )

    def url(self, login: str = OWNER, *, database: str = DATABASE) -> str:
        return f"postgresql://{login}@/{database}?host={self._socket}"

    def start(self) -> None:
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster()
        self.process.start()
        self.wait_until_ready()
        with psycopg.connect(self.url(database="postgres"), autocommit=True) as connection:
            if not connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
                connection.execute(f"create database {DATABASE}")

    def wait_until_ready(self, *, timeout_seconds: float = 60) -> None:
        deadline = time.monotonic() + timeout_seconds
        while not self._answers():
            if not self.process.is_running:
                raise EmbeddedRefused(f"Postgres ended at once:\n{self.process.last_words()}")
            if time.monotonic() > deadline:
                raise EmbeddedRefused(f"Postgres did not answer within {timeout_seconds:.0f} s")
            time.sleep(0.02)

    def stop(self) -> None:
        self.process.stop(timeout_seconds=60)
        if self._socket.parent != self.folder:
            shutil.rmtree(self._socket, ignore_errors=True)

    def kill(self) -> None:
        self.process.kill()

    def _make_cluster(self) -> None:
        """Into a folder beside, renamed when complete: a start that was cut off leaves no half cluster."""
        fresh = self.folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if self._user:
            shutil.chown(fresh, self._user)
        self._run(
            "initdb",
            "-D",
            fresh,
            "-U",
            OWNER,
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            *(["--no-sync"] if self._throwaway else []),
        )
        self.data.rmdir()
        fresh.rename(self.data)

    def _clear_leftovers(self) -> None:
        """Ends a Postgres that outlived its supervisor, and forgets a pid file whose process is another.

        We hold the folder, so no other `vcp` can be using this server. A pid alone proves nothing: it may be
        a zombie's, or have been given to another program after a restart of the machine.
        """
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = int(pid_file.read_text().split("\n", 1)[0])
        if _is_postgres_of(pid, self.data):
            os.kill(pid, signal.SIGINT)
            deadline = time.monotonic() + 30
            while _is_postgres_of(pid, self.data):
                if time.monotonic() > deadline:
                    raise EmbeddedRefused(
                        f"A Postgres left over on {self.folder} does not end; end process {pid} by hand."
                    )
                time.sleep(0.05)
        pid_file.unlink(missing_ok=True)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url(database="postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _refuse_unreachable_folder(self) -> None:
        if not may_run(self.data, user=self._user):
            raise EmbeddedRefused(
                f"Postgres does not run as root but as the user {self._user}, who cannot enter "
                f"{self.folder}; give a --data outside of home folders, or run vcp as an ordinary user."
            )

    def _run(self, program: str, *arguments: str | Path) -> None:
        done = self._attempt(self._programs / program, *arguments)
        if done.returncode:
            raise EmbeddedRefused(f"{program} failed: {done.stderr.decode(errors='replace').strip()}")

    def _attempt(self, *command: str | Path) -> subprocess.CompletedProcess[bytes]:
        return as_user([str(part) for part in command], user=self._user)


def _socket_folder(folder: Path) -> Path:
    """Beside the data, or under the temporary folder where that path is too long for a socket's address."""
    beside = folder / "socket"
    if len(str(beside)) <= _LONGEST_SOCKET_FOLDER:
        beside.mkdir(parents=True, mode=0o700, exist_ok=True)
        return beside
    return Path(tempfile.mkdtemp(prefix="vcp-socket-"))


def _is_postgres_of(pid: int, data: Path) -> bool:
    import psutil

    try:
        process = psutil.Process(pid)
        return process.status() != psutil.STATUS_ZOMBIE and str(data) in process.cmdline()
    except psutil.Error:
        return False
