"""How many questions an agency may ask an hour: all at once or one by one, and nothing else is counted."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

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


def ask(questions: Questions, agency: str, *, entry: UUID | None = None) -> None:
    questions.count(entry or uuid4(), agency)


def test_who_has_asked_too_much_is_told_how_long_to_wait() -> None:
    clock = Clock()
    questions = Questions(60, clock=clock)
    for _ in range(60):
        ask(questions, "BA")

    with pytest.raises(SlowDown) as refused:
        ask(questions, "BA")
    assert refused.value.headers["Retry-After"] == "60"

    clock.now += 60
    ask(questions, "BA")
    with pytest.raises(SlowDown):
        ask(questions, "BA")


def test_one_agency_uses_up_nothing_of_another() -> None:
    questions = Questions(1, clock=Clock())
    ask(questions, "BA")

    ask(questions, "MD")


def test_a_report_that_asks_nothing_is_not_counted() -> None:
    questions = Questions(1, clock=Clock())

    assert not questions.new(event("arrest.made.v1"), uuid4())
    assert questions.new(QUESTION, uuid4())


def test_a_question_that_is_asked_again_within_the_hour_costs_nothing() -> None:
    clock, entry = Clock(), uuid4()
    questions = Questions(1, clock=clock)
    for _ in range(10):
        ask(questions, "BA", entry=entry)
        clock.now += 60

    assert not questions.new(QUESTION, entry)
    with pytest.raises(SlowDown):
        ask(questions, "BA")


def test_a_question_is_not_remembered_for_longer_than_an_hour() -> None:
    clock, entry = Clock(), uuid4()
    questions = Questions(60, clock=clock)
    ask(questions, "BA", entry=entry)

    clock.now += 3600
    ask(questions, "BA")

    assert questions.new(QUESTION, entry)
