"""An operation told again: in its order and rhythm, with the figures as they were, and without any effect."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from services.stack import Stack
from tests.flow.conftest import Room
from tests.flow.test_live import frames

NAMED = {"scope": "named", "agencies": ["BA"]}


def told(room: Any, agency: str, **query: Any) -> list[tuple[str, dict[str, Any], str | None]]:
    """All frames of a replay that ends: event, data, cursor."""
    with room.as_agency(agency).stream("GET", f"{room.path}/replay", params={"speed": 10_000, **query}) as answer:
        assert answer.status_code == 200, answer.read()
        return [(frame["event"], json.loads(frame["data"]), frame.get("id")) for frame in frames(answer)]


def entries(found: list[tuple[str, dict[str, Any], str | None]]) -> list[str]:
    return [data["entry"]["entry"] for event, data, _ in found if event == "entry"]


def arrests(found: list[tuple[str, dict[str, Any], str | None]]) -> Iterator[tuple[str, Any]]:
    """After each entry, how many arrests the replay shows."""
    shown, last = None, "before"
    for event, data, _ in found:
        if event == "entry":
            last = data["entry"]["entry"]
        for figure in data.get("items", []):
            if figure["metric"] == "arrests":
                shown = figure["deduplicated"]["value"]
        if event == "figures":
            yield last, shown


def test_a_replay_tells_every_entry_with_the_figures_as_they_were(room: Any) -> None:
    first = room.take("BA", "arrest.made.v1", count=3)
    room.take("BA", "record.retracted.v1", target=first["entry"], reason="wrong", etag=first["etag"])
    room.take("MD", "arrest.made.v1", count=2)
    before = room.get("AT", "events", limit=1000)

    one_by_one: list[tuple[str, dict[str, Any], str | None]] = []
    cursor: dict[str, Any] = {}
    while not one_by_one or one_by_one[-1][0] != "end":
        one_by_one += told(room, "AT", step=1, **cursor)
        cursor = {"cursor": [id for _, _, id in one_by_one if id][-1]}

    wanted = [item["entry"] for item in before["items"]]
    assert entries(one_by_one) == wanted
    assert entries(told(room, "AT")) == wanted
    as_they_were = {last: number for last, number in arrests(one_by_one) if last != "before"}
    assert as_they_were == {
        entry: room.figure("AT", "arrests", as_of=entry)["value"] for entry in wanted if entry in as_they_were
    }
    assert [number for _, number in arrests(told(room, "AT", **{"from": first["entry"]}))][-1] == 2
    assert room.get("AT", "events", limit=1000) == before


def test_what_was_reported_late_comes_late_by_what_was_known_and_in_its_place_by_what_happened(room: Any) -> None:
    day = "2022-05-02T{}:00:00+02:00"
    hours = [{"from": day.format(hour), "precision": "hour"} for hour in ("12", "09")]
    later = room.take("BA", "arrest.made.v1", count=2, occurred=hours[0])["entry"]
    early = room.take("BA", "arrest.made.v1", count=1, occurred=hours[1])["entry"]
    wrong = room.take("BA", "arrest.made.v1", count=9, occurred={"from": day.format(10), "precision": "hour"})
    room.take("BA", "record.retracted.v1", target=wrong["entry"], reason="wrong", etag=wrong["etag"])

    known = told(room, "AT", **{"from": later}, to=early, step=200)
    happened = told(room, "AT", by="happened", **{"from": day.format("08")}, to=day.format(13), step=200)

    assert entries(known) == [later, early]
    assert entries(happened) == [early, later]
    assert list(arrests(happened))[-1] == (later, 3)
    until_ten = told(room, "AT", by="happened", **{"from": day.format("08")}, to=day.format(10), step=200)
    assert list(arrests(until_ten))[-1] == (early, 1)


def test_hidden_entries_are_not_told_and_cannot_be_sought(room: Any) -> None:
    hidden = room.take("BA", "arrest.made.v1", audience=NAMED)["entry"]
    shown = room.take("BA", "arrest.made.v1")["entry"]

    assert hidden not in entries(told(room, "MD"))
    assert entries(told(room, "BA", **{"from": hidden})) == [hidden, shown]
    for name in ("from", "to"):
        sought, invented = (
            room.as_agency("MD").get(f"{room.path}/replay", params={name: entry})
            for entry in (hidden, "7c0f3a52-6d0e-5a51-9b7e-2f6f5a9d1c11")
        )
        assert (sought.status_code, sought.content) == (400, invented.content)


@pytest.mark.parametrize(
    "query",
    [
        {"speed": 0.05},
        {"speed": 20_000},
        {"step": 0},
        {"from": "yesterday"},
        {"from": "2022-06-25T00:00:00Z", "to": "2022-06-24T00:00:00Z", "by": "happened"},
        {"from": "7c0f3a52-6d0e-5a51-9b7e-2f6f5a9d1c11", "by": "happened"},
        {"to": "2199-01-01T00:00:00Z"},
        {"by": "chance"},
        {"cursor": "invented"},
        {"colour": "red"},
    ],
)
def test_a_replay_of_what_cannot_be_is_refused(room: Any, query: dict[str, Any]) -> None:
    answer = room.as_agency("AT").get(f"{room.path}/replay", params=query)

    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/malformed")


def test_a_cursor_goes_on_in_the_same_replay_alone(room: Any) -> None:
    cursor = [id for _, _, id in told(room, "AT", step=1) if id][-1]

    assert room.as_agency("MD").get(f"{room.path}/replay", params={"cursor": cursor}).status_code == 400
    of_another = {"cursor": cursor, "by": "happened"}
    assert room.as_agency("AT").get(f"{room.path}/replay", params=of_another).status_code == 400


def test_a_replay_keeps_the_rhythm_of_the_operation(stack: Stack) -> None:
    room = Room(stack, "jad-in-rhythm")
    headers = {"Content-Type": "application/cloudevents+json"}
    opening = {**room.report("operation.created.v1", code=room.operation, lead=["AT"], exercise=True)}
    opening["time"] = "2022-06-24T10:00:00Z"
    assert room.as_agency("AT").post("/v1/operations", json=opening, headers=headers).status_code == 201
    alert = {**room.report("alert.broadcast.v1"), "time": "2022-06-24T11:00:00Z"}
    posted = room.post("AT", alert)
    assert posted.status_code == 201, posted.text
    room.get("AT", "timeline", after=posted.json()["entry"])

    with room.as_agency("AT").stream("GET", f"{room.path}/replay", params={"speed": 60}) as answer:
        stream = frames(answer)
        begun = [next(stream)["event"], next(stream)["event"], next(stream)]

    # An hour passes in a minute: after ten seconds it says that ten minutes have, and that nothing happened.
    assert begun[:2] == ["figures", "entry"]
    assert begun[2]["event"] == "now"
    assert "2022-06-24T10:00:00Z" < json.loads(begun[2]["data"])["time"] < "2022-06-24T11:00:00Z"
    assert [data["time"] for event, data, _ in told(room, "AT") if event == "entry"] == [
        "2022-06-24T10:00:00Z",
        "2022-06-24T11:00:00Z",
    ]
    for client in room.clients.values():
        client.close()
