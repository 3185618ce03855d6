"""Who takes part in an operation, in which role, and whether it is open."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from psycopg_pool import AsyncConnectionPool

from schemas.vocabulary import kind_of
from services.gateway.credentials import Caller
from services.gateway.problems import NotFound, PictureBehind
from services.gateway.progress import Progress
from services.gateway.sessions import SET_VIEWER, must_show
from services.shared.audiences import EVERYONE, presented
from services.shared.bus import Log, NoSuchOperation
from services.shared.tables import OPEN

_FRESH_SECONDS = 0.25
"""How long a roster is used after the picture moved on; what this gateway itself posts is felt at once."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An agency's place in an operation."""

    agency: str
    kind: str
    role: str
    bound_by_eu_law: bool = False
    expert: bool = False
    """The lead named it as expert: it may give opinions."""

    @property
    def leads(self) -> bool:
        return self.role in ("lead", "co_lead")

    @property
    def country(self) -> str:
        """Of a national agency: its code begins with its country."""
        return self.agency.partition("-")[0]


@dataclass(frozen=True, slots=True)
class Roster:
    """One operation at one moment."""

    operation: str
    name: str
    state: str
    exercise: bool
    time_zone: str
    narrows: dict[str, list[str]] = field(default_factory=dict)
    standings: dict[str, Standing] = field(default_factory=dict)

    def tokens(self, caller: Caller) -> tuple[str, ...]:
        """What is true of this caller here. Raises NotFound when its agency takes no part."""
        standing = self.standings.get(caller.agency)
        if standing is None:
            raise NotFound
        return presented(
            agency=caller.agency,
            role=standing.role,
            groups=caller.groups,
            bound_by_eu_law=standing.bound_by_eu_law,
        )


class Rosters:
    """Rosters by operation, read from the picture and kept for moments."""

    def __init__(self, pool: AsyncConnectionPool, log: Log, progress: Progress) -> None:
        self._pool = pool
        self._log = log
        self._progress = progress
        self._kept: dict[str, tuple[float, Roster]] = {}
        self._reading: dict[str, asyncio.Task[Roster | None]] = {}

    async def joined(self, operation: str, caller: Caller) -> Roster:
        """The roster of an operation in which the caller's agency takes part and that its token reaches.

        Raises NotFound: an operation out of reach is like one that does not exist.
        """
        if not caller.reaches(operation):
            raise NotFound
        roster = self._recent(operation) or await self.of(operation)
        if caller.agency not in roster.standings:
            roster = await self.caught_up(operation)
            if caller.agency not in roster.standings:
                raise NotFound
        return roster

    async def of(self, operation: str) -> Roster:
        """The roster. Raises NotFound when there is no such operation."""
        return await self.in_picture(operation) or await self.caught_up(operation)

    async def in_picture(self, operation: str) -> Roster | None:
        """The roster as the picture has it now; None when the operation is not in it, or not yet."""
        if (recent := self._recent(operation)) is not None:
            return recent
        # However many reports come at once, one of them reads the roster for all.
        reading = self._reading.get(operation)
        if reading is None:
            reading = self._reading[operation] = asyncio.create_task(self._read(operation))
            reading.add_done_callback(lambda _: self._reading.pop(operation, None))
        return await asyncio.shield(reading)

    def _recent(self, operation: str) -> Roster | None:
        kept = self._kept.get(operation)
        return kept[1] if kept is not None and kept[0] > time.monotonic() else None

    async def caught_up(self, operation: str) -> Roster:
        """The roster after all that is in the log now: asked before somebody is refused."""
        try:
            tail = await self._log.tail(operation)
        except NoSuchOperation:
            raise NotFound from None
        await self._progress.reach(operation, tail)
        roster = await self._read(operation, shown=tail)
        if roster is None:
            raise NotFound
        return roster

    async def renew(self, operation: str) -> None:
        """After a change of the operation itself: the next judgement is by the roster that has it."""
        self._kept.pop(operation, None)
        try:
            await self.caught_up(operation)
        except (NotFound, PictureBehind):
            self._kept.pop(operation, None)

    async def _read(self, operation: str, *, shown: int = 0) -> Roster | None:
        """Raises PictureBehind when the picture does not show the log up to the position `shown`."""
        async with self._pool.connection() as connection, connection.transaction():
            await connection.execute(SET_VIEWER, (EVERYONE, operation))
            if shown:
                await must_show(connection, operation, shown)
            rows = await connection.execute(
                "select kind, state, detail from things where operation = %s and kind = any(%s) and until = %s"
                " order by last_position",
                (operation, ["operation", "participant"], OPEN),
            )
            found = _roster(operation, await rows.fetchall())
        if found is not None:
            self._kept[operation] = (time.monotonic() + _FRESH_SECONDS, found)
        return found


def _roster(operation: str, rows: list[tuple[str, str, dict[str, Any]]]) -> Roster | None:
    opened = next(((state, detail) for kind, state, detail in rows if kind == "operation"), None)
    if opened is None:
        return None
    state, detail = opened
    standings = {code: Standing(code, kind_of(code), "lead") for code in detail["lead"]}
    participations = [(participation, said) for kind, participation, said in rows if kind == "participant"]
    # Who left may have joined again, as another thing: the latest joining that stands is what counts.
    for participation, said in participations:
        if participation == "left":
            standings.pop(said["agency"], None)
    for participation, said in participations:
        if participation == "joined":
            standings[said["agency"]] = _standing(said)
    return Roster(
        operation,
        detail["name"],
        state,
        bool(detail.get("exercise")),
        detail["window"]["time_zone"],
        detail.get("narrows") or {},
        standings,
    )


def _standing(said: dict[str, Any]) -> Standing:
    return Standing(
        said["agency"],
        said["kind"],
        said["role"],
        bound_by_eu_law=bool(said.get("bound_by_eu_law")),
        expert=bool(said.get("expert_in")),
    )
