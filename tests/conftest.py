"""Real servers for the tests, started once a session: Postgres, nats-server and a whole stack that modules share."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import disk_usage
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from services.shared.embedded import free_port, held, secret_file
from services.shared.embedded_nats import EmbeddedNats
from services.shared.embedded_postgres import EmbeddedPostgres
from services.shared.logins import GATEWAY, PROJECTOR
from services.shared.migrate import migrate
from services.shared.settings import Settings
from services.stack import Stack

# The services are started dozens of times: without compiled files each start would compile everything again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

_MEMORY = Path("/dev/shm")
_MEMORY_NEEDED = 2 * 2**30
"""Containers often have no more than 64 MiB of it."""
MOST_WORKERS = 4
"""Each has its own servers, stack and browser."""
OPERATION_BYTES = 16 * 2**20
"""The log of each operation reserves its largest size, and the shared stack sees hundreds of operations."""


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Where files are named, the tests run here, without workers; else there are two at least, for much is waiting."""
    if config.args_source is pytest.Config.ArgsSource.ARGS and all(".py" in named for named in config.args):
        return 0
    return max(2, min(os.cpu_count() or 2, MOST_WORKERS))


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """In memory where that is possible: nothing here outlives the session."""
    roomy = _MEMORY.is_dir() and disk_usage(_MEMORY).free > _MEMORY_NEEDED
    with TemporaryDirectory(prefix="vcp-tests-", dir=_MEMORY if roomy else None) as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.fixture(scope="session")
def postgres(server_folder: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(server_folder / "postgres", throwaway=True)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def nats_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedNats]:
    server = EmbeddedNats(tmp_path_factory.mktemp("nats"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def new_database(postgres: EmbeddedPostgres) -> Iterator[Callable[[], str]]:
    """Makes an empty database and gives its name; all are dropped at the end."""
    made: list[str] = []

    def make() -> str:
        name = f"test_{uuid4().hex[:12]}"
        with psycopg.connect(postgres.url(), autocommit=True) as connection:
            connection.execute(f"create database {name}")
        made.append(name)
        return name

    yield make
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        for name in made:
            connection.execute(f"drop database {name} with (force)")


@pytest.fixture(scope="session")
def new_settings(
    postgres: EmbeddedPostgres,
    nats_server: EmbeddedNats,
    new_database: Callable[[], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[], Settings]:
    """Settings of a deployment of its own: a fresh migrated database, and the session's nats-server."""

    def make() -> Settings:
        database = new_database()
        settings = Settings(
            nats_url=nats_server.url,
            nats_monitor_url=nats_server.monitor_url,
            database_url=postgres.url(database=database),
            projector_database_url=postgres.url(PROJECTOR, database=database),
            gateway_database_url=postgres.url(GATEWAY, database=database),
            secret_file=secret_file(tmp_path_factory.mktemp("deployment")),
        )
        migrate(settings)
        return settings

    return make


@pytest.fixture
def settings(new_settings: Callable[[], Settings]) -> Settings:
    """A fresh deployment for one test."""
    return new_settings()


@pytest.fixture(scope="session")
def shared_stack() -> Iterator[Stack]:
    with run_stack(log_bytes=OPERATION_BYTES) as running:
        yield running


@pytest.fixture(scope="module")
def stack(request: pytest.FixtureRequest) -> Iterator[Stack]:
    """The stack that all modules share; one of its own for a module marked `own_stack`, with the settings it names."""
    own = request.node.get_closest_marker("own_stack")
    if own is not None:
        with run_stack(**own.kwargs) as running:
            yield running
        return
    shared: Stack = request.getfixturevalue("shared_stack")
    before = running_parts(shared)
    yield shared
    assert running_parts(shared) == before, "These tests end parts of the stack that all share: mark them `own_stack`."


@contextmanager
def run_stack(**wanted: Any) -> Iterator[Stack]:
    """The whole stack as real processes, as `vcp up` starts it, with its data on disk."""
    with TemporaryDirectory(prefix="vcp-stack-") as folder:
        Path(folder).chmod(0o711)
        settings = Settings(**{"port": free_port(), **wanted})
        with held(Path(folder)), Stack(Path(folder), settings=settings) as running:
            yield running


def running_parts(stack: Stack) -> dict[str, int]:
    ours = (stack.archivist, stack.projector, stack.gateway, stack.crosscheck)
    parts = (stack.nats.process, stack.postgres.process, *ours)
    return {part.name: part.pid for part in parts if part.is_running}
