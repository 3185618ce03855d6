"""How far the picture of each operation has come: told by the projector's wakes, waited for by readers."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable

_LOOK_AGAIN_SECONDS = 0.25
"""A wake is a core NATS message and may be lost; so a waiting reader looks for itself now and then."""


class Progress:
    """Wakes by operation. `position_of` reads the checkpoint from the database."""

    def __init__(self, position_of: Callable[[str], Awaitable[int]]) -> None:
        self._position_of = position_of
        self._waiting: dict[str, asyncio.Event] = defaultdict(asyncio.Event)

    def woken(self, operation: str, position: int) -> None:
        self._waiting.pop(operation, asyncio.Event()).set()

    async def next(self, operation: str, *, seconds: float = _LOOK_AGAIN_SECONDS) -> None:
        """Waits for the next wake of this operation, or the given time."""
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
