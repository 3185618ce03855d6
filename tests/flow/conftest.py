"""The log on the session's nats-server, and operations on a running stack, one of its own for each test; officers."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from nats.errors import Error as NatsError
from sqlalchemy import create_engine
from typer.testing import CliRunner

import schemas.events  # noqa: F401  (finds every event type)
from schemas.event import REGISTER
from services.cli.commands import app
from services.shared import desk
from services.shared.bus import Log
from services.shared.database import engine_url
from services.shared.embedded_nats import EmbeddedNats
from services.shared.nats_users import seed_files
from services.shared.running import as_environment
from services.shared.settings import Settings
from services.stack import Stack
from tests.flow.nats_user import STRANGER, Connects, User

LOG_BYTES = 16 * 2**20
Vcp = Callable[..., str]
SignIn = Callable[..., httpx.Client]


@pytest.fixture
async def log(nats_server: EmbeddedNats) -> AsyncIterator[Log]:
    log = await Log.connect(Settings(nats_url=nats_server.url, log_bytes=LOG_BYTES), name="test")
    yield log
    await log.close()


@pytest.fixture
async def operation(log: Log) -> str:
    code = f"op-{uuid4().hex[:12]}"
    await log.create(code)
    return code


@dataclass
class Room:
    """An operation on a running stack, and a way to speak as each of its agencies."""

    stack: Stack
    operation: str
    number: int = 0
    time: str | None = None
    """The exercise's clock, in an exercise: when the next reports are made, and so recorded."""
    clients: dict[str, httpx.Client] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"/v1/operations/{self.operation}"

    def as_agency(self, code: str, *, groups: Sequence[str] = ()) -> httpx.Client:
        """A client with a token of this agency."""
        if code not in self.clients:
            engine = create_engine(engine_url(self.stack.settings.gateway_database_url))
            kind = code.lower() if code in ("FRONTEX", "EUROPOL", "EUROJUST", "INTERPOL") else "national"
            with engine.begin() as connection:
                desk.add_agency(
                    connection, code, kind=kind, country=code[:2] if kind == "national" else None, name=None
                )
                token = desk.add_credential(connection, code, groups=groups)
            engine.dispose()
            headers = {"Authorization": f"Bearer {token}"}
            self.clients[code] = httpx.Client(base_url=self.stack.base_url, headers=headers, timeout=30)
        return self.clients[code]

    def report(self, type: str, /, *, id: str | None = None, **members: Any) -> dict[str, Any]:
        """A report of a type: its invented example with other members."""
        self.number += 1
        data = {**REGISTER[type].example(), **members}
        source = "/invented/system"
        made = {"specversion": "1.0", "id": id or f"r{self.number}", "source": source, "type": type, "data": data}
        return made if self.time is None else {**made, "time": self.time}

    def now(self) -> dict[str, Any]:
        """Of an exercise: that something happened just when it is reported."""
        return {} if self.time is None else {"occurred": {"from": self.time, "precision": "minute"}}

    def post(self, agency: str, report: dict[str, Any], *, etag: str | None = None) -> httpx.Response:
        headers = {"Content-Type": "application/cloudevents+json", **({"If-Match": etag} if etag else {})}
        return self.as_agency(agency).post(f"{self.path}/events", json=report, headers=headers)

    def take(self, agency: str, type: str, /, *, etag: str | None = None, **members: Any) -> dict[str, Any]:
        """Posts and gives the receipt; the picture has the entry when this returns."""
        answer = self.post(agency, self.report(type, **members), etag=etag)
        assert answer.status_code == 201, answer.text
        receipt: dict[str, Any] = answer.json()
        self.get(agency, "timeline", after=receipt["entry"], limit=1)
        return receipt

    def get(self, agency: str, view: str, /, **query: Any) -> dict[str, Any]:
        answer = self.as_agency(agency).get(f"{self.path}/{view}" if view else self.path, params=query)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def figure(self, agency: str, metric: str, /, **query: Any) -> dict[str, Any]:
        found: dict[str, Any] = self.get(agency, f"figures/{metric}", **query)["deduplicated"]
        return found

    def close(self) -> None:
        for client in self.clients.values():
            client.close()


@pytest.fixture
def room(stack: Stack) -> Iterator[Room]:
    """A fresh operation, led by AT, with BA, MD, FRONTEX, EUROPOL and INTERPOL taking part."""
    with open_room(stack) as made:
        yield made


@pytest.fixture
def exercise(stack: Stack) -> Iterator[Room]:
    """The same as an exercise, whose clock stands at six in the morning (UTC) of its first day."""
    with open_room(stack, time="2022-06-24T06:00:00Z") as made:
        yield made


@contextmanager
def open_room(stack: Stack, *, time: str | None = None, **opening: Any) -> Iterator[Room]:
    made = Room(stack, f"jad-{uuid4().hex[:10]}", time=time)
    opened = made.report(
        "operation.created.v1",
        code=made.operation,
        lead=["AT"],
        exercise=made.time is not None,
        **made.now(),
        **opening,
    )
    answer = made.as_agency("AT").post(
        "/v1/operations", json=opened, headers={"Content-Type": "application/cloudevents+json"}
    )
    assert answer.status_code == 201, answer.text
    for code in ("BA", "MD", "FRONTEX", "EUROPOL", "INTERPOL"):
        national = len(code) == 2
        members = {"kind": "national", "country": code} if national else {"kind": code.lower(), "country": None}
        made.take("AT", "participant.joined.v1", agency=code, role="participant", name=None, **members, **made.now())
    yield made
    made.close()


@pytest.fixture
def vcp(room: Any) -> Vcp:
    """Runs `vcp ...` on the running stack and gives the last line of its output: a password or a token."""
    runner = CliRunner(env=as_environment(room.stack.settings))

    def run(*arguments: str) -> str:
        done = runner.invoke(app, arguments)
        assert done.exit_code == 0, done.output
        return (done.stdout.strip().splitlines() or [""])[-1]

    return run


@pytest.fixture
def browser(room: Any) -> Iterator[Callable[[], httpx.Client]]:
    opened: list[httpx.Client] = []

    def make() -> httpx.Client:
        opened.append(httpx.Client(base_url=room.stack.base_url, timeout=30))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


@pytest.fixture
def officer(room: Any, vcp: Vcp) -> Callable[..., tuple[str, str]]:
    """Adds an officer whose name is not taken, and gives name and password."""

    def add(agency: str, *options: str) -> tuple[str, str]:
        room.as_agency(agency)
        name = f"invented.{uuid4().hex[:10]}"
        return name, vcp("officer", "add", name, "--agency", agency, *options)

    return add


@pytest.fixture
def sign_in(browser: Callable[[], httpx.Client], officer: Any) -> SignIn:
    """A browser in which an officer of an agency has signed in: it repeats its mark as the console does."""

    def into(agency: str, *options: str, **said: str) -> httpx.Client:
        name, password = officer(agency, *options)
        client = browser()
        answer = client.post("/v1/session", json={"name": name, "password": password, **said})
        assert answer.status_code == 201, answer.text
        client.headers["Vcp-Session-Mark"] = answer.json()["mark"]
        return client

    return into


@pytest.fixture
async def connect(room: Any) -> AsyncIterator[Connects]:
    """Connects as an agency, with a key made for it now, or as one of our services."""
    stack = room.stack
    services = seed_files(Path(stack.settings.nats_seed_file or "").parent)
    async with AsyncExitStack() as opened:

        async def connected(name: str) -> User:
            user = User(name)
            if name in services:
                seed = services[name].read_text()
            else:
                if name != STRANGER:
                    room.as_agency(name)
                seed = stack.nats_users.add_agency(name).seed
                assert stack.nats_users.reload()
            async with asyncio.timeout(10):
                while not user.client.is_connected:
                    try:
                        await user.connect(stack.nats.url, seed)
                    except (NatsError, OSError):  # until the server has read its users again
                        await user.client.close()
                        user = User(name)
                        await asyncio.sleep(0.02)
            opened.push_async_callback(user.client.close)
            return user

        yield connected
