"""The whole deployment as processes of one command: log and database, then our own services."""

import os
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import TracebackType
from typing import Self

from services.keeping import Kept
from services.shared.child_process import ChildProcess
from services.shared.embedded import EmbeddedRefused, free_port, is_free, secret_file
from services.shared.embedded_nats import EmbeddedNats
from services.shared.embedded_postgres import EmbeddedPostgres
from services.shared.logins import GATEWAY, PROJECTOR
from services.shared.migrate import migrate
from services.shared.nats_rights import INSTALLER
from services.shared.nats_users import NatsUsers, seed_files
from services.shared.running import as_environment, running_file, write_running
from services.shared.settings import PREFIX, Settings

READY_WITHIN_SECONDS = 60.0
DEATHS_BEFORE_GIVING_UP = 3


class Stack:
    """Everything on one machine, its data in one folder that the caller holds.

    `settings` says what the deployment wants (port, durability); where its servers are is filled in here.
    """

    def __init__(
        self, folder: Path, *, settings: Settings, say: Callable[[str], None] = print, throwaway: bool = False
    ) -> None:
        if not is_free(settings.port, host=settings.host):
            raise EmbeddedRefused(f"Port {settings.port} is taken; free it, or give another --port.")
        self.folder = folder
        self.base_url = f"http://{settings.host}:{settings.port}"
        self.nats_users = NatsUsers(folder / "nats")
        self.nats = EmbeddedNats(folder / "nats", durability=settings.durability, users=self.nats_users)
        secret = secret_file(folder)
        self._seeds = seed_files(secret.parent)
        self.nats_users.ensure_services(self._seeds)
        self.postgres = EmbeddedPostgres(folder / "postgres", throwaway=throwaway)
        self.settings = settings.model_copy(
            update={
                "nats_url": self.nats.url,
                "nats_monitor_url": self.nats.monitor_url,
                "nats_seed_file": self._seeds[INSTALLER],
                "nats_users_folder": folder / "nats",
                "database_url": self.postgres.url(),
                "projector_database_url": self.postgres.url(PROJECTOR),
                "gateway_database_url": self.postgres.url(GATEWAY),
                "secret_file": secret,
                "gateway_url": self.base_url,
                "delegations_folder": secret.parent / "delegations",
            }
        )
        self.status_ports = {name: free_port() for name in ("projector", "gateway", "crosscheck")}
        self.archivist = self._service("archivist")
        self.projector = self._service("projector")
        self.gateway = self._service("gateway")
        self.crosscheck = self._service("crosscheck")
        parts = (
            self.nats.process,
            self.postgres.process,
            self.archivist,
            self.projector,
            self.gateway,
            self.crosscheck,
        )
        self._kept = [Kept(process, say) for process in parts]

    def start(self) -> None:
        """Starts all parts in their order, and returns when the gateway says that it is ready."""
        self.nats.start()
        self.postgres.start()
        migrate(self.settings)
        self.archivist.start()
        self.projector.start()
        self.gateway.start()
        self.crosscheck.start()
        for kept in self._kept:
            kept.started()
        write_running(self.folder, self.settings)
        self._wait_until_ready()

    def tend(self) -> None:
        """To be called a few times a second: starts again what died."""
        for kept in self._kept:
            kept.tend()

    def stop(self) -> None:
        """Stops all parts, those that lean on others first."""
        running_file(self.folder).unlink(missing_ok=True)
        self.crosscheck.stop()
        self.gateway.stop()
        self.projector.stop()
        self.archivist.stop()
        self.nats.stop()
        self.postgres.stop()

    def is_ready(self) -> bool:
        connection = HTTPConnection(self.settings.host, self.settings.port, timeout=5)
        try:
            connection.request("GET", "/health/ready")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while not self.is_ready():
            self.tend()
            for kept in self._kept:
                if kept.deaths >= DEATHS_BEFORE_GIVING_UP:
                    raise EmbeddedRefused(f"{kept.process.name} does not start:\n{kept.process.last_words()}")
            if time.monotonic() > deadline:
                raise EmbeddedRefused(
                    f"The gateway was not ready within {READY_WITHIN_SECONDS:.0f} s:\n{self.gateway.last_words()}"
                )
            time.sleep(0.05)

    def _service(self, name: str) -> ChildProcess:
        port = self.status_ports.get(name)
        settings = self.settings.model_copy(update={"nats_seed_file": self._seeds[name], "status_port": port})
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(PREFIX)}
        return ChildProcess(
            name,
            [sys.executable, "-m", "services.cli", name],
            log=self.folder / f"{name}.log",
            environment={**inherited, **as_environment(settings)},
        )
