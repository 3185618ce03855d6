"""Reader: follows one operation for all who watch it in this process, and shares the bytes among equals."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field

from services.gateway.disclosing import lines
from services.gateway.frames import Chosen, frames, given_in
from services.gateway.happenings import Stretch, Tokens
from services.gateway.mailbox import Mailbox
from services.gateway.outage import OUT_OF_REACH
from services.gateway.picture import Viewer
from services.gateway.problems import PictureBehind
from services.gateway.progress import Progress
from services.shared.disclosures import Disclosure, LedgerUnavailable

_LOOK_AGAIN_SECONDS = 1.0
AFTER_FAULT_SECONDS = 0.5
_LONGEST_TICK_SECONDS = 0.1
_TICK_SECONDS_PER_WATCHER = 0.0002
"""A write costs much the same whatever its length, so the more there are who watch, the more is put into each."""

log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Watcher:
    """One open stream that has been read up to `position` already."""

    viewer: Viewer
    chosen: Chosen
    position: int
    mailbox: Mailbox = field(default_factory=Mailbox)
    begins: "asyncio.Future[int]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    """Resolves to the position after which all that happens comes to the mailbox, if that is not closed."""
    group: "_Group | None" = None

    @property
    def seen(self) -> int:
        """The last position of which the viewer was told, or could have been with another choice."""
        return self.group.seen if self.group else 0


@dataclass(slots=True, eq=False)
class _Group:
    """Watchers to whom exactly the same bytes go."""

    viewer: Viewer
    chosen: Chosen
    tokens: Tokens
    seen: int = 0
    mailboxes: dict[Mailbox, Viewer] = field(default_factory=dict)
    """Each with its own reader, of whom it is written down what they were given."""


class Reader:
    """Reads each entry once, with the rights of all who watch, and gives each group what is for it."""

    def __init__(
        self,
        operation: str,
        *,
        read: Callable[[Viewer, int], Awaitable[Stretch]],  # what is for a viewer after a position
        cursor: Callable[[Viewer, int], str],
        write_down: Callable[[list[Disclosure]], Awaitable[None]],
        progress: Progress,
        position: int,
    ) -> None:
        self._operation = operation
        self._read = read
        self._cursor = cursor
        self._write = write_down
        self._progress = progress
        self._position = position
        self._coming: set[Watcher] = set()
        self._groups: dict[tuple[Viewer, Chosen], _Group] = {}
        self.ended = False
        self._task = asyncio.create_task(self._run(), name=f"watching {operation}")

    @property
    def watching(self) -> int:
        return sum(len(group.mailboxes) for group in self._groups.values())

    def join(self, viewer: Viewer, chosen: Chosen, *, position: int) -> Watcher:
        watcher = Watcher(viewer, chosen, position)
        self._coming.add(watcher)
        self._progress.nudge(self._operation)
        return watcher

    def leave(self, watcher: Watcher) -> None:
        """With the last watcher the reader ends."""
        self._coming.discard(watcher)
        group = watcher.group
        if group is not None:
            group.mailboxes.pop(watcher.mailbox, None)
            if not group.mailboxes:
                self._groups.pop((group.viewer, group.chosen), None)
        if not self._groups and not self._coming:
            self.ended = True
            self._task.cancel()

    async def _run(self) -> None:
        try:
            while True:
                wakes = self._progress.wakes[self._operation]
                self._admit()
                before = self._position
                try:
                    await self._step()
                except (*OUT_OF_REACH, PictureBehind, LedgerUnavailable) as fault:
                    # Whoever watches goes on watching: what came meanwhile is read when database and ledger are back.
                    log.warning("cannot read what happens", extra={"error": type(fault).__name__})
                    await asyncio.sleep(AFTER_FAULT_SECONDS)
                    continue
                if self._position > before:
                    await asyncio.sleep(min(self.watching * _TICK_SECONDS_PER_WATCHER, _LONGEST_TICK_SECONDS))
                else:
                    await self._progress.next(self._operation, seconds=_LOOK_AGAIN_SECONDS, wakes_seen=wakes)
        finally:
            # Whatever ended it: nobody is left believing that nothing happens.
            self.ended = True
            for group in self._groups.values():
                for mailbox in group.mailboxes:
                    mailbox.close()
            for watcher in self._coming:
                watcher.mailbox.close()
                watcher.begins.set_result(self._position)

    def _admit(self) -> None:
        """Takes in those who are not ahead of this reader: from here on it reads with their rights too."""
        for watcher in [one for one in self._coming if one.position <= self._position]:
            self._coming.discard(watcher)
            key = (watcher.viewer, watcher.chosen)
            group = self._groups.get(key)
            if group is None:
                group = self._groups[key] = _Group(*key, frozenset(watcher.viewer.tokens))
            group.mailboxes[watcher.mailbox] = watcher.viewer
            watcher.group = group
            watcher.begins.set_result(self._position)

    async def _step(self) -> None:
        everyone = {token for group in self._groups.values() for token in group.tokens}
        stretch = await self._read(Viewer(self._operation, "", tuple(sorted(everyone))), self._position)
        told_to = {
            group: [one for one in stretch.happenings if one.is_for(group.tokens)] for group in self._groups.values()
        }
        chosen_by = {group: [one for one in told if group.chosen.has(one)] for group, told in told_to.items()}
        await self._write(
            [
                line
                for group, chosen in chosen_by.items()
                for viewer in _desks(group)
                for line in lines(viewer, "live", given_in(chosen), upto=stretch.upto)
            ]
        )
        for group, told in told_to.items():
            if told:
                group.seen = told[-1].position
            if chosen := chosen_by[group]:
                viewer = group.viewer
                chunk = frames(chosen, lambda position, viewer=viewer: self._cursor(viewer, position))  # type: ignore[misc]
                for mailbox in group.mailboxes:
                    mailbox.put(chunk)
        self._position = max(stretch.upto, self._position)


def _desks(group: _Group) -> Collection[Viewer]:
    """Who is given what a group is: one desk with several streams is given it once."""
    return {(one.agency, one.actor, one.purpose): one for one in group.mailboxes.values()}.values()
