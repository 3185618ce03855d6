"""Clocks: from when something waits until somebody answers, measured against the moment that is shown."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

CLOCK_EXAMPLE = {
    "started_at": "2022-06-24T10:05:00Z",
    "due_at": "2022-06-24T22:05:00Z",
    "stopped_at": None,
    "state": "running",
    "seconds": 3600,
}


def clock(
    started_at: datetime, *, due_at: datetime | None, stopped_at: datetime | None, now: datetime
) -> dict[str, Any]:
    """running or overdue while it waits, met or missed once it was answered; without a deadline, waiting or answered.

    It runs by when things were recorded: that is when the others could know.
    """
    until = stopped_at or now
    if due_at is None:
        state = "answered" if stopped_at else "waiting"
    elif stopped_at is not None:
        state = "met" if stopped_at <= due_at else "missed"
    else:
        state = "running" if now <= due_at else "overdue"
    seconds = max(0, int((until - started_at).total_seconds()))
    return {"started_at": started_at, "due_at": due_at, "stopped_at": stopped_at, "state": state, "seconds": seconds}


def step(item: dict[str, Any], *verbs: str) -> dict[str, Any] | None:
    """The latest step of these verbs."""
    found = [one for one in item["steps"] if one["verb"] in verbs]
    return found[-1] if found else None


def recorded(steps: Iterable[dict[str, Any] | None]) -> datetime | None:
    """When the first of these steps was recorded, as far as there is one."""
    times = [datetime.fromisoformat(one["recorded_at"]) for one in steps if one is not None]
    return min(times) if times else None


def hours(number: float) -> timedelta:
    return timedelta(hours=number)
