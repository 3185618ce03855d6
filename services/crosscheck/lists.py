"""The watch lists of one agency: logs of its own, compared with what it is asked in every operation."""

from collections.abc import Awaitable, Callable

from services.crosscheck.held import Found, Held
from services.crosscheck.room import Room

Look = Callable[[Room, str], Awaitable[None]]
"""Compares a thing of a list with the questions of an operation."""


class Lists:
    """What stands on the lists now, as far as they have been read."""

    def __init__(self) -> None:
        self._read: dict[str, Room] = {}
        self._looking: dict[str, Look] = {}

    def has_read(self, operation: str) -> bool:
        return operation in self._read

    def answers(self, question: Held) -> list[Found]:
        """The lines that match a question. Who asks need not see them: their owner has them compared."""
        return [found for _, room in sorted(self._read.items()) for found in room.answers(question)]

    def holds(self, record: Held) -> bool:
        """Whether a line is still as it was found."""
        room = self._read.get(record.operation)
        return room is not None and room.holds(record)

    def versions(self) -> list[dict[str, str]]:
        """Each list with the last entry of its log that is compared with questions now."""
        return [
            {"list": code, "version": room.version}
            for code, room in sorted(self._read.items())
            if room.version is not None
        ]

    def look_with(self, operation: str, look: Look) -> None:
        """From now on an operation is told of new lines."""
        self._looking[operation] = look

    async def put(self, room: Room) -> None:
        """A list was read, or read anew."""
        self._read[room.operation] = room
        for thing in room.things():
            await self.tell(room, thing)

    async def tell(self, room: Room, thing: str) -> None:
        """A line is new, or says something else now."""
        for look in list(self._looking.values()):
            await look(room, thing)
