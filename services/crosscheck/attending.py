"""Attending one operation for one agency: reads its log, answers what is asked, and goes on looking."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import httpx

from schemas.events.listing import is_list
from services.crosscheck import reports
from services.crosscheck.desk import DelegationEnded, Desk, Resync
from services.crosscheck.lists import Lists
from services.crosscheck.room import Found, Held, ReadAnew, Room
from services.crosscheck.subjects import subjects_in
from services.crosscheck.weights import Weights

log = logging.getLogger(__name__)

_STALE = (412, 428)


class Attendance:
    """What has been answered is what the log says; nothing else is kept, so a restart finds all of it again."""

    def __init__(self, desk: Desk, *, agency: str, operation: str, lists: Lists, by: Weights) -> None:
        self._desk = desk
        self._agency = agency
        self._path = f"/v1/operations/{operation}"
        self._operation = operation
        self._lists = lists
        self._by = by

    async def run(self) -> None:
        """For ever. Raises DelegationEnded."""
        while True:
            try:
                await self._attend()
            except (ReadAnew, Resync):
                log.info("reading the log anew", extra={"operation": self._operation, "agency": self._agency})

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
        listed = is_list(self._operation)
        if listed:
            await self._lists.put(room)
        else:
            self._lists.look_with(self._operation, partial(self._look, room))
            for question in list(room.questions.values()):
                await self._answer(room, question)
        async for told in self._desk.live(f"{self._path}/live", page["tail"]):
            if told.entry in read:
                continue
            read.add(told.entry)
            for thing in room.take(told, is_new=True):
                await (self._lists.tell(room, thing) if listed else self._look(room, room, thing))
            if told.thing in room.questions and told.thing not in room.settled:
                await self._answer(room, room.questions[told.thing])

    async def _look(self, room: Room, where: Room, thing: str) -> None:
        """Compares what is new, here or on a list, with what was asked here."""
        for found in room.standing(thing, of=where):
            await self._raise(room, found)

    async def _answer(self, room: Room, question: Held) -> None:
        """Raises a hit for each record that matches, and answers the question where that is for a machine to do."""
        if not room.is_open or not any(subjects_in(question.data)):
            # What is asked about, this engine does not compare: it is left to people.
            return
        raised = {
            one: await self._raise(room, one) for one in [*room.answers(question), *self._lists.answers(question)]
        }
        if question.thing in room.settled or None in raised.values():
            # An answer that leaves out a hit which the door refused would be a wrong one.
            return
        found = [one for one, stands in raised.items() if stands]
        moment = max([question.recorded_at, *(one.known_at for one in found)])
        if reports.answers_all(question, found, roster=room.roster.agencies()):
            await self._command(room, question, hits=len(found), moment=moment)
        elif reports.taken_up_id(question) not in room.done:
            # A number would tell some who see the question of a record that they may not see: a person answers.
            await self._command(room, question, hits=None, moment=moment)

    async def _raise(self, room: Room, found: Found) -> bool | None:
        """Whether the hit stands; None where the door refused it."""
        id = reports.hit_id(found)
        if id in room.done:
            return True
        if not room.is_open or not await self._is_still_shown(found):
            return False
        report = reports.hit(found, roster=room.roster.agencies(), by=self._by)
        return self._settle(room, id, await self._desk.post(f"{self._path}/events", report)) or None

    async def _is_still_shown(self, found: Found) -> bool:
        """Rights are of now: what was hidden or erased a moment ago raises no hit any more."""
        entry = await self._desk.get(f"/v1/operations/{found.record.operation}/events/{found.record.entry}")
        return entry is not None and not entry.get("erased")

    async def _command(self, room: Room, question: Held, *, hits: int | None, moment: datetime) -> None:
        while True:
            about = await self._desk.get(f"{self._path}/offers/{question.thing}")
            if about is None or about["audience"] is None:
                return
            type, report = self._said(question, hits=hits, about=about, moment=moment)
            offered = [one for one in about["items"] if one["type"] == type]
            if not offered:
                return
            answer = await self._desk.post(f"{self._path}/events", report, version=about["etag"])
            if answer.status_code not in _STALE:
                break
        self._settle(room, report["id"], answer)
        if hits is not None and answer.status_code in (200, 201):
            room.settled.add(question.thing)

    def _said(
        self, question: Held, *, hits: int | None, about: Mapping[str, Any], moment: datetime
    ) -> tuple[str, dict[str, Any]]:
        said = (
            reports.taken_up(question, about=about, moment=moment)
            if hits is None
            else reports.result(question, hits, about=about, moment=moment)
        )
        return said["type"], said

    def _settle(self, room: Room, id: str, answer: httpx.Response) -> bool:
        """Notes what became of a report. An id that is used already is one that was posted before a restart."""
        if answer.status_code in (200, 201, 409):
            room.done.add(id)
            return True
        log.error(
            "the door refused the engine",
            extra={"operation": self._operation, "status": answer.status_code, "problem": _problem(answer)},
        )
        return False


def _problem(answer: httpx.Response) -> Sequence[str]:
    if answer.headers.get("Content-Type", "").partition(";")[0] != "application/problem+json":
        return []
    problem = answer.json()
    return [str(problem.get("type")), *(str(fault.get("pointer")) for fault in problem.get("errors", []))]
