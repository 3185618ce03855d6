"""Trawling: an agency that asks about everybody is searching, not checking. Each may ask so many questions an hour."""

import math
import time
from collections.abc import Callable
from uuid import UUID

from schemas.event import Event
from schemas.events.cross_check import CrossCheckRequested
from services.gateway.problems import SlowDown

HOUR_SECONDS = 3600.0


class Questions:
    """Counts an agency's cross-checks, whatever its credentials, and each once; a bucket that fills within the hour."""

    def __init__(self, per_hour: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_hour = per_hour
        self._seconds_each = HOUR_SECONDS / per_hour
        self._clock = clock
        self._paid_at: dict[str, float] = {}
        """By agency, when all that it has asked is paid for: its bucket is full then."""
        self._counted: dict[UUID, float] = {}
        """The questions of the last hour by their entries, the earliest first."""

    def new(self, event: Event, entry: UUID) -> bool:
        """Whether it is a question that was not counted yet; one that is in the log already is not to be."""
        return isinstance(event, CrossCheckRequested) and entry not in self._counted

    def count(self, entry: UUID, agency: str) -> None:
        """Counts a question, and nothing else. Raises SlowDown, and counts nothing, where there were too many."""
        now = self._clock()
        while self._counted and self._counted[first := next(iter(self._counted))] <= now - HOUR_SECONDS:
            del self._counted[first]
        if entry in self._counted:
            return
        paid_at = max(self._paid_at.get(agency, now), now) + self._seconds_each
        over = paid_at - now - HOUR_SECONDS
        if over > 1e-6:
            raise SlowDown(f"At most {self._per_hour} cross-checks an hour of one agency.", seconds=math.ceil(over))
        self._paid_at[agency] = paid_at
        self._counted[entry] = now
