"""The changes of one batch: for each entry, how its thing's rows after it differ from those before it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec

from services.projector import projection
from services.projector.projection import Arrival, Identity, Row
from services.shared.audiences import audience_id
from services.shared.lines import Line
from services.shared.tables import OPEN
from services.shared.thing import Thing


class MissingOpening(Exception):
    """An entry changes a thing whose opening is not in the log: the log was not written through the door."""


class Known:
    """A thing as far as this batch knows it: its history, its rows as they stand, who may see them."""

    __slots__ = ("audience", "audience_id", "born", "error", "history", "rows", "stored_audience_id")

    def __init__(self, history: tuple[Line, ...] = (), *, error: str | None = None) -> None:
        self.history = history
        self.error = error
        self.rows: dict[Identity, Row] = {}
        self.born: dict[Identity, Version] = {}
        """The open versions that were made in this batch."""
        self.audience: tuple[str, ...] = ()
        self.audience_id = 0
        self.stored_audience_id: int | None = None
        if history:
            thing = Thing(history)
            self._seen_by(thing.audience)
            self.stored_audience_id = self.audience_id
            if error is None:
                self.rows = projection.rows(thing)

    def read_on(self, line: Line) -> dict[Identity, Row] | None:
        """The rows after one more entry, or None when they cannot be worked out: then the thing is parked."""
        if not self.history and not line.opens:
            raise MissingOpening(f"position {line.position} changes a thing that nothing opened")
        self.history = (*self.history, line)
        try:
            thing = Thing(self.history)
            self._seen_by(thing.audience)
            return None if self.error else projection.rows(thing)
        except Exception as failed:
            if not self.audience:
                raise  # without an audience nothing of it may be written, not even the entry
            self.error = type(failed).__name__
            return None

    def settle(self) -> None:
        """What this batch changed is committed: from here on it is what stands."""
        self.born = {}
        self.stored_audience_id = self.audience_id

    def keys(self) -> list[UUID]:
        """Every key under which a row of this thing can stand: its own entries, the opening among them."""
        return [line.entry for line in self.history]

    def _seen_by(self, audience: tuple[str, ...]) -> None:
        if audience != self.audience:
            self.audience = audience
            self.audience_id = audience_id(audience)


class Version(msgspec.Struct):
    """A row with its span, made in this batch."""

    known: Known
    row: Row
    since: int
    until: int = OPEN


class Changes:
    """A batch folded in memory: what to close, what to add, whose audience moved, what is parked."""

    def __init__(self, known: dict[UUID, Known] | None = None) -> None:
        self.known: dict[UUID, Known] = known or {}
        self.added: dict[str, list[Version]] = defaultdict(list)
        self.closed: dict[str, list[tuple[UUID, int, int]]] = defaultdict(list)
        self.parked: list[tuple[int, UUID, str]] = []
        self._audiences: dict[int, tuple[str, ...]] = {}

    def read(self, line: Line, moment: datetime) -> None:
        """One entry, in the order of the log."""
        known = self.known.get(line.thing)
        if known is None:
            known = self.known[line.thing] = Known()
        earlier, before = known.history, known.audience_id
        self.refold(known, line)
        opened_to = known.audience_id
        arrival = Arrival(line, moment, known.history[0], earlier, opened_to, before if earlier else opened_to)
        for row in projection.entry_rows(arrival):
            self.added[row.table].append(Version(known, row, line.position))

    def refold(self, known: Known, line: Line) -> None:
        """What one more entry changes of its thing's rows, at the entry's position."""
        after = known.read_on(line)
        self._audiences[known.audience_id] = known.audience
        if after is None:
            self.parked.append((line.position, line.thing, known.error or "unknown"))
            return
        before = known.rows
        known.rows = after
        for identity, row in before.items():
            new = after.get(identity)
            if new is None or new.values != row.values:
                self._close(known, identity, row, line.position)
        for identity, row in after.items():
            old = before.get(identity)
            if old is None or old.values != row.values:
                self._open(known, identity, row, line.position)

    def moved(self) -> Iterable[Known]:
        """The things of before this batch whose audience is another now."""
        return [
            known
            for known in self.known.values()
            if known.stored_audience_id is not None and known.stored_audience_id != known.audience_id
        ]

    def audiences(self) -> dict[int, tuple[str, ...]]:
        """Every audience that something in this batch had, also for a while only."""
        return self._audiences

    def _open(self, known: Known, identity: Identity, row: Row, position: int) -> None:
        version = Version(known, row, position)
        self.added[row.table].append(version)
        known.born[identity] = version

    def _close(self, known: Known, identity: Identity, row: Row, position: int) -> None:
        born = known.born.pop(identity, None)
        if born is not None:
            born.until = position
        else:
            self.closed[row.table].append((row.key, row.line, position))
