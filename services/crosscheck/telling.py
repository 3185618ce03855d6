"""Telling: hits and answers through the door, each once, whatever falls in between."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import httpx

from services.crosscheck import reports
from services.crosscheck.desk import Desk
from services.crosscheck.held import Found, Held
from services.crosscheck.room import Room
from services.crosscheck.weights import Weights

log = logging.getLogger(__name__)

_STALE = (412, 428)
Make = Callable[[Mapping[str, Any]], dict[str, Any]]
"""A command from what the API offers about its thing."""


class Telling:
    """Posts into one operation for one agency."""

    def __init__(self, desk: Desk, *, operation: str, by: Weights) -> None:
        self._desk = desk
        self._operation = operation
        self._path = f"/v1/operations/{operation}"
        self._by = by

    async def raise_hit(self, room: Room, found: Found) -> bool | None:
        """Whether the hit stands; None where the door refused it."""
        id = reports.hit_id(found)
        if id in room.done:
            return True
        if not room.is_open or not await self._is_still_shown(found):
            return False
        report = reports.hit(found, roster=room.roster.agencies(), by=self._by)
        return self._settle(room, id, await self._desk.post(f"{self._path}/events", report)) or None

    async def result(
        self,
        room: Room,
        question: Held,
        said: reports.Answer,
    ) -> None:
        """Answers a question, or answers it once more."""
        if await self._command(room, question, lambda about: reports.result(question, said, about=about)):
            room.settled.add(question.thing)
            room.told[question.thing] = said.hits, list(said.ask)

    async def taken_up(self, room: Room, question: Held, *, moment: datetime) -> None:
        """Leaves a question to a person, and says so."""
        await self._command(room, question, lambda about: reports.taken_up(question, about=about, moment=moment))

    async def _is_still_shown(self, found: Found) -> bool:
        """Rights are of now: what was hidden or erased a moment ago raises no hit any more."""
        entry = await self._desk.get(f"/v1/operations/{found.record.operation}/events/{found.record.entry}")
        return entry is not None and not entry.get("erased")

    async def _command(self, room: Room, question: Held, make: Make) -> bool:
        """Whether it was taken just now, or had been before a restart."""
        while True:
            about = await self._desk.get(f"{self._path}/offers/{question.thing}")
            if about is None or about["audience"] is None:
                return False
            report = make(about)
            if not any(one["type"] == report["type"] for one in about["items"]):
                return False
            answer = await self._desk.post(f"{self._path}/events", report, version=about["etag"])
            if answer.status_code not in _STALE:
                break
        return self._settle(room, report["id"], answer)

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
