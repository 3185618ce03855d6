"""`make soak`: minutes of posting while gateway, nats-server, projector and Postgres are killed at random.

For example: uv run python -m tests.soak --minutes 5 --clients 50 --seed 7
"""

import argparse
import asyncio
import secrets
import time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from services.shared.embedded import free_port, held
from services.shared.settings import Settings
from services.stack import Stack
from tests.flow.conftest import Room, open_room
from tests.soak.killing import Killer
from tests.soak.storm import check, storm

REPORTS_BETWEEN = (1, 200)
IDLE_SECONDS = 1.0
SECONDS_BETWEEN = (2.0, 20.0)

say = partial(print, flush=True)


def main() -> None:
    told = argparse.ArgumentParser(
        "python -m tests.soak",
        description="Posts while parts are killed, and checks that what was acknowledged is in the log, each once.",
        epilog="For example: python -m tests.soak --minutes 5 --clients 50 --seed 7",
    )
    told.add_argument("--minutes", type=float, default=3.0, help="how long parts are killed (3)")
    told.add_argument("--clients", type=int, default=50, help="how many post at once (50)")
    told.add_argument("--seed", type=int, default=None, help="chooses victims, moments and reports; printed")
    asked = told.parse_args()
    seed = secrets.randbelow(10_000) if asked.seed is None else asked.seed
    say(f"seed {seed}, {asked.clients} clients, {asked.minutes:g} minutes")
    with TemporaryDirectory(prefix="vcp-soak-") as folder:
        Path(folder).chmod(0o711)
        stack = Stack(Path(folder), settings=Settings(port=free_port()), say=say)
        with held(Path(folder)), stack, open_room(stack) as room:
            asyncio.run(_soak(room, seed=seed, clients=asked.clients, seconds=asked.minutes * 60))


async def _soak(room: Room, *, seed: int, clients: int, seconds: float) -> None:
    async def kill(killer: Killer) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            await killer.kill_once()
        await killer.all_back()

    before = room.number
    ledger, killer = await storm(
        room,
        seed=seed,
        clients=clients,
        kill=kill,
        idle_seconds=IDLE_SECONDS,
        say=say,
        reports_between=REPORTS_BETWEEN,
        seconds_between=SECONDS_BETWEEN,
    )
    say(f"{len(ledger.receipts)} reports acknowledged, {ledger.repeated} repetitions, kills: {killer.kills}")
    await check(room, ledger, others=before)
    say("Each is in the log once, as it was sent; the picture is the log's projection.")


if __name__ == "__main__":
    main()
