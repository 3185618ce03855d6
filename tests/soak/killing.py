"""Kills the parts of a running stack, one or two at a time, as a power cut would; the stack starts them again."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from services.shared.child_process import ChildProcess
from services.stack import Stack
from tests.soak.posting import Ledger

TEND_EVERY_SECONDS = 0.2


@dataclass
class Killer:
    """Chooses victims at random, each at least once; after a kill it waits until reports are acknowledged again."""

    stack: Stack
    ledger: Ledger
    chosen: Random
    say: Callable[[str], None]
    reports_between: tuple[int, int]
    seconds_between: tuple[float, float] = (0.0, 0.0)
    kills: dict[str, int] = field(default_factory=dict)
    _waiting: list[str] = field(default_factory=list)

    async def kill_once(self) -> None:
        """Waits for some more acknowledgements, and kills."""
        await self.ledger.grown_to(len(self.ledger.receipts) + self.chosen.randint(*self.reports_between))
        await asyncio.sleep(self.chosen.uniform(*self.seconds_between))
        for _ in range(self.chosen.choice((1, 1, 1, 2))):
            self._kill()

    async def all_back(self) -> None:
        """Waits until every part runs again and reports are acknowledged."""
        while not await asyncio.to_thread(self._all_run):  # noqa: ASYNC110 (they are other processes)
            await asyncio.sleep(TEND_EVERY_SECONDS)
        await self.ledger.grown_to(len(self.ledger.receipts) + self.reports_between[1])

    def _all_run(self) -> bool:
        return all(part.is_running for part in _parts(self.stack).values()) and self.stack.is_ready()

    def _kill(self) -> None:
        parts = _parts(self.stack)
        if not self._waiting:
            self._waiting = self.chosen.sample(sorted(parts), len(parts))
        name = self._waiting.pop()
        if parts[name].is_running:
            self.say(f"{len(self.ledger.receipts)} acknowledged; killing {name}")
            parts[name].kill()
            self.kills[name] = self.kills.get(name, 0) + 1


async def tend(stack: Stack) -> None:
    """What `vcp up` does while it runs, until it is cancelled."""
    while True:
        await asyncio.to_thread(stack.tend)
        await asyncio.sleep(TEND_EVERY_SECONDS)


def _parts(stack: Stack) -> dict[str, ChildProcess]:
    return {
        "gateway": stack.gateway,
        "nats-server": stack.nats.process,
        "postgres": stack.postgres.process,
        "projector": stack.projector,
    }
