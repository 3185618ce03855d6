"""Several engines share the operations; whatever becomes of one, each question is answered once."""

import os
import signal
from collections.abc import Iterator
from random import Random
from typing import Any

import httpx
import pytest

from services.shared.child_process import ChildProcess
from services.stack import Stack
from tests.flow.conftest import Room, open_room
from tests.soak.questioning import (
    TARGET,
    answered,
    ask,
    attends,
    contribute,
    delegate,
    further_engine,
    kill_at_random,
    results,
    shown,
    until,
)

pytestmark = pytest.mark.own_stack  # engines are killed

SOON_SECONDS = 60.0
"""More than it takes on a machine that does much else. How long it took is printed."""


@pytest.fixture
def rooms(room: Any, stack: Stack) -> Iterator[list[Room]]:
    """Two operations, in which EUROPOL has delegated to the engines."""
    with open_room(stack) as other:
        delegate(stack, room)
        for one in (room, other):
            contribute(one)
        yield [room, other]


@pytest.fixture
def engines(rooms: list[Room], stack: Stack) -> Iterator[list[ChildProcess]]:
    """Two engines: one attends the first of the operations, and the other does not."""
    with further_engine(stack) as second:
        both = [stack.crosscheck, second]
        until(lambda: all(holds(engine) for engine in both), within_seconds=SOON_SECONDS)
        until(lambda: all(shared(room, both) for room in rooms), within_seconds=SOON_SECONDS)
        yield sorted(both, key=lambda engine: attends(engine, rooms[0].operation), reverse=True)


def holds(engine: ChildProcess) -> bool:
    """Whether it attends anything."""
    return any(name.startswith("vcp_crosscheck_attended") for name in shown(engine))


def shared(room: Room, engines: list[ChildProcess]) -> bool:
    """Whether exactly one of them attends the operation."""
    return sum(attends(engine, room.operation) for engine in engines) == 1


def check(room: Room, asked: list[str]) -> None:
    until(lambda: results(room) >= len(asked), within_seconds=SOON_SECONDS)
    told = answered(room, asked)
    assert (told.once, told.twice, told.wrong) == (len(asked), 0, 0)
    assert told.hits


def test_what_an_engine_attended_that_is_killed_is_taken_over_and_each_question_answered_once(
    rooms: list[Room], engines: list[ChildProcess]
) -> None:
    asked = [ask(room, questions=40) for room in rooms]
    victim, survivor = engines

    victim.kill()

    took = until(lambda: all(attends(survivor, room.operation) for room in rooms), within_seconds=SOON_SECONDS)
    print(f"taken over after {took:.1f} s")
    for room, questions in zip(rooms, asked, strict=True):
        check(room, questions)
    assert shown(survivor)[f'vcp_crosscheck_engines{{agency="{TARGET}"}}'] == 1
    for room in rooms:
        labels = f'{{agency="{TARGET}",operation="{room.operation}"}}'
        assert shown(survivor)[f"vcp_crosscheck_waiting{labels}"] == 0
    victim.start()


def test_an_engine_that_stood_still_and_goes_on_doubles_nothing(rooms: list[Room], engines: list[ChildProcess]) -> None:
    victim, survivor = engines
    asked = [ask(room, questions=30) for room in rooms]

    os.kill(victim.pid, signal.SIGSTOP)
    until(lambda: all(attends(survivor, room.operation) for room in rooms), within_seconds=SOON_SECONDS)
    until(lambda: all(results(room) >= 10 for room in rooms), within_seconds=SOON_SECONDS)
    os.kill(victim.pid, signal.SIGCONT)

    until(lambda: all(shared(room, engines) for room in rooms), within_seconds=SOON_SECONDS)
    for room, questions in zip(rooms, asked, strict=True):
        check(room, questions)


def test_killed_at_random_while_they_answer_each_question_has_exactly_one_result(room: Any, stack: Stack) -> None:
    delegate(stack, room)
    contribute(room)
    with further_engine(stack) as second:
        asked = ask(room, questions=150)

        kill_at_random(room, [stack.crosscheck, second], chance=Random(6), kills=3, questions=150, say=print)

        check(room, asked)


def test_only_an_engine_shares_operations(room: Any, stack: Stack) -> None:
    delegate(stack, room)
    token = (stack.settings.delegations_folder / f"{TARGET}.token").read_text().strip()
    engine = "/v1/engines/7c0f3a52-6d0e-4a51-9b7e-2f6f5a9d1c11"

    for method in ("PUT", "DELETE"):
        refused = room.as_agency(TARGET).request(method, engine)
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-yours-to-post")
        with httpx.Client(base_url=stack.base_url, headers={"Authorization": f"Bearer {token}"}, timeout=30) as own:
            assert own.request(method, "/v1/engines/first").status_code == 404
            taken = own.request(method, engine)
        assert taken.status_code == (200 if method == "PUT" else 204)
