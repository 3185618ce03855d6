"""Recent things, kept in memory: most commands follow soon on what they change, and then nothing need be read."""

from collections.abc import Iterable
from uuid import UUID

from services.projector.changes import Known

MOST_THINGS = 1_000


class Recent:
    """What one writer knows of the things it wrote last. It holds only as long as nobody else writes.

    The checkpoint tells when somebody else did; then, and after any failure, everything is forgotten.
    """

    def __init__(self) -> None:
        self._known: dict[UUID, Known] = {}

    def take(self, things: Iterable[UUID]) -> dict[UUID, Known]:
        """The known ones among these things."""
        return {thing: known for thing in things if (known := self._known.get(thing))}

    def keep(self, written: dict[UUID, Known]) -> None:
        """What a batch knew, now that it is committed; the least recent go."""
        for thing, known in written.items():
            self._known.pop(thing, None)
            # A parked thing may be drained by another process, so it is read anew each time.
            if known.error is None:
                known.settle()
                self._known[thing] = known
        for thing in list(self._known)[: max(0, len(self._known) - MOST_THINGS)]:
            del self._known[thing]

    def forget(self) -> None:
        self._known.clear()
