"""Attending one operation for one agency: reads its log, answers what is asked, and goes on looking."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import partial
from weakref import WeakValueDictionary

import httpx

from schemas.events.cross_check import CrossCheckRequested
from schemas.events.listing import is_list
from schemas.events.operation import OperationReopened
from services.crosscheck import reports
from services.crosscheck.comparing import answers, earlier_questions
from services.crosscheck.desk import DelegationEnded, Desk, Resync
from services.crosscheck.held import Found, Held
from services.crosscheck.history import Told
from services.crosscheck.lists import Lists
from services.crosscheck.room import ReadAnew, Room
from services.crosscheck.status import Standing
from services.crosscheck.subjects import subjects_in
from services.crosscheck.telling import Telling
from services.crosscheck.weights import Weights

log = logging.getLogger(__name__)

MOST_AT_ONCE = 8
"""Answers of one operation under way at the door."""


class Attendance:
    """What has been answered is what the log says; nothing else is kept, so a restart finds all of it again."""

    def __init__(
        self, desk: Desk, *, agency: str, operation: str, lists: Lists, by: Weights, standing: Standing
    ) -> None:
        self._desk = desk
        self._standing = standing
        self._telling = Telling(desk, operation=operation, by=by)
        self._agency = agency
        self._path = f"/v1/operations/{operation}"
        self._operation = operation
        self._lists = lists
        self._places = asyncio.Semaphore(MOST_AT_ONCE)
        self._one_by_one: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._put_off: defaultdict[str, set[str]] = defaultdict(set)
        """Questions that wait until a change of a record has come, by the record's thing."""
        self._by = by

    async def run(self) -> None:
        """For ever. Raises DelegationEnded."""
        while True:
            has_ended = False
            try:
                await self._attend()
            except* (ReadAnew, Resync):
                self._standing.read_anew += 1
                self._lists.fell(self._operation)
                log.info("reading the log anew", extra={"operation": self._operation, "agency": self._agency})
            except* DelegationEnded:
                has_ended = True
            if has_ended:
                raise DelegationEnded

    async def _attend(self) -> None:
        page = await self._desk.get(f"{self._path}/events", limit=1)
        if page is None:
            raise DelegationEnded
        room, read = Room(self._agency, self._operation, by=self._by), set()
        try:
            async for told in self._desk.whole_log(f"{self._path}/events"):
                read.add(told.entry)
                room.take(told, is_new=False)
        except httpx.TransportError:
            raise Resync from None
        self._standing.room = room
        listed = is_list(self._operation)
        if listed:
            await self._lists.put(room)
        try:
            async with asyncio.TaskGroup() as group:
                if not listed:
                    self._lists.look_with(self._operation, partial(self._look, group, room))
                    for question in room.asking():
                        await self._answer_soon(group, room, question)
                await self._follow(group, room, read, page["tail"])
        finally:
            if not listed:
                self._lists.leave(self._operation)

    async def _follow(self, group: asyncio.TaskGroup, room: Room, read: set[str], tail: str) -> None:
        """Entries as they come, for ever."""
        listed = is_list(self._operation)
        async for told in self._desk.live(f"{self._path}/live", tail, heard=self._standing.heard):
            self._standing.took(told)
            if told.entry in read:
                continue
            read.add(told.entry)
            believed = room.told.get(told.thing)
            for thing in room.take(told, is_new=True):
                await (self._lists.tell(room, thing) if listed else self._look(group, room, room, thing))
            for question in _to_answer(room, told, believed):
                await self._answer_soon(group, room, question)

    async def _look(self, group: asyncio.TaskGroup, room: Room, where: Room, thing: str) -> None:
        """Compares what is new, here or on a list, with what was asked here; an answer that was given may grow."""
        for found in earlier_questions(room, thing, of=where):
            await self._answer_soon(group, room, found.question, also=(found,))
        for asked in self._put_off.pop(thing, set()):
            question = room.asked_by(asked)
            if question is not None:
                await self._answer_soon(group, room, question)

    async def _answer_soon(
        self, group: asyncio.TaskGroup, room: Room, question: Held, *, also: Sequence[Found] = ()
    ) -> None:
        """Answers beside others: most of the time an answer waits for the door."""
        await self._places.acquire()
        answering = self._answer(room, question, also=also)
        try:
            task = group.create_task(answering)
        except RuntimeError:
            # The attendance falls while a list tells it of a line: it reads its log anew, and compares all of it.
            answering.close()
            self._places.release()
            return
        task.add_done_callback(lambda _: self._places.release())

    async def _answer(self, room: Room, question: Held, *, also: Sequence[Found] = ()) -> None:
        """One after the other for one question: the later answer is to know of the earlier one."""
        async with self._one_by_one.setdefault(question.thing, asyncio.Lock()):
            await self._answer_alone(room, question, also)

    async def _raise_all(self, room: Room, question: Held, found: Iterable[Found]) -> dict[Found, bool | None]:
        """Raises hits. Noted before the records are looked at, for what changes one of them may come meanwhile."""
        noted = [(one, self._put_off[one.record.thing]) for one in found]
        for _, waiting in noted:
            waiting.add(question.thing)
        raised = {one: await self._telling.raise_hit(room, one) for one, _ in noted}
        for one, waiting in noted:
            if raised[one] is not None:
                waiting.discard(question.thing)
            if not waiting and self._put_off.get(one.record.thing) is waiting:
                del self._put_off[one.record.thing]
        return raised

    async def _answer_alone(self, room: Room, question: Held, also: Sequence[Found]) -> None:
        """Raises a hit for each record that matches, and answers the question where that is for a machine to do."""
        if room.asked_by(question.thing) is not question or not room.is_open or not any(subjects_in(question.data)):
            # It changed while this waited, or the engine does not compare what is asked about: that is left to people.
            return
        lists = self._lists.versions()
        still = [one for one in also if room.holds(one.record) or self._lists.holds(one.record)]
        matching = {one.record.thing: one for one in (*still, *answers(room, question), *self._lists.answers(question))}
        raised = await self._raise_all(room, question, matching.values())
        told_to_all = {
            one: stands
            for one, stands in raised.items()
            if reports.is_told_to_all(question, one, roster=room.roster.agencies())
        }
        if None in told_to_all.values():
            # An answer that leaves out a hit which could not be told would be a wrong one.
            return
        if question.type != CrossCheckRequested.type:
            # Nobody asked, so nobody is answered.
            return
        found = [one for one, stands in told_to_all.items() if stands]
        is_settled = question.thing in room.settled
        ask = reports.to_ask(found)
        hits, asked = room.told.get(question.thing, (len(found), ask))
        if is_settled and len(found) <= hits and ask == asked:
            return
        moment = max([question.recorded_at, *(one.known_at for one in found)])
        answer = reports.Answer(len(found), ask, lists, moment, again=is_settled)
        await self._telling.result(room, question, answer)


def _to_answer(room: Room, told: Told, believed: tuple[int, list[str]] | None) -> list[Held]:
    """The questions that an entry leaves to be answered; `believed` is what the last answer was held to say."""
    if told.type == OperationReopened.type:
        # What was asked or found while it closed was refused.
        return room.asking()
    question = room.asked_by(told.thing)
    if question is None or (told.thing in room.settled and room.told.get(told.thing) == believed):
        return []
    return [question]
