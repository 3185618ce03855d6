"""Replay: an operation told again in its own rhythm, with the figures as they were. It reads, and does nothing else."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from services.gateway.asked import Filtered, Reading, Replaying
from services.gateway.cursors import Seals
from services.gateway.figures.figure import all_figures
from services.gateway.picture import Pictures, Viewer
from services.gateway.scenes import Mark, Scene, first_mark, scenes_after

HEARTBEAT_SECONDS = 10.0
_BEAT_SECONDS = 0.1
"""What is due within a beat is told together, with the figures once."""
_MOST = 200

_encode = msgspec.json.Encoder(decimal_format="number").encode


@dataclass(frozen=True, slots=True)
class _Clock:
    """The replay's own time: as fast as was asked, from when it began."""

    speed: float
    began: float
    time: datetime

    def now(self, *, ahead: float = 0.0) -> datetime:
        """What time it is in the replay, or will be in some seconds."""
        passed = asyncio.get_running_loop().time() - self.began + ahead
        return self.time + timedelta(seconds=passed * self.speed)

    def seconds_until(self, time: datetime) -> float:
        return (time - self.now()).total_seconds() / self.speed


class Replays:
    """Replays of what a viewer may see, with the rights of now."""

    def __init__(self, pictures: Pictures, *, seals: Seals) -> None:
        self._pictures = pictures
        self._seals = seals

    async def frames(self, viewer: Viewer, asked: Replaying, cursor: str | None) -> AsyncIterator[bytes]:
        """`text/event-stream`: `figures`, `entry`, `now`, and `paused` or `end` at last. Raises Malformed."""
        mark = await self._begin(viewer, asked, cursor)
        figures: dict[str, Any] = {}
        yield await self._figures(viewer, asked, mark, figures)
        clock: _Clock | None = None
        while scenes := await self._scenes(viewer, asked, mark):
            if asked.step is None:
                clock = clock or _Clock(asked.speed, asyncio.get_running_loop().time(), scenes[0].time)
                if (pause := clock.seconds_until(scenes[0].time)) > 0:
                    await asyncio.sleep(min(pause, HEARTBEAT_SECONDS))
                    if pause > HEARTBEAT_SECONDS:
                        yield _frame("now", {"time": clock.now()})
                    # It is read again after a pause, for meanwhile it may have become somebody else's alone.
                    continue
                scenes = _due(scenes, clock.now(ahead=_BEAT_SECONDS))
            mark = scenes[-1].mark
            told = b"".join(self._entry(viewer, asked, scene) for scene in scenes)
            yield told + await self._figures(viewer, asked, mark, figures)
            if asked.step is not None:
                yield _frame("paused", {})
                return
        yield _frame("end", {})

    async def _begin(self, viewer: Viewer, asked: Replaying, cursor: str | None) -> Mark:
        if cursor is not None:
            return Mark.read(self._seals.read(cursor, bound_to=_bound_to(viewer, asked)))
        async with self._pictures.open(viewer, Reading(as_of=asked.last_known())) as picture:
            return await first_mark(picture, asked)

    async def _scenes(self, viewer: Viewer, asked: Replaying, mark: Mark) -> list[Scene]:
        async with self._pictures.at_position(viewer, mark.end) as picture:
            return await scenes_after(picture, asked, mark, most=asked.step or _MOST)

    def _entry(self, viewer: Viewer, asked: Replaying, scene: Scene) -> bytes:
        cursor = self._seals.cursor(scene.mark.written(), bound_to=_bound_to(viewer, asked))
        return b"id: %s\n" % cursor.encode() + _frame(
            "entry", {"time": scene.time, "headline": scene.headline, "entry": scene.entry}
        )

    async def _figures(self, viewer: Viewer, asked: Replaying, mark: Mark, before: dict[str, Any]) -> bytes:
        """The figures that moved since the frame before; at first all of them."""
        by_fact = asked.by == "happened"
        at = mark.time if by_fact else None
        async with self._pictures.at_position(viewer, mark.end if by_fact else mark.after, at=at) as picture:
            found = await all_figures(picture, Filtered(at=at))
        moved = []
        for figure in found:
            said = {name: value for name, value in figure.items() if name not in ("moment", "events")}
            if before.get(figure["metric"]) != said:
                before[figure["metric"]] = said
                moved.append(said)
        return _frame("figures", {"time": mark.told_time(), "items": moved}) if moved else b""


def _due(scenes: list[Scene], time: datetime) -> list[Scene]:
    """Those that have come by a time; the first one has."""
    return [scenes[0], *(scene for scene in scenes[1:] if scene.time <= time)]


def _bound_to(viewer: Viewer, asked: Replaying) -> tuple[str, ...]:
    """Speed and step may change from one part of a replay to the next."""
    return ("replay", asked.what(), *viewer.binding)


def _frame(event: str, data: dict[str, Any]) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (event.encode(), _encode(data))
