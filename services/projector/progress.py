"""Progress: how this process's projections stand, for whoever operates them. Names and numbers, never content."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


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


class Progress:
    """All operations of this process."""

    def __init__(self, *, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self.standings: dict[str, Standing] = {}

    def at(self, operation: str, position: int, moment: datetime) -> None:
        """Where its projection begins."""
        standing = self._of(operation)
        standing.position, standing.moment = position, moment

    def applied(self, operation: str, position: int, moment: datetime, *, entries: int) -> None:
        self.at(operation, position, moment)
        self._of(operation).entries += entries

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
        standing.last_error, standing.last_error_at = error, self._clock()

    def _of(self, operation: str) -> Standing:
        return self.standings.setdefault(operation, Standing())
