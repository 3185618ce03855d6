"""How much each credential may ask for: a bucket that fills with time, in the memory of this process."""

import asyncio
import math
import time
from collections.abc import Callable
from uuid import UUID

from services.gateway.credentials import Caller
from services.gateway.problems import SlowDown

BURST_SECONDS = 2.0
"""A credential that was silent may ask at once for as much as comes in this time."""
_MOST_BUCKETS = 10_000
_NOTHING = 1e-6
"""What sums of times may be off by."""


class Rates:
    """Counts requests, and each further report of a batch, by credential."""

    def __init__(self, per_second: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._burst = per_second * BURST_SECONDS
        self._clock = clock
        self._empty_at: dict[UUID, float] = {}
        """By credential, when its bucket was empty if it has filled ever since; in the future while it is in debt."""

    def count(self, caller: Caller, reports: int = 1) -> None:
        """Takes from the caller's bucket. Raises SlowDown, and takes nothing, when there is too little in it.

        What is larger than a whole bucket goes through when the bucket is full, and is paid for afterwards.
        """
        now = self._clock()
        left = self._left(caller.credential, now)
        lacking = min(reports, self._burst) - left
        if lacking > _NOTHING:
            seconds = math.ceil((lacking - _NOTHING) / self._per_second)
            raise SlowDown(
                f"At most {self._per_second:g} reports or requests a second for each token.", seconds=seconds
            )
        self._leave(caller.credential, left - reports, now)

    async def pace(self, caller: Caller, reports: int) -> None:
        """Takes from the caller's bucket, and waits until that is paid for: streams are slowed down, not refused."""
        now = self._clock()
        left = self._left(caller.credential, now) - reports
        self._leave(caller.credential, left, now)
        if left < 0:
            await asyncio.sleep(-left / self._per_second)

    def _left(self, credential: UUID, now: float) -> float:
        empty_at = self._empty_at.get(credential)
        if empty_at is None:
            return self._burst
        return min((now - empty_at) * self._per_second, self._burst)

    def _leave(self, credential: UUID, left: float, now: float) -> None:
        self._empty_at[credential] = now - left / self._per_second
        if len(self._empty_at) > _MOST_BUCKETS:
            self._forget_full(now)

    def _forget_full(self, now: float) -> None:
        """A full bucket is like none. Buckets fill in two seconds, so no more are kept than callers in that time."""
        self._empty_at = {
            credential: empty_at for credential, empty_at in self._empty_at.items() if now - empty_at < BURST_SECONDS
        }
