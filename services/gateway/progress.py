"""How far the picture of each operation has come: told by the projector's wakes, waited for by readers."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable

_LOOK_AGAIN_SECONDS = 0.25
"""A wake is a core NATS message and may be lost; so a waiting reader looks for itself now and then."""


class Progress:
    """Wakes by operation. `position_of` reads the checkpoint from the database."""

    def __init__(self, position_of: Callable[[str], Awaitable[int]]) -> None:
        self._position_of = position_of
        self._waiting: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self.wakes: Counter[str] = Counter()

    def woken(self, operation: str, position: int) -> None:
        self.nudge(operation)

    def nudge(self, operation: str) -> None:
        """Wakes those who wait for this operation without news of it."""
        self.wakes[operation] += 1
        self._waiting.pop(operation, asyncio.Event()).set()

    async def next(
        self, operation: str, *, seconds: float = _LOOK_AGAIN_SECONDS, wakes_seen: int | None = None
    ) -> None:
        """Waits for the next wake of this operation, or the given time.

        Who says how many wakes it had seen before it looked is not kept waiting when there was one since.
        """
        if wakes_seen is not None and wakes_seen != self.wakes[operation]:
            return
        event = self._waiting[operation]
        try:
            await asyncio.wait_for(event.wait(), seconds)
        except TimeoutError:
            return

    async def reach(self, operation: str, position: int, *, seconds: float = 5.0) -> bool:
        """Waits until the picture has come to a position; False when it has not in the time given.

        The database is asked each time: its crash may set the picture back behind what a wake had said.
        """
        deadline = asyncio.get_running_loop().time() + seconds
        while await self._position_of(operation) < position:
            if (left := deadline - asyncio.get_running_loop().time()) <= 0:
                return False
            await self.next(operation, seconds=min(left, _LOOK_AGAIN_SECONDS))
        return True
