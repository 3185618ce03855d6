"""Telling: hits and answers through the door, each once, whatever falls in between."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx

from services.crosscheck import reports
from services.crosscheck.desk import Desk
from services.crosscheck.held import Found, Held
from services.crosscheck.rights import members_of
from services.crosscheck.room import Room
from services.crosscheck.weights import Weights

log = logging.getLogger(__name__)

_STALE = (412, 428)
_POSTED_BEFORE = "/problems/id-already-used"
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
        """Whether the hit stands; None where the door refused it, or would, or what was compared has changed."""
        id = reports.hit_id(found)
        if id in room.done:
            return True
        if not room.is_open:
            return None
        stands = await self._stands(found)
        if not stands:
            return stands
        report = reports.hit(found, roster=room.roster.agencies(), by=self._by)
        return self._settle(room, id, await self._desk.post(f"{self._path}/events", report)) or None

    async def result(
        self,
        room: Room,
        question: Held,
        said: reports.Answer,
    ) -> None:
        """Answers a question, or answers it once more."""
        answer = await self._command(room, question, lambda about: reports.result(question, said, about=about))
        if answer is None:
            return
        room.settled.add(question.thing)
        if answer.is_success:
            # Where another answer stands under this id, the log says which, once it has come.
            room.told[question.thing] = said.hits, list(said.ask)

    async def _stands(self, found: Found) -> bool | None:
        """Rights are of now: what was hidden or erased a moment ago raises no hit, what changed is compared anew."""
        entry = await self._desk.get(f"/v1/operations/{found.record.operation}/events/{found.record.entry}")
        thing = await self._desk.get(f"/v1/operations/{found.record.operation}/things/{found.record.thing}")
        if entry is None or entry.get("erased") or thing is None:
            return False
        asked = await self._desk.get(f"{self._path}/offers/{found.question.thing}")
        if asked is None or asked["audience"] is None or asked["state"] == "retracted":
            return None
        seen_by = members_of(asked["audience"], posters=found.question.posters)
        return True if thing["version"] == found.record.version and seen_by == found.question.members else None

    async def _command(self, room: Room, question: Held, make: Make) -> httpx.Response | None:
        """What the door said, where the report stands: taken just now, or before a restart."""
        while True:
            about = await self._desk.get(f"{self._path}/offers/{question.thing}")
            if about is None or about["audience"] is None:
                return None
            report = make(about)
            if not any(one["type"] == report["type"] for one in about["items"]):
                return None
            answer = await self._desk.post(f"{self._path}/events", report, version=about["etag"])
            if answer.status_code not in _STALE:
                break
        return answer if self._settle(room, report["id"], answer) else None

    def _settle(self, room: Room, id: str, answer: httpx.Response) -> bool:
        """Notes what became of a report. An id that is used already is one that was posted before a restart."""
        if answer.is_success or _problem(answer)[:1] == [_POSTED_BEFORE]:
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
