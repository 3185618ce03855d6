"""How often a name may be tried, whether an officer has it or not: five times at once, then once in half a minute."""

import math
import time
from collections.abc import Callable
from hashlib import sha256

from services.gateway.problems import SlowDown
from services.shared.officers import spelt

AT_ONCE = 5
SECONDS_EACH = 30.0
_WHOLE = AT_ONCE * SECONDS_EACH
_MOST = 10_000


class Attempts:
    """Counts attempts by name, in the memory of this process; a name itself is not kept."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._paid_at: dict[bytes, float] = {}
        """By name, when all its attempts will be paid for with time."""

    def count(self, name: str) -> None:
        """One attempt more. Raises SlowDown, and counts nothing, when there were too many."""
        now, key = self._clock(), _key(name)
        paid_at = max(self._paid_at.get(key, now), now) + SECONDS_EACH
        if paid_at - now > _WHOLE:
            seconds = math.ceil(paid_at - now - _WHOLE)
            raise SlowDown("This name was tried too often.", seconds=seconds)
        self._paid_at[key] = paid_at
        if len(self._paid_at) > _MOST:
            self._paid_at = {one: at for one, at in self._paid_at.items() if at > now}

    def forget(self, name: str) -> None:
        """The name was signed in by."""
        self._paid_at.pop(_key(name), None)


def _key(name: str) -> bytes:
    return sha256(spelt(name).encode("utf-8", "surrogateescape")).digest()
