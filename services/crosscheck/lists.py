"""The watch lists of one agency: logs of its own, compared with what it is asked in every operation."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable

from schemas.events.listing import is_list
from services.crosscheck.comparing import answers
from services.crosscheck.held import Found, Held
from services.crosscheck.room import Room

log = logging.getLogger(__name__)

MOST_FALLS = 5
Look = Callable[[Room, str], Awaitable[None]]
"""Compares a thing of a list with the questions of an operation."""


class Lists:
    """What stands on the lists now, as far as they have been read."""

    def __init__(self) -> None:
        self._read: dict[str, Room] = {}
        self._looking: dict[str, Look] = {}
        self._falls: Counter[str] = Counter()

    def waits_for(self, operation: str) -> bool:
        """Whether answers wait for a list: until it is read, or could not be read several times over."""
        return operation not in self._read and self._falls[operation] < MOST_FALLS

    def fell(self, operation: str) -> None:
        """A log could not be read. A list is tried for ever, and answers do not wait for ever."""
        self._falls[operation] += 1
        if is_list(operation) and self._falls[operation] == MOST_FALLS and operation not in self._read:
            log.error("answers go without a list that cannot be read", extra={"operation": operation})

    def leaves_out(self, operation: str) -> bool:
        """Whether a list is not searched: it cannot be read, or is not the agency's own."""
        room = self._read.get(operation)
        return self._falls[operation] >= MOST_FALLS if room is None else not _is_own(room)

    def answers(self, question: Held) -> list[Found]:
        """The lines that match a question. Who asks need not see them: their owner has them compared."""
        return [found for _, room in self._own() for found in answers(room, question)]

    def holds(self, record: Held) -> bool:
        """Whether a line is still as it was found."""
        room = self._read.get(record.operation)
        return room is not None and room.holds(record)

    def versions(self) -> list[dict[str, str]]:
        """Each list with the last entry of its log that is compared with questions now."""
        return [{"list": code, "version": room.version} for code, room in self._own() if room.version is not None]

    def look_with(self, operation: str, look: Look) -> None:
        """From now on an operation is told of new lines."""
        self._looking[operation] = look

    def leave(self, operation: str) -> None:
        """An operation is told of new lines no longer, or a list is there no more."""
        self._looking.pop(operation, None)
        self._read.pop(operation, None)

    async def put(self, room: Room) -> None:
        """A list was read, or read anew."""
        self._read[room.operation] = room
        if not _is_own(room):
            log.warning("a list that is not the agency's own is left out", extra={"operation": room.operation})
        for thing in room.things():
            await self.tell(room, thing)
            # Most lines match nothing, and whoever compares a long list lets others go on meanwhile.
            await asyncio.sleep(0)

    async def tell(self, room: Room, thing: str) -> None:
        """A line is new, or says something else now."""
        for look in list(self._looking.values()) if _is_own(room) else ():
            await look(room, thing)

    def _own(self) -> list[tuple[str, Room]]:
        return [(code, room) for code, room in sorted(self._read.items()) if _is_own(room)]


def _is_own(room: Room) -> bool:
    """Whether the agency alone leads the list and nobody else is in it: whoever joins makes it no list of theirs."""
    return room.roster.leads == (room.agency,) and set(room.roster.agencies()) == {room.agency}
