"""How the engine stands, for Prometheus: what it has read, what waits for it and how long. Numbers, never content."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from services.crosscheck.history import Told
from services.crosscheck.room import Room
from services.crosscheck.subjects import subjects_in
from services.shared.exposition import MEDIA, Family, exposition
from services.shared.status_server import Page, Shown


@dataclass
class Standing:
    """One operation, attended for one agency."""

    clock: Callable[[], float] = time.monotonic
    wall_clock: Callable[[], float] = time.time
    room: Room | None = None
    """What was read; None while it is read for the first time."""
    read_anew: int = 0
    left_out: Callable[[], bool] = lambda: False
    """Whether it is a watch list that is not searched."""
    lag_seconds: float = 0.0
    """From the recording of the entry that was taken last until it was taken; of an exercise, whose clock is another,
    nothing."""
    _heard_at: float | None = None
    _since: dict[str, float] = field(default_factory=dict)

    def heard(self) -> None:
        """The stream lives: an entry came, or the word that there is none."""
        self._heard_at = self.clock()

    def took(self, told: Told) -> None:
        """An entry came by the stream."""
        if self.room is not None and not self.room.is_exercise:
            self.lag_seconds = round(max(self.wall_clock() - told.recorded_at.timestamp(), 0.0), 3)

    def silent_seconds(self) -> float:
        """How long ago the stream was heard of; 0 before it began."""
        return 0.0 if self._heard_at is None else round(self.clock() - self._heard_at, 1)

    def waiting(self) -> dict[str, float]:
        """Questions that the engine has not answered: since when each is known to wait."""
        room = self.room
        open_ones = set() if room is None or not room.is_open else {
            question.thing
            for question in room.questions.values()
            if question.thing not in room.settled
            and any(subjects_in(question.data))
        }  # fmt: skip
        now = self.clock()
        self._since = {thing: self._since.get(thing, now) for thing in open_ones}
        return self._since

    def oldest_seconds(self) -> float:
        """How long the one that waits longest has waited, as far as was looked."""
        return round(self.clock() - min(self.waiting().values(), default=self.clock()), 1)


class Status:
    """All that is attended."""

    def __init__(self) -> None:
        self.standings: dict[tuple[str, str], Standing] = {}
        self.engines: dict[str, int] = {}
        """Among how many each agency's operations are shared, as last heard."""

    def of(self, agency: str, operation: str) -> Standing:
        return self.standings.setdefault((agency, operation), Standing())

    def left(self, agency: str, operation: str) -> None:
        """Another engine attends it now, or nobody."""
        self.standings.pop((agency, operation), None)

    def forget(self, agency: str) -> None:
        """A delegation has ended."""
        self.standings = {place: one for place, one in self.standings.items() if place[0] != agency}
        self.engines.pop(agency, None)

    def pages(self) -> Mapping[str, Page]:
        async def metrics() -> Shown:
            return Shown(exposition(self._families()), MEDIA)

        return {"/metrics": metrics}

    def _families(self) -> list[Family]:
        def family(name: str, said: str, number: Callable[[Standing], float]) -> Family:
            samples = [
                ({"agency": agency, "operation": operation}, number(one))
                for (agency, operation), one in sorted(self.standings.items())
            ]
            return Family(f"vcp_crosscheck_{name}", "gauge", said, samples)

        def of_room(count: Callable[[Room], int]) -> Callable[[Standing], float]:
            return lambda one: 0 if one.room is None else count(one.room)

        shared = [({"agency": agency}, number) for agency, number in sorted(self.engines.items())]
        return [
            Family("vcp_crosscheck_engines", "gauge", "Engines that share the agency's operations.", shared),
            family("attended", "1 for an operation or a list that this engine attends.", lambda one: 1),
            family("reading", "1 while the log is read for the first time.", lambda one: int(one.room is None)),
            family("read_anew", "How often the log was read from its beginning again.", lambda one: one.read_anew),
            family(
                "left_out",
                "1 for a watch list that is not searched: unreadable, or others are in it.",
                lambda one: int(one.left_out()),
            ),
            family(
                "lag_seconds",
                "From the recording of the last entry until it was taken; in an exercise nothing.",
                lambda one: one.lag_seconds,
            ),
            family(
                "silent_seconds",
                "How long ago the live stream was heard of; it says something every ten seconds.",
                lambda one: one.silent_seconds(),
            ),
            family("records", "Things that questions are compared with.", of_room(lambda room: len(room.things()))),
            family("questions", "Questions put to the agency.", of_room(lambda room: len(room.questions))),
            family("posted", "Hits and answers that stand in the log.", of_room(lambda room: len(room.done))),
            family("waiting", "Questions that are not answered yet.", lambda one: len(one.waiting())),
            family("oldest_seconds", "How long the oldest of them waits.", lambda one: one.oldest_seconds()),
        ]
