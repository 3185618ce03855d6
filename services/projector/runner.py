"""Runner: applies an operation's entries in the order of the log, a batch of what waits at a time."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Protocol

from services.projector.changes import Changes
from services.projector.progress import Progress
from services.projector.recent import Recent
from services.projector.statistics import Statistics
from services.projector.totals import Totals
from services.projector.writer import AnotherWrites, Checkpoint, Writer
from services.shared.lines import Line, read_line
from services.shared.records import Stored
from services.shared.refusals import HoleInLog

log = logging.getLogger(__name__)

MOST = 2_000
STAND_BY_SECONDS = 1.0


class Source(Protocol):
    """What the runner asks of the log."""

    def follow(self, operation: str, *, after: int, most: int = MOST) -> AsyncIterator[list[Stored]]: ...

    async def wake(self, operation: str, position: int) -> None: ...


class UnreadableEntry(Exception):
    """An entry is none of the contract's, perhaps of a newer one. It is never stepped over."""


class Runner:
    """Keeps one operation's read models up with its log."""

    def __init__(
        self,
        writer: Writer,
        *,
        statistics: Statistics | None = None,
        totals: Totals | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.operation = writer.operation
        self._writer = writer
        self._statistics = statistics or Statistics()
        self._totals = totals or Totals()
        self._progress = progress or Progress()
        self._recent = Recent()

    async def run(self, source: Source) -> None:
        """Follow the log for ever. Ends only by an exception."""
        while True:
            checkpoint = await self._writer.checkpoint()
            self._progress.at(self.operation, *checkpoint)
            log.info("projecting", extra={"operation": self.operation, "after": checkpoint.position})
            try:
                async for stored in source.follow(self.operation, after=checkpoint.position, most=MOST):
                    checkpoint = await self.take(checkpoint, stored)
                    await source.wake(self.operation, checkpoint.position)
            except AnotherWrites:
                # A second projector, a switch to another set of read models, or parked entries being drained.
                log.info("standing by", extra={"operation": self.operation})
                await asyncio.sleep(STAND_BY_SECONDS)

    async def take(self, checkpoint: Checkpoint, stored: Sequence[Stored]) -> Checkpoint:
        """Read a batch of the log and apply it. Where the read models stand then."""
        return await self.apply(checkpoint, self._read(checkpoint, stored))

    async def apply(self, checkpoint: Checkpoint, lines: Sequence[Line]) -> Checkpoint:
        """Rows and checkpoint in one transaction."""
        to = checkpoint
        moments: list[datetime] = []
        for line in lines:
            # Several gateways have several clocks, but moments never run backwards along positions.
            to = Checkpoint(line.position, max(line.recorded_at, to.moment))
            moments.append(to.moment)
        writer, recent = self._writer, self._recent
        changed = {line.thing for line in lines} - {line.thing for line in lines if line.opens}
        try:
            async with writer.transaction():
                await writer.advance(before=checkpoint.position, to=to)
                known = recent.take(changed)
                changes = Changes(known | await writer.known(changed - known.keys()))
                for line, moment in zip(lines, moments, strict=True):
                    changes.read(line, moment)
                await writer.write(changes)
                await self._totals.after(writer, changes, to.position)
        except BaseException:
            # What was worked out here is not what stands.
            recent.forget()
            self._totals.forget()
            raise
        recent.keep(changes.known)
        for position, thing, error in changes.parked:
            log.error(
                "entry parked",
                extra={
                    "operation": self.operation,
                    "position": position,
                    "thing": str(thing),
                    "error": error,
                },
            )
        if changes.parked:
            self._progress.parked(self.operation, len(changes.parked), changes.parked[-1][2])
        self._progress.applied(self.operation, *to, entries=len(lines))
        await self._statistics.after(writer, changes)
        return to

    def _read(self, checkpoint: Checkpoint, stored: Sequence[Stored]) -> list[Line]:
        lines = []
        expected = checkpoint.position
        for entry in stored:
            if entry.position != expected + 1:
                raise HoleInLog(operation=self.operation, after=expected, found=entry.position)
            expected = entry.position
            try:
                lines.append(read_line(entry.position, entry.body))
            except ValueError:
                # The text of the fault repeats what was posted, so it goes no further.
                raise UnreadableEntry(f"{self.operation}: position {entry.position} cannot be read") from None
        return lines
