"""Group commit: while one write of an operation is under way, what arrives waits and shares the next.

Under `sync_interval: always` the server syncs once a message, but only once for an atomic batch.
"""

import asyncio
from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from services.shared.connection import Connection
from services.shared.ending import end
from services.shared.inbox import NotSent, Unanswered
from services.shared.publisher import (
    MOST_IN_A_BATCH,
    PERHAPS_STORED,
    BatchNotStored,
    read_quickly,
    write,
    write_batch,
)
from services.shared.records import Appended, Record
from services.shared.refusals import LogUnavailable, OutcomeUnknown

# From how many waiting records on an atomic batch is quicker than singles: staging it costs the server 2 ms,
# and each sync that it saves 0.2 ms and more. Measured under `always` on two cores (1.4 kB each; milliseconds
# for 4, 12, 64, 400 records): singles 1.2, 2.9, 14, 87; a batch 2.4, 2.6, 4.5, 17. On slower disks it pays
# earlier. Writers that post again at once: 64 get 14,000 records a second and 256 get 23,000; singles 4,400.
SWITCH_OVER = 12

MOST_BYTES_IN_A_BATCH = 8 * 2**20


class _Waiting(NamedTuple):
    record: Record
    answer: asyncio.Future[Appended]


class Committer:
    """Writes one operation's records, in rounds; each record gets its own answer."""

    def __init__(self, connection: Connection, operation: str) -> None:
        self._connection = connection
        self._operation = operation
        self._waiting: deque[_Waiting] = deque()
        self._rounds: asyncio.Task[None] | None = None

    def put(self, record: Record) -> "asyncio.Future[Appended]":
        """What will become of the record, without a task of its own."""
        waiting = _Waiting(record, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._rounds is None:
            self._rounds = asyncio.create_task(self._work(), name=f"committer {self._operation}")
        return waiting.answer

    async def close(self) -> None:
        if self._rounds is not None:
            await end([self._rounds])
        _refuse(self._waiting, LogUnavailable("the log is being closed"))

    async def _work(self) -> None:
        try:
            while self._waiting:
                group = self._take()
                try:
                    await self._commit(group)
                except asyncio.CancelledError:
                    _refuse(group, OutcomeUnknown("the log was closed meanwhile"))
                    raise
                except Exception as error:
                    # Nobody awaits this task: what was not foreseen reaches those whose records it concerns.
                    _refuse(group, error)
        finally:
            self._rounds = None

    def _take(self) -> list[_Waiting]:
        """The next round: who waits longest; of one thing only one, for its guard takes one at a time."""
        taken: list[_Waiting] = []
        held: list[_Waiting] = []
        seen: set[str] = set()
        size = 0
        while self._waiting and len(taken) < MOST_IN_A_BATCH and size < MOST_BYTES_IN_A_BATCH:
            waiting = self._waiting.popleft()
            record = waiting.record
            if waiting.answer.done():  # the caller went away
                continue
            if record.thing in seen or record.entry in seen:
                held.append(waiting)
            else:
                seen |= {record.thing, record.entry}
                taken.append(waiting)
                size += len(record.body)
        self._waiting.extendleft(reversed(held))
        return taken

    async def _commit(self, group: list[_Waiting]) -> None:
        if len(group) < SWITCH_OVER:
            await self._write_singly(group)
            return
        try:
            positions = await write_batch(self._connection, self._operation, [each.record for each in group])
        except BatchNotStored as refused:
            rest = await self._not_in_log(group) if refused.err_code in PERHAPS_STORED else group
            if len(rest) < len(group):
                await self._commit(rest)
            else:
                # One record spoils all and is not named: halving finds it in few batches.
                middle = len(group) // 2
                await self._commit(group[:middle])
                await self._commit(group[middle:])
        except NotSent:
            await self._write_singly(group)
        except Unanswered:
            await self._write_singly(group, perhaps_sent=True)
        else:
            for position, (record, answer) in zip(positions, group, strict=True):
                if not answer.done():
                    answer.set_result(Appended(position, True, record.body))

    async def _not_in_log(self, group: list[_Waiting]) -> list[_Waiting]:
        """Those that the log does not have as far as a quick look tells; the others get what it has."""
        reads = (read_quickly(self._connection, self._operation, each.record) for each in group)
        try:
            found = await asyncio.gather(*reads)
        except LogUnavailable:
            return group
        rest = []
        for waiting, appended in zip(group, found, strict=True):
            if appended is None:
                rest.append(waiting)
            elif not waiting.answer.done():
                waiting.answer.set_result(appended)
        return rest

    async def _write_singly(self, group: list[_Waiting], *, perhaps_sent: bool = False) -> None:
        await asyncio.gather(*(self._write_one(each, perhaps_sent=perhaps_sent) for each in group))

    async def _write_one(self, waiting: _Waiting, *, perhaps_sent: bool) -> None:
        try:
            appended = await write(self._connection, self._operation, waiting.record, perhaps_sent=perhaps_sent)
        except Exception as refused:
            _refuse([waiting], refused)
        else:
            if not waiting.answer.done():
                waiting.answer.set_result(appended)


def _refuse(group: Iterable[_Waiting], error: Exception) -> None:
    for waiting in group:
        if not waiting.answer.done():
            waiting.answer.set_exception(error)
