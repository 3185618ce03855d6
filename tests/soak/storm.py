"""One storm: clients post while parts of the stack are killed, until the time is up and all is acknowledged."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from random import Random
from typing import Any

import httpx

from tests.flow.conftest import Room
from tests.flow.everything_read import EXPORT
from tests.soak import checking
from tests.soak.killing import Killer, tend
from tests.soak.posting import Client, Ledger

AGENCIES = ("AT", "BA", "MD")
_SENT_AGAIN = 50


async def storm(
    room: Room,
    *,
    seed: int,
    clients: int,
    kill: Callable[[Killer], Awaitable[None]],
    idle_seconds: float = 0.0,
    **bounds: Any,
) -> tuple[Ledger, Killer]:
    """Posts while `kill` goes on, and until every client has its answers. Raises what a client could not explain."""
    ledger, done = Ledger(), asyncio.Event()
    killer = Killer(room.stack, ledger, Random(seed), **bounds)
    async with AsyncExitStack() as opened:
        senders = []
        for number in range(clients):
            headers = dict(room.as_agency(AGENCIES[number % len(AGENCIES)]).headers)
            limits = httpx.Limits(max_connections=1)
            http = httpx.AsyncClient(base_url=room.stack.base_url, headers=headers, timeout=60, limits=limits)
            await opened.enter_async_context(http)
            chosen = Random(seed * 1000 + number)
            senders.append(Client(http, f"{room.path}/events", number, chosen, ledger, idle_seconds))
        tending = asyncio.create_task(tend(room.stack))
        try:
            async with asyncio.TaskGroup() as tasks:
                for sender in senders:
                    tasks.create_task(sender.post_until(done))
                await kill(killer)
                done.set()
        finally:
            tending.cancel()
    return ledger, killer


async def check(room: Room, ledger: Ledger, *, others: int) -> None:
    """Everything that the storm must have left alone."""
    lines = await checking.log_of(room.stack.settings, room.operation)
    checking.check_log(lines, ledger, others=others)
    room.get("AT", "timeline", after=str(lines[-1].entry), wait=30, limit=1)
    checking.check_contents(_read(room), ledger)
    _send_some_again(room, ledger)
    checking.check_figure(room.figure("AT", "arrests"), ledger)
    figures = room.get("AT", "figures")["items"]
    await checking.check_picture(room.stack.settings)
    assert [{**one, "moment": None} for one in room.get("AT", "figures")["items"]] == [
        {**one, "moment": None} for one in figures
    ]


def _send_some_again(room: Room, ledger: Ledger) -> None:
    """However long ago: the first receipt, and nothing new in the log."""
    for entry in list(ledger.sent)[:: max(1, len(ledger.sent) // _SENT_AGAIN)]:
        report = ledger.sent[entry]
        number = int(report["source"].rpartition("-")[2])
        answer = room.post(AGENCIES[number % len(AGENCIES)], report)
        assert (answer.status_code, answer.headers.get("idempotency-replayed")) == (200, "true"), answer.text
        assert answer.json() == ledger.receipts[entry]


def _read(room: Room) -> dict[str, Any]:
    """Each entry's report, as the lead reads the log."""
    answer = room.as_agency("AT").get(
        f"{room.path}/events",
        headers=EXPORT,
        timeout=120,
    )
    assert answer.status_code == 200, answer.text
    entries = [json.loads(line) for line in answer.text.splitlines()]
    return {entry["entry"]: entry["report"] for entry in entries}
