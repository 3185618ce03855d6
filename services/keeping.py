"""Keeps a process running: one that died is started again, after a pause that grows while it keeps dying."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from services.shared.child_process import ChildProcess

SHORTEST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
STEADY_SECONDS = 60.0


@dataclass
class Kept:
    """One process that should run, and when it may be tried again. `say` tells the operator."""

    process: ChildProcess
    say: Callable[[str], None]
    deaths: int = 0
    _pause: float = SHORTEST_PAUSE_SECONDS
    _started: float = 0.0
    _again_at: float | None = None

    def started(self) -> None:
        self._started = time.monotonic()

    def tend(self) -> None:
        """To be called often: notices a death and says so; starts it again after its pause."""
        now = time.monotonic()
        if self.process.is_running:
            return
        if self._again_at is None:
            if now - self._started > STEADY_SECONDS:
                self._pause = SHORTEST_PAUSE_SECONDS
            self.deaths += 1
            self._again_at = now + self._pause
            self.say(
                f"{self.process.name} ended with {self.process.exit_code}; it starts again in "
                f"{self._pause:g} s (its log: {self.process.log})"
            )
            self._pause = min(self._pause * 2, LONGEST_PAUSE_SECONDS)
        elif now >= self._again_at:
            self._again_at = None
            self.process.start()
            self.started()
            self.say(f"{self.process.name} is up again")
