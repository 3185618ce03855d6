"""How a thing stood at a time of the fact: its state then, and what of its detail had happened by then."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, DateTime, cast, column, func, select
from sqlalchemy.dialects.postgresql import JSONB

from services.shared.tables import things


def state_at(at: datetime | None) -> ColumnElement[str]:
    """The state that a thing had come to by then; without a time, the state as it is known."""
    if at is None:
        return things.c.state
    steps = (
        func.jsonb_array_elements(things.c.steps)
        .table_valued(column("step", JSONB), with_ordinality="nth", name="steps")
        .render_derived()
    )
    step = steps.c.step
    happened = cast(step["occurred_at"].astext, DateTime(timezone=True)) <= at
    last = select(step["state"].astext).where(happened).order_by(steps.c.nth.desc()).limit(1)
    return func.coalesce(last.correlate(things).scalar_subquery(), things.c.state)


def first_step(*verbs: str, at: datetime | None) -> ColumnElement[datetime]:
    """When the first step of these verbs was recorded, of those that had happened by then."""
    steps = func.jsonb_array_elements(things.c.steps).table_valued(column("step", JSONB), name="steps").render_derived()
    step = steps.c.step
    recorded = cast(step["recorded_at"].astext, DateTime(timezone=True))
    first = select(func.min(recorded)).where(step["verb"].astext.in_(verbs))
    if at is not None:
        first = first.where(cast(step["occurred_at"].astext, DateTime(timezone=True)) <= at)
    return first.correlate(things).scalar_subquery()


def by_then(told: Any, at: datetime) -> Any:
    """What was told of a thing, without what happened later."""
    if isinstance(told, dict):
        return {name: None if _later(value, at) else by_then(value, at) for name, value in told.items()}
    if isinstance(told, list):
        return [by_then(value, at) for value in told if not _later(value, at)]
    return told


def _later(value: Any, at: datetime) -> bool:
    happened = value.get("occurred_at") if isinstance(value, dict) else None
    return isinstance(happened, str) and datetime.fromisoformat(happened) > at
