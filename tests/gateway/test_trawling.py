"""How many questions an agency may ask an hour: all at once or one by one, and nothing else is counted."""

from dataclasses import dataclass
from typing import Any

import pytest

import schemas.events  # noqa: F401  (finds every event type)
from schemas.event import REGISTER, Event
from services.gateway.problems import SlowDown
from services.gateway.trawling import Questions


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def event(type: str) -> Event:
    said: Any = REGISTER[type].example()
    return REGISTER[type].model_validate(said)


QUESTION = event("cross_check.requested.v1")


def test_who_has_asked_too_much_is_told_how_long_to_wait() -> None:
    clock = Clock()
    questions = Questions(60, clock=clock)
    for _ in range(60):
        questions.count(QUESTION, "BA")

    with pytest.raises(SlowDown) as refused:
        questions.count(QUESTION, "BA")
    assert refused.value.headers["Retry-After"] == "60"

    clock.now += 60
    questions.count(QUESTION, "BA")
    with pytest.raises(SlowDown):
        questions.count(QUESTION, "BA")


def test_one_agency_uses_up_nothing_of_another() -> None:
    questions = Questions(1, clock=Clock())
    questions.count(QUESTION, "BA")

    questions.count(QUESTION, "MD")


def test_a_report_that_asks_nothing_is_not_counted() -> None:
    questions = Questions(1, clock=Clock())
    for _ in range(10):
        questions.count(event("arrest.made.v1"), "BA")

    questions.count(QUESTION, "BA")
