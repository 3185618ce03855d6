"""A batch with `?atomic=true`: all of it is in the log, side by side, or nothing is and the answer says why."""

from typing import Any

import httpx

BATCH = {"Content-Type": "application/cloudevents-batch+json"}


def post_whole(room: Any, agency: str, reports: list[dict[str, Any]]) -> httpx.Response:
    return room.as_agency(agency).post(f"{room.path}/events", params={"atomic": "true"}, json=reports, headers=BATCH)


def arrests(room: Any, count: int) -> list[dict[str, Any]]:
    return [room.report("arrest.made.v1", category="smuggler", count=1 + number) for number in range(count)]


def posted_entries(room: Any, agency: str = "AT") -> list[str]:
    return [entry["entry"] for entry in room.get(agency, "events", limit=1000)["items"]]


def test_a_whole_batch_is_stored_in_its_order(room: Any) -> None:
    answer = post_whole(room, "BA", arrests(room, 5))

    assert answer.status_code == 201, answer.text
    results = answer.json()["results"]
    assert [(one["index"], one["status"]) for one in results] == [(index, 201) for index in range(5)]
    entries = [one["receipt"]["entry"] for one in results]
    room.get("BA", "timeline", after=entries[-1])
    assert posted_entries(room)[-5:] == entries


def test_one_bad_report_keeps_the_others_out_and_every_fault_is_named_by_its_index(room: Any) -> None:
    reports = arrests(room, 4)
    reports[1]["data"]["basis"] = "hunch"
    del reports[3]["data"]["audience"]

    answer = post_whole(room, "BA", reports)

    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/1/data/basis", "/3/data/audience"]
    assert room.post("BA", reports[0]).status_code == 201  # fresh: nothing of the batch was stored


def test_a_report_that_is_not_its_posters_refuses_the_batch(room: Any) -> None:
    reports = [*arrests(room, 1), room.report("participant.joined.v1")]

    answer = post_whole(room, "BA", reports)

    assert answer.status_code == 403
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/1"]
    assert room.post("BA", reports[0]).status_code == 201


def test_a_batch_posted_again_gives_its_first_receipts(room: Any) -> None:
    reports = arrests(room, 3)
    first = post_whole(room, "BA", reports)

    again = post_whole(room, "BA", reports)

    assert again.status_code == 200
    assert again.headers["Idempotency-Replayed"] == "true"
    assert [one["receipt"] for one in again.json()["results"]] == [one["receipt"] for one in first.json()["results"]]


def test_what_was_stored_alone_before_is_a_replay_within_the_batch(room: Any) -> None:
    reports = arrests(room, 3)
    alone = room.post("BA", reports[1]).json()

    answer = post_whole(room, "BA", reports)

    assert [one["status"] for one in answer.json()["results"]] == [201, 200, 201]
    assert answer.json()["results"][1]["receipt"] == alone


def test_other_content_under_a_known_id_refuses_the_batch(room: Any) -> None:
    reports = arrests(room, 3)
    room.post("BA", {**reports[2], "data": {**reports[2]["data"], "count": 77}})

    answer = post_whole(room, "BA", reports)

    assert answer.status_code == 409
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/2"]
    assert room.post("BA", reports[0]).status_code == 201


def test_commands_on_different_things_are_stored_as_one_and_replayed(room: Any) -> None:
    opened = [room.take("BA", "arrest.made.v1", category="smuggler") for _ in range(2)]
    commands = [
        {**room.report("arrest.updated.v1", arrest=one["entry"], status="released"), "ifmatch": one["etag"]}
        for one in opened
    ]

    answer = post_whole(room, "BA", [*commands, *arrests(room, 1)])

    assert answer.status_code == 201, answer.text
    last = answer.json()["results"][-1]["receipt"]["entry"]
    shown = room.get("BA", "arrests", after=last)["items"]
    etags = {one["thing"]: one["etag"] for one in shown}
    assert [etags[one["entry"]] for one in opened] == [one["receipt"]["etag"] for one in answer.json()["results"][:2]]
    assert post_whole(room, "BA", commands).status_code == 200


def test_a_stale_version_in_a_batch_refuses_all_of_it(room: Any) -> None:
    opened = room.take("BA", "arrest.made.v1", category="smuggler")
    room.take("BA", "arrest.updated.v1", arrest=opened["entry"], status="detained", etag=opened["etag"])
    stale = {
        **room.report("arrest.updated.v1", arrest=opened["entry"], status="released"),
        "ifmatch": opened["etag"],
    }
    fresh = arrests(room, 1)

    answer = post_whole(room, "BA", [*fresh, stale])

    assert answer.status_code == 412
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/1"]
    assert room.post("BA", fresh[0]).status_code == 201


def test_two_reports_of_a_batch_on_one_thing_are_refused_by_the_second_ones_index(room: Any) -> None:
    opened = room.take("BA", "arrest.made.v1", category="smuggler")
    commands = [
        {**room.report("arrest.updated.v1", arrest=opened["entry"], status=status), "ifmatch": opened["etag"]}
        for status in ("detained", "released")
    ]

    answer = post_whole(room, "BA", commands)

    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/1/data/arrest"]


def test_atomic_is_for_batches_and_unknown_parameters_are_refused(room: Any) -> None:
    client, (report,) = room.as_agency("BA"), arrests(room, 1)
    headers = {"Content-Type": "application/cloudevents+json"}

    single = client.post(f"{room.path}/events", params={"atomic": "true"}, json=report, headers=headers)
    unknown = client.post(f"{room.path}/events", params={"atomc": "true"}, json=report, headers=headers)

    assert (single.status_code, unknown.status_code) == (400, 400)
