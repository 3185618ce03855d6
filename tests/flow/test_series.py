"""No number is counted twice: commands are judged like reports, by what they make of a series of numbers."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.flow.conftest import Room

CHECKS = "border_check.reported.v1"
BA_1 = {"country": "BA", "crossing_point": "BA-1"}
ONLY_BA = {"scope": "named", "agencies": ["BA"], "roles": ["lead"]}
BATCH = {"Content-Type": "application/cloudevents-batch+json"}


def checks(room: Room, number: int, **members: Any) -> dict[str, Any]:
    lines = [{"covers": ["person"], "level": "first_line", "quantity": number}]
    return room.report(CHECKS, **{"mode": "increment", "place": BA_1, "lines": lines, **members})


def to_date(room: Room, number: int, **members: Any) -> dict[str, Any]:
    return checks(room, number, mode="cumulative_to_date", **members)


def taken(room: Room, report: dict[str, Any]) -> dict[str, Any]:
    answer = room.post("BA", report)
    assert answer.status_code == 201, answer.text
    receipt: dict[str, Any] = answer.json()
    return receipt


def command(room: Room, type: str, changed: dict[str, Any], **members: Any) -> dict[str, Any]:
    """A command with the version that its poster saw."""
    return {**room.report(type, target=changed["entry"], **members), "ifmatch": changed["etag"]}


def correction(room: Room, changed: dict[str, Any], corrected: dict[str, Any]) -> dict[str, Any]:
    return command(room, "record.corrected.v1", changed, corrected=corrected["data"], reason="wrong")


def retraction(room: Room, changed: dict[str, Any], etag: str | None = None) -> dict[str, Any]:
    made = command(room, "record.retracted.v1", changed, reason="wrong")
    return {**made, "ifmatch": etag or changed["etag"]}


def faults(room: Room, report: dict[str, Any]) -> list[str]:
    answer = room.post("BA", report)
    assert answer.status_code == 422, answer.text
    return [f"{one['pointer']}: {one['detail']}" for one in answer.json()["errors"]]


def statuses(room: Room, *reports: dict[str, Any]) -> list[int]:
    answer = room.as_agency("BA").post(f"{room.path}/events", json=list(reports), headers=BATCH)
    return [one["status"] for one in answer.json()["results"]]


def whole(room: Room, *reports: dict[str, Any]) -> Any:
    at = f"{room.path}/events"
    return room.as_agency("BA").post(at, params={"atomic": "true"}, json=list(reports), headers=BATCH)


def counted(room: Room, after: dict[str, Any]) -> Any:
    room.get("BA", "timeline", after=after["entry"], limit=1)
    return room.figure("AT", "checks.person")["value"]


def test_a_number_to_date_is_not_corrected_into_one_without_its_increments(room: Room) -> None:
    taken(room, checks(room, 10))
    total = taken(room, to_date(room, 100, includes_itemised=True))

    (refused,) = faults(room, correction(room, total, to_date(room, 100, includes_itemised=False)))

    assert refused.startswith("/data/corrected/lines/0: ")
    assert "retract the increments" in refused
    last = taken(room, correction(room, total, to_date(room, 120, includes_itemised=True)))
    assert counted(room, last) == 120


@pytest.mark.parametrize("moved", ["increment", "number to date"])
def test_a_number_is_not_corrected_into_a_phase_in_which_it_would_be_counted_beside_another(
    room: Room, moved: str
) -> None:
    increment = taken(room, checks(room, 10, phase="preparation"))
    total = taken(room, to_date(room, 100))

    if moved == "increment":
        (refused,) = faults(room, correction(room, increment, checks(room, 10)))
        assert "retract the number to date" in refused
    else:
        (refused,) = faults(room, correction(room, total, to_date(room, 100, phase="preparation")))
        assert "retract the increments" in refused

    last = taken(room, correction(room, increment, checks(room, 12, phase="preparation")))
    assert counted(room, last) == 112


def test_a_number_is_not_shown_to_those_who_would_count_it_beside_another(room: Room) -> None:
    increment = taken(room, checks(room, 10, audience=ONLY_BA))
    taken(room, to_date(room, 100, audience={"scope": "all"}))
    handling = {"new_handling": {"codes": ["H1"]}}

    shown = command(room, "handling.changed.v1", increment, new_audience={"scope": "all"}, audience=ONLY_BA, **handling)
    (refused,) = faults(room, shown)

    assert refused.startswith("/data/new_audience: ")
    stricter = {"new_audience": {"scope": "named", "agencies": ["BA"]}, "audience": ONLY_BA}
    taken(room, command(room, "handling.changed.v1", increment, **stricter, **handling))


def test_what_was_retracted_for_a_number_to_date_does_not_come_back_beside_it(room: Room) -> None:
    increment = taken(room, checks(room, 10))
    gone = taken(room, retraction(room, increment))
    total = taken(room, to_date(room, 100))

    (refused,) = faults(room, retraction(room, gone))

    assert refused.startswith("/data/target: ")
    taken(room, retraction(room, total))
    assert counted(room, taken(room, retraction(room, gone))) == 10


def test_what_a_correction_moved_away_does_not_come_back_with_its_retraction(room: Room) -> None:
    increment = taken(room, checks(room, 10))
    moved = taken(room, correction(room, increment, checks(room, 10, phase="preparation")))
    taken(room, to_date(room, 100))

    (refused,) = faults(room, retraction(room, moved))

    assert refused.startswith("/data/target: ")


def test_what_is_corrected_while_it_is_retracted_is_judged_when_it_comes_back(room: Room) -> None:
    increment = taken(room, checks(room, 10))
    gone = taken(room, retraction(room, increment))
    taken(room, to_date(room, 100))
    elsewhere = correction(room, increment, checks(room, 10, phase="preparation"))
    moved = taken(room, {**elsewhere, "ifmatch": gone["etag"]})

    last = taken(room, retraction(room, gone, etag=moved["etag"]))

    assert counted(room, last) == 110


def test_who_may_not_correct_a_number_is_told_no_more_than_that(room: Room) -> None:
    increment = taken(room, checks(room, 10, phase="preparation"))
    taken(room, to_date(room, 100))

    refused = room.post("MD", correction(room, increment, checks(room, 10)))

    assert refused.status_code == 403


def test_a_correction_that_was_taken_is_a_replay_whatever_came_since(room: Room) -> None:
    increment = taken(room, checks(room, 10, phase="preparation"))
    moved = correction(room, increment, checks(room, 10))
    first = taken(room, moved)
    taken(room, retraction(room, increment, etag=first["etag"]))
    taken(room, to_date(room, 100))

    assert room.post("BA", moved).status_code == 200


def test_a_batch_stored_as_one_is_judged_with_its_commands(room: Room) -> None:
    moved = taken(room, checks(room, 10, phase="preparation"))
    beside = whole(room, correction(room, moved, checks(room, 10)), to_date(room, 100))
    assert beside.status_code == 422
    assert [one["pointer"] for one in beside.json()["errors"]] == ["/1/data/lines/0"]
    there = whole(room, to_date(room, 100), correction(room, moved, checks(room, 10)))
    assert [one["pointer"] for one in there.json()["errors"]] == ["/1/data/corrected/lines/0"]

    increment = taken(room, checks(room, 7))
    instead = whole(room, retraction(room, increment), to_date(room, 200))

    assert instead.status_code == 201, instead.text
    assert counted(room, instead.json()["results"][1]["receipt"]) == 210


def test_in_a_batch_each_is_judged_by_what_became_of_those_before_it(room: Room) -> None:
    increment = taken(room, checks(room, 10))

    assert statuses(room, retraction(room, increment), to_date(room, 100), checks(room, 7)) == [201, 201, 422]

    nowhere = [{"rel": "related", "target": "00000000-0000-5000-8000-000000000000"}]
    elsewhere = {"place": {"country": "BA", "crossing_point": "BA-2"}}
    unknown = checks(room, 8, links=nowhere, **elsewhere)
    assert statuses(room, unknown, to_date(room, 50, **elsewhere), checks(room, 9, **elsewhere)) == [422, 201, 422]


def test_in_a_batch_a_command_keeps_out_what_would_be_counted_beside_what_it_makes(room: Room) -> None:
    increment = taken(room, checks(room, 10, phase="preparation"))

    moved = correction(room, increment, checks(room, 10))

    assert statuses(room, moved, to_date(room, 100)) == [201, 422]


def test_a_batch_posted_again_is_no_increment_that_was_retracted_since(room: Room) -> None:
    increment = checks(room, 10)
    taken(room, retraction(room, taken(room, increment)))

    assert statuses(room, increment, to_date(room, 100)) == [200, 201]


def test_of_posts_at_the_same_moment_that_exclude_each_other_one_is_taken(room: Room) -> None:
    client = room.as_agency("BA")
    at = f"{room.path}/events"

    def alone(report: dict[str, Any]) -> int:
        return client.post(at, json=report, headers={"Content-Type": "application/cloudevents+json"}).status_code

    def in_a_batch(report: dict[str, Any]) -> int:
        status: int = client.post(at, json=[report], headers=BATCH).json()["results"][0]["status"]
        return status

    with ThreadPoolExecutor(max_workers=4) as posting:
        for number in range(12):
            place = {"country": "BA", "crossing_point": f"BA-{number}"}
            made = [checks(room, 10, place=place), to_date(room, 100, place=place), to_date(room, 110, place=place)]
            ways = (alone, in_a_batch, alone)
            increment, *totals = posting.map(lambda way, report: way(report), ways, made)

            assert (increment, totals) in ((201, [422, 422]), (422, [201, 201])), number
