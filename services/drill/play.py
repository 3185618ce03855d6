"""Posts a drill's reports over HTTP, wave by wave, each with the token of the agency that makes it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import perf_counter
from uuid import UUID

import httpx

from services.drill.story import Drill, Posting, read_drill
from services.drill.waves import waves

CONNECTIONS = 16
ATTEMPTS = 20
LONGEST_PAUSE = 10.0


class DrillRefused(Exception):
    """The gateway refused a report: which one, and what its problem says."""


@dataclass(frozen=True, slots=True)
class Played:
    """What was posted, and how long it took. `last_entry` is what a reader waits for with `after`."""

    operation: str
    posted: int
    seconds: float
    last_entry: str


async def play(
    base_url: str,
    *,
    drill: Path,
    tokens: dict[str, str],
    pace: float | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    only_until: datetime | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> Played:
    """Play the drill. `pace` 60 makes an hour a minute; without it, as fast as it is taken.

    Playing it again is harmless: every report has its id. Raises DrillRefused at the first refusal.
    """
    story = read_drill(drill)
    postings = [one for one in story.postings if only_until is None or one.time <= only_until]
    began = perf_counter()
    last_entry = ""
    posted = 0
    async with httpx.AsyncClient(
        base_url=base_url,
        timeout=60,
        transport=transport,
        limits=httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS),
    ) as client:
        desk = _Desk(client, operation=story.operation, tokens=tokens)
        clock = _Clock(story, pace=pace)
        for time, wave in waves(postings):
            await clock.reach(time)
            last_entry = await desk.post_all(wave)
            posted += len(wave)
            if on_progress:
                on_progress(posted, len(postings))
    return Played(story.operation, posted, perf_counter() - began, last_entry)


class _Desk:
    """The agencies' systems: they keep the versions of things, and repeat a report until it is answered."""

    def __init__(self, client: httpx.AsyncClient, *, operation: str, tokens: dict[str, str]) -> None:
        self.client = client
        self.operation = operation
        self.tokens = tokens
        self.versions: dict[UUID, str] = {}

    async def post_all(self, wave: list[Posting]) -> str:
        """Post a wave; the entry of its last report."""
        if len(wave) == 1:
            return await self._post(wave[0])
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._post(posting)) for posting in wave]
        except ExceptionGroup as failed:
            # The first refusal ended the wave; it is told as it is, without the group around it.
            raise failed.exceptions[0] from None
        return tasks[-1].result()

    async def _post(self, posting: Posting) -> str:
        headers = {
            "Authorization": f"Bearer {self.tokens[posting.agency]}",
            "Content-Type": "application/cloudevents+json",
        }
        if posting.needs_version:
            headers["If-Match"] = self.versions[posting.thing]
        opens_operation = posting.type.startswith("operation.created.")
        path = "/v1/operations" if opens_operation else f"/v1/operations/{self.operation}/events"
        answer = await self._answer(path, posting=posting, headers=headers)
        if answer.status_code not in (200, 201):
            raise DrillRefused(_refusal(posting, answer))
        self.versions[posting.thing] = answer.headers["ETag"]
        return answer.json()["entry"]

    async def _answer(self, path: str, *, posting: Posting, headers: dict[str, str]) -> httpx.Response:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                answer = await self.client.post(path, content=posting.body, headers=headers)
            except httpx.TransportError:
                # Whether it arrived is unknown. The same id again is a replay at worst.
                if attempt == ATTEMPTS:
                    raise
                await asyncio.sleep(min(0.2 * attempt, LONGEST_PAUSE))
            else:
                if answer.status_code not in (429, 503) or attempt == ATTEMPTS:
                    return answer
                await asyncio.sleep(_pause(answer))
        raise AssertionError("the last attempt returns or raises")


class _Clock:
    """Compressed real time, from the first report inside the window on; preparation is not waited for."""

    def __init__(self, story: Drill, *, pace: float | None) -> None:
        self.pace = pace
        self.first = next((one.time for one in story.postings if one.time >= story.starts), story.starts)
        self.began: float | None = None

    async def reach(self, time: datetime) -> None:
        """Wait until the exercise's clock shows this time."""
        if self.pace is None or time < self.first:
            return
        if self.began is None:
            self.began = perf_counter()
        due = self.began + (time - self.first).total_seconds() / self.pace
        await asyncio.sleep(max(0.0, due - perf_counter()))


def _pause(answer: httpx.Response) -> float:
    stated = answer.headers.get("Retry-After", "1")
    return min(float(stated), LONGEST_PAUSE) if stated.isdigit() else 1.0


def _refusal(posting: Posting, answer: httpx.Response) -> str:
    """One sentence. A problem repeats nothing that was posted, so neither does this."""
    what = f"report {posting.id} of {posting.agency} ({posting.type}) was answered {answer.status_code}"
    if answer.headers.get("Content-Type", "").partition(";")[0] != "application/problem+json":
        return what
    problem = answer.json()
    parts = [problem.get("title"), problem.get("detail")]
    parts += [f"{fault.get('pointer')}: {fault.get('detail')}" for fault in problem.get("errors", [])]
    return f"{what}: {'; '.join(part for part in parts if part)}"
