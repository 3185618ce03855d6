"""The budget of questions over HTTP: what is in the log already, or was counted, is not counted again."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.flow.test_non_interference import served

ONE = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
PER_HOUR = 2


@pytest.fixture
def door(room: Any) -> Iterator[httpx.Client]:
    """BA's way to a gateway where each agency may ask two questions an hour."""
    headers = {"Authorization": room.as_agency("BA").headers["Authorization"]}
    with (
        served(room.stack.settings.model_copy(update={"questions_per_hour": PER_HOUR})) as url,
        httpx.Client(base_url=f"{url}{room.path}", headers=headers, timeout=30) as client,
    ):
        yield client


def question(room: Any) -> dict[str, Any]:
    made: dict[str, Any] = room.report("cross_check.requested.v1", target="EUROPOL")
    return made


def ask(door: httpx.Client, report: dict[str, Any]) -> int:
    return door.post("/events", json=report, headers={"Content-Type": ONE}).status_code


def test_a_question_sent_again_gives_its_receipt_and_costs_nothing(room: Any, door: httpx.Client) -> None:
    first, second, third = question(room), question(room), question(room)

    sent = [ask(door, report) for report in (first, first, first, second, third, first, second)]

    assert sent == [201, 200, 200, 201, 429, 200, 200]


def test_what_another_gateway_stored_costs_nothing_here(room: Any, door: httpx.Client) -> None:
    stored = [question(room) for _ in range(PER_HOUR + 1)]
    assert [room.post("BA", report).status_code for report in stored] == [201] * len(stored)

    again = [ask(door, report) for report in stored]

    assert again == [200] * len(stored)
    assert [ask(door, question(room)) for _ in range(PER_HOUR + 1)] == [201] * PER_HOUR + [429]


def test_a_whole_batch_that_was_refused_is_counted_once(room: Any, door: httpx.Client) -> None:
    asked = [question(room) for _ in range(PER_HOUR)]
    faulty = room.report("record.retracted.v1", target="00000000-0000-4000-8000-000000000000", reason="wrong")

    def send(reports: list[dict[str, Any]]) -> int:
        return door.post("/events?atomic=true", json=reports, headers={"Content-Type": BATCH}).status_code

    sent = [send([*asked, faulty]), send([*asked, faulty]), send(asked), send(asked)]

    assert sent == [422, 422, 201, 200]
    assert ask(door, question(room)) == 429
