"""What the engine tells is what holds at the door at that moment: a refusal is no answer, and what changed no hit."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from schemas.event import REGISTER
from services.crosscheck.comparing import answers, earlier_questions
from services.crosscheck.desk import Desk
from services.crosscheck.history import Told
from services.crosscheck.reports import Answer, hit_id, result_id
from services.crosscheck.room import Room
from services.crosscheck.telling import Telling
from services.crosscheck.weights import weights

MOMENT = datetime(2022, 6, 24, tzinfo=UTC)
PERSON = {"subject_category": "suspect", "names": [{"full": "Sergei Inventsky"}], "birth_date": "1980-02-17"}
ALL = {"scope": "all"}


def told(entry: str, type: str, agency: str, /, *, thing: str | None = None, **data: Any) -> Told:
    occurred = {"from": MOMENT.isoformat(), "precision": "minute"}
    said = {"occurred": occurred, "audience": ALL, "handling": {"codes": ["H0"]}, **data}
    return Told(entry, thing or entry, type, agency, "system", entry, MOMENT, said)


def asked(entry: str = "q", /, **data: Any) -> Told:
    return told(entry, "cross_check.requested.v1", "BA", **{"target": "EUROPOL", "subject": PERSON, **data})


@pytest.fixture
def room() -> Room:
    """EUROPOL's, with MD's record of whom BA asks about."""
    made = Room("EUROPOL", "invented", by=weights())
    made.take(told("o", "operation.created.v1", "AT", lead=["AT"]), is_new=False)
    for code in ("BA", "MD", "EUROPOL"):
        joined = {"agency": code, "role": "participant"}
        made.take(told(f"j-{code}", "participant.joined.v1", code, **joined), is_new=False)
    made.take(told("r", "arrest.made.v1", "MD", person=PERSON), is_new=False)
    made.take(asked(), is_new=False)
    return made


class Door:
    """An HTTP server's answers: what it offers, and what it says to a report."""

    def __init__(self) -> None:
        self.status, self.kind = 201, ""
        self.things: dict[str, Any] = {"r": {"version": "r"}}
        self.audience: Any = ALL
        self.posted: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        *_, about, name = request.url.path.split("/")
        if request.method == "POST":
            self.posted.append(json.loads(request.content)["id"])
            media = {"Content-Type": "application/problem+json"} if self.kind else {}
            return httpx.Response(self.status, json={"type": f"/problems/{self.kind}"}, headers=media)
        if about == "offers":
            items = [{"type": type} for type in REGISTER if type.startswith("cross_check.")]
            said = {"audience": self.audience, "handling": {"codes": ["H0"]}, "etag": '"1"', "state": "open"}
            return httpx.Response(200, json={**said, "items": items})
        found = self.things.get(name) if about == "things" else {"erased": None}
        return httpx.Response(404) if found is None else httpx.Response(200, json=found)


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def telling(door: Callable[[httpx.Request], httpx.Response]) -> Telling:
    desk = Desk("http://invented.example", "token", transport=httpx.MockTransport(door))
    return Telling(desk, operation="invented", by=weights())


NOTHING = Answer(0, [], [], MOMENT)


@pytest.mark.parametrize("kind", ["operation-closed", "already-decided"])
async def test_what_the_door_refuses_is_neither_told_nor_done(
    room: Room, door: Door, telling: Telling, kind: str
) -> None:
    door.status, door.kind = 409, kind
    (found,) = answers(room, room.questions["q"])

    assert await telling.raise_hit(room, found) is None
    await telling.result(room, room.questions["q"], NOTHING)

    assert (room.done, room.settled, room.told) == (set(), set(), {})


async def test_a_report_from_before_a_restart_is_done_and_the_log_says_what_it_told(
    room: Room, door: Door, telling: Telling
) -> None:
    door.status, door.kind = 409, "id-already-used"
    question = room.questions["q"]
    (found,) = answers(room, question)

    assert await telling.raise_hit(room, found)
    await telling.result(room, question, NOTHING)

    assert room.done == {hit_id(found), result_id(question)}
    assert room.settled == {"q"}
    assert room.told == {}


async def test_of_a_closed_operation_no_hit_is_held_to_be_missing(room: Room, door: Door, telling: Telling) -> None:
    (found,) = answers(room, room.questions["q"])
    room.take(told("c", "operation.closed.v1", "AT", thing="o"), is_new=True)

    assert await telling.raise_hit(room, found) is None
    assert door.posted == []


async def test_a_record_that_changed_since_it_was_compared_raises_no_hit(
    room: Room, door: Door, telling: Telling
) -> None:
    (found,) = answers(room, room.questions["q"])
    door.things["r"] = {"version": "tightened"}

    assert await telling.raise_hit(room, found) is None
    assert door.posted == []

    # Once its change was read it is compared anew, and told as it is now.
    change = {"target": "r", "new_audience": ALL, "new_handling": {"codes": ["H1"]}}
    assert room.take(told("tightened", "handling.changed.v1", "MD", thing="r", **change), is_new=True) == ["r"]
    assert not room.holds(found.record)
    (anew,) = answers(room, room.questions["q"])
    assert await telling.raise_hit(room, anew)


async def test_a_question_that_fewer_may_see_now_raises_no_hit_for_those_of_before(
    room: Room, door: Door, telling: Telling
) -> None:
    (found,) = answers(room, room.questions["q"])
    door.audience = {"scope": "named", "agencies": ["EUROPOL"]}

    assert await telling.raise_hit(room, found) is None
    assert door.posted == []


async def test_a_record_that_is_hidden_now_is_no_hit(room: Room, door: Door, telling: Telling) -> None:
    (found,) = answers(room, room.questions["q"])
    door.things.clear()

    assert await telling.raise_hit(room, found) is False
    assert door.posted == []


def test_a_retracted_record_is_said_to_have_changed(room: Room) -> None:
    retraction = told("x", "record.retracted.v1", "MD", thing="r", target="r", reason="wrong")

    assert room.take(retraction, is_new=True) == ["r"]
    assert answers(room, room.questions["q"]) == []


def test_a_record_that_comes_later_is_compared_with_every_question_however_many_ask_alike(room: Room) -> None:
    for number in range(100):
        room.take(asked(f"q{number}"), is_new=False)
    room.take(told("later", "arrest.made.v1", "MD", person=PERSON), is_new=True)

    assert len({found.question.entry for found in earlier_questions(room, "later")}) == 101
