"""How a thing stood at a time of the fact: its state then, and what of its detail had happened by then."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, DateTime, cast, column, func, select
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH

from services.gateway.vocabulary import RETRACTED
from services.shared.tables import things

_STATUS_IS_STATE = ("case", "seizure")
"""The kinds whose detail says the state once more, as its status."""


def state_at(at: datetime | None) -> ColumnElement[str]:
    """The state that a thing had come to by then; without a time, the state as it is known."""
    if at is None:
        return things.c.state
    steps = _steps()
    last = select(steps.c.step["state"].astext).where(*_happened(steps, at)).order_by(steps.c.nth.desc()).limit(1)
    return func.coalesce(last.correlate(things).scalar_subquery(), things.c.state)


def recorded_step(*verbs: str, at: datetime | None) -> ColumnElement[datetime]:
    """When the first step of these verbs was recorded, of those that had happened by then."""
    steps = _steps()
    recorded = cast(steps.c.step["recorded_at"].astext, DateTime(timezone=True))
    first = select(func.min(recorded)).where(steps.c.step["verb"].astext.in_(verbs), *_happened(steps, at))
    return first.correlate(things).scalar_subquery()


def last_outcome(*verbs: str, at: datetime | None) -> ColumnElement[str]:
    """What the last step of these verbs said, of those that had happened by then."""
    if at is None:
        # The same in one call, for counts over very many things.
        of_these = " || ".join(f'@.verb == "{verb}"' for verb in verbs)
        said = func.jsonb_path_query_array(things.c.steps, cast(f"$[*] ? ({of_these}).outcome", JSONPATH), type_=JSONB)
        return said[-1].astext
    steps = _steps()
    of_verbs = steps.c.step["verb"].astext.in_(verbs)
    last = select(steps.c.step["outcome"].astext).where(of_verbs, *_happened(steps, at))
    return last.order_by(steps.c.nth.desc()).limit(1).correlate(things).scalar_subquery()


def was_said(outcomes: Collection[str], *, by: str, at: datetime | None) -> ColumnElement[bool]:
    """Whether this agency took a step with one of these outcomes by then."""
    steps = _steps()
    step = steps.c.step
    said = select(step).where(step["agency"].astext == by, step["outcome"].astext.in_(outcomes), *_happened(steps, at))
    return said.correlate(things).exists()


def as_it_was(shown: dict[str, Any], at: datetime) -> dict[str, Any]:
    """A thing without what happened later. Its quantity is what is known now: weighing seizes nothing."""
    detail = by_then(shown["detail"], at)
    if shown["kind"] in _STATUS_IS_STATE and shown["state"] != RETRACTED:
        detail["status"] = shown["state"]
    return {**shown, "detail": detail, "steps": by_then(shown["steps"], at)}


def by_then(told: Any, at: datetime) -> Any:
    """What was told of a thing, without what happened later."""
    if isinstance(told, dict):
        return {name: None if _later(value, at) else by_then(value, at) for name, value in told.items()}
    if isinstance(told, list):
        return [by_then(value, at) for value in told if not _later(value, at)]
    return told


def _steps() -> Any:
    """The steps of a row of things, numbered as they happened."""
    steps = func.jsonb_array_elements(things.c.steps)
    return steps.table_valued(column("step", JSONB), with_ordinality="nth", name="steps").render_derived()


def _happened(steps: Any, at: datetime | None) -> list[ColumnElement[bool]]:
    return [] if at is None else [cast(steps.c.step["occurred_at"].astext, DateTime(timezone=True)) <= at]


def _later(value: Any, at: datetime) -> bool:
    happened = value.get("occurred_at") if isinstance(value, dict) else None
    return isinstance(happened, str) and datetime.fromisoformat(happened) > at
