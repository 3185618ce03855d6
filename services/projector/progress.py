"""Progress: how this process's projections stand, for whoever operates them. Names and numbers, never content."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

RECENT_SECONDS = 60.0
"""Over how long the throughput is reckoned."""


@dataclass(slots=True)
class Standing:
    """One operation, as far as this process has projected it."""

    position: int = 0
    moment: datetime | None = None
    entries: int = 0
    """How many it has applied since it started."""
    parked: int = 0
    """How many entries a view could not take since it started."""
    falls: int = 0
    last_error: str | None = None
    """The class of the error, and never its text."""
    last_error_at: float | None = None
    moved_at: float | None = None
    """When entries came into the picture last."""
    recent: deque[tuple[float, int]] = field(default_factory=deque)
    """When how many came, of late."""

    def per_second(self, now: float) -> float:
        """How many entries a second came into the picture, over the last minute."""
        return sum(entries for at, entries in self.recent if at > now - RECENT_SECONDS) / RECENT_SECONDS

    def stalled_seconds(self, now: float, *, behind: int) -> float:
        """How long nothing has come into the picture although something waits for it."""
        return 0.0 if not behind or self.moved_at is None else max(now - self.moved_at, 0.0)


class Progress:
    """All operations of this process."""

    def __init__(self, *, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.standings: dict[str, Standing] = {}

    def at(self, operation: str, position: int, moment: datetime) -> None:
        """Where its projection begins."""
        standing = self._of(operation)
        standing.position, standing.moment = position, moment
        standing.moved_at = standing.moved_at or self.clock()

    def applied(self, operation: str, position: int, moment: datetime, *, entries: int) -> None:
        self.at(operation, position, moment)
        standing, now = self._of(operation), self.clock()
        standing.entries += entries
        standing.moved_at = now
        standing.recent.append((now, entries))
        while standing.recent[0][0] <= now - RECENT_SECONDS:
            standing.recent.popleft()

    def parked(self, operation: str, entries: int, error: str) -> None:
        self._of(operation).parked += entries
        self._erred(operation, error)

    def fell(self, operation: str, error: str) -> None:
        self._of(operation).falls += 1
        self._erred(operation, error)

    def left(self, operation: str) -> None:
        """Another process projects it from now on."""
        self.standings.pop(operation, None)

    def _erred(self, operation: str, error: str) -> None:
        standing = self._of(operation)
        standing.last_error, standing.last_error_at = error, self.clock()

    def _of(self, operation: str) -> Standing:
        return self.standings.setdefault(operation, Standing())
