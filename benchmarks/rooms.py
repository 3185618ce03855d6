"""A running stack with one open operation, for benchmarks that go over HTTP."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from socket import create_connection
from tempfile import TemporaryDirectory

import httpx
from sqlalchemy import create_engine

import schemas.events  # noqa: F401  (finds every event type)
from schemas.event import REGISTER
from services.shared import desk
from services.shared.database import engine_url
from services.shared.embedded import free_port, held
from services.shared.running import as_environment
from services.shared.settings import Settings
from services.stack import Stack

OPERATION = "jad-bench"
STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"


@dataclass
class Room:
    """The stack, and the lead's token."""

    stack: Stack
    token: str

    @property
    def path(self) -> str:
        return f"/v1/operations/{OPERATION}"

    def client(self) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.Client(base_url=self.stack.base_url, headers=headers, timeout=120)


@contextmanager
def room(*, log_bytes: int = 2**30) -> Iterator[Room]:
    """Starts everything, on disk, with fsync before each acknowledgement."""
    with TemporaryDirectory(prefix="vcp-bench-") as folder:
        Path(folder).chmod(0o711)
        settings = Settings(port=free_port(), rate_per_second=1_000_000, log_bytes=log_bytes)
        with held(Path(folder)), Stack(Path(folder), settings=settings) as stack:
            engine = create_engine(engine_url(stack.settings.gateway_database_url))
            with engine.begin() as connection:
                desk.add_agency(connection, "BA", kind="national", country="BA", name=None)
                token = desk.add_credential(connection, "BA")
            engine.dispose()
            made = Room(stack, token)
            opening = report("operation.created.v1", "opening", code=OPERATION, lead=["BA"], exercise=False)
            with made.client() as client:
                answer = client.post("/v1/operations", content=opening, headers={"Content-Type": STRUCTURED})
                answer.raise_for_status()
                client.get(f"{made.path}/timeline", params={"after": answer.json()["entry"]}).raise_for_status()
            yield made


def report(type: str, id: str, **members: object) -> bytes:
    """An invented report without a person block, so that every one takes the same way."""
    data = {**REGISTER[type].example(), **members}
    data.pop("person", None)
    data.pop("warrant", None)
    body = {"specversion": "1.0", "id": id, "source": "/bench", "type": type, "data": data}
    return json.dumps(body, separators=(",", ":")).encode()


@contextmanager
def served(application: str) -> Iterator[tuple[int, int]]:
    """An ASGI application under uvicorn as it comes, with its fastest loop and parser; gives its port and process."""
    port = free_port()
    options = ["--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "error"]
    with _running(["uvicorn", application, "--port", str(port), *options], port, os.environ) as pid:
        yield port, pid


def unpublished(settings: Settings) -> AbstractContextManager[tuple[int, int]]:
    """A gateway of the same stack that stores nothing; gives its port and process."""
    return _beside(settings, "benchmarks.unpublished")


def without(settings: Settings, what: str) -> AbstractContextManager[tuple[int, int]]:
    """A gateway of the same stack without its `ledger`, its `sealing` or `nothing`; gives its port and process."""
    return _beside(settings, "benchmarks.without", what)


@contextmanager
def _beside(settings: Settings, *module: str) -> Iterator[tuple[int, int]]:
    beside = settings.model_copy(update={"port": free_port(), "status_port": None})
    environment = {**os.environ, **as_environment(beside)}
    with _running([*module], beside.port, environment) as pid:
        yield beside.port, pid


@contextmanager
def _running(module: list[str], port: int, environment: Mapping[str, str]) -> Iterator[int]:
    process = subprocess.Popen([sys.executable, "-m", *module], env=environment, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while not _listens(port):
            if time.monotonic() > deadline or process.poll() is not None:
                raise RuntimeError(f"{module[0]} does not start")
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def _listens(port: int) -> bool:
    try:
        create_connection(("127.0.0.1", port), timeout=0.1).close()
    except OSError:
        return False
    return True


def get(connection: HTTPConnection, path: str, token: str) -> float:
    """One read; its milliseconds."""
    start = time.perf_counter()
    connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return (time.perf_counter() - start) * 1e3
