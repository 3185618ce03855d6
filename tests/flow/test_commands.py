"""Commands over HTTP: from whom the catalogue says, on the version they saw, once for ever."""

from typing import Any

import httpx
import pytest

NAMED = {"scope": "named", "agencies": ["BA", "INTERPOL"]}
NOTHING = "7c0f3a52-6d0e-5a51-9b7e-2f6f5a9d1c11"


def problem(answer: httpx.Response, status: int, kind: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    assert found["type"] == f"/problems/{kind}"
    return found


def test_a_command_without_a_version_is_asked_for_one(room: Any) -> None:
    hit = room.take("BA", "hit.raised.v1", database="Nominals")

    problem(room.post("INTERPOL", room.report("hit.verified.v1", hit=hit["entry"])), 428, "version-needed")


def test_a_stale_version_is_told_the_current_one(room: Any) -> None:
    hit = room.take("BA", "hit.raised.v1", database="Nominals")
    verified = room.take("INTERPOL", "hit.verified.v1", hit=hit["entry"], outcome="undetermined", etag=hit["etag"])

    late = room.post("INTERPOL", room.report("hit.verified.v1", hit=hit["entry"]), etag=hit["etag"])

    problem(late, 412, "changed-meanwhile")
    assert late.headers["etag"] == verified["etag"]
    assert room.post("INTERPOL", room.report("hit.verified.v1", hit=hit["entry"]), etag=late.headers["etag"]).is_success


def test_a_blind_retry_of_a_command_is_a_replay_whatever_changed_since(room: Any) -> None:
    hit = room.take("BA", "hit.raised.v1", database="Nominals")
    report = room.report("hit.verified.v1", hit=hit["entry"], outcome="undetermined")
    first = room.post("INTERPOL", report, etag=hit["etag"])
    room.take("INTERPOL", "hit.verified.v1", hit=hit["entry"], outcome="confirmed", etag=first.json()["etag"])

    again = room.post("INTERPOL", report, etag=hit["etag"])

    assert (again.status_code, again.headers["idempotency-replayed"]) == (200, "true")
    assert again.json() == first.json()


def test_the_same_report_twice_is_one_entry_and_other_content_is_refused(room: Any) -> None:
    report = room.report("arrest.made.v1", category="smuggler")
    first, again = room.post("BA", report), room.post("BA", report)
    other = {**report, "data": {**report["data"], "count": 9}}

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    problem(room.post("BA", other), 409, "id-already-used")
    assert room.post("MD", {**report, "data": {**report["data"], "executing_agency": "MD"}}).status_code == 201
    room.get("AT", "timeline", after=first.json()["entry"])
    assert room.figure("AT", "arrests.smugglers")["value"] == 2


@pytest.mark.parametrize("first", ["command", "opening"])
def test_an_id_is_one_report_whether_it_opens_or_changes(room: Any, first: str) -> None:
    arrest = room.take("BA", "arrest.made.v1")
    command = room.report("arrest.updated.v1", id="twice", arrest=arrest["entry"])
    opening = room.report("arrest.made.v1", id="twice")
    reports = [(command, arrest["etag"]), (opening, None)]
    (one, one_etag), (two, two_etag) = reports if first == "command" else reversed(reports)
    taken = room.post("BA", one, etag=one_etag)
    assert taken.status_code == 201, taken.text
    room.get("BA", "timeline", after=taken.json()["entry"])

    problem(room.post("BA", two, etag=two_etag), 409, "id-already-used")


def test_only_the_authority_verifies(room: Any) -> None:
    hit = room.take("BA", "hit.raised.v1", database="Nominals")

    for agency in ("BA", "MD", "EUROPOL"):
        refused = room.post(agency, room.report("hit.verified.v1", hit=hit["entry"]), etag=hit["etag"])
        problem(refused, 403, "not-yours-to-post")


def test_only_the_originator_corrects_and_retracts(room: Any) -> None:
    arrest = room.take("BA", "arrest.made.v1")
    data = room.report("arrest.made.v1")["data"]

    for type, members in (("record.corrected.v1", {"corrected": data}), ("record.retracted.v1", {})):
        refused = room.post("MD", room.report(type, target=arrest["entry"], **members), etag=arrest["etag"])
        problem(refused, 403, "not-yours-to-post")


def test_a_hidden_thing_and_an_unknown_one_are_refused_in_the_same_words(room: Any) -> None:
    hidden = room.take("BA", "hit.raised.v1", database="EIS", audience=NAMED)

    answers = [
        room.post("EUROPOL", room.report("hit.verified.v1", id=f"guess-{index}", hit=hit), etag=hidden["etag"])
        for index, hit in enumerate((hidden["entry"], NOTHING))
    ]

    assert answers[0].status_code == 422
    assert answers[0].content == answers[1].content


def test_a_command_carries_the_audience_of_what_it_changes(room: Any) -> None:
    hit = room.take("BA", "hit.raised.v1", database="Nominals", audience=NAMED)
    report = room.report("hit.verified.v1", hit=hit["entry"], audience={"scope": "all"})

    found = problem(room.post("INTERPOL", report, etag=hit["etag"]), 422, "not-acceptable")

    assert found["errors"][0]["pointer"] == "/data/audience"


def test_a_correction_with_a_fault_names_its_place(room: Any) -> None:
    arrest = room.take("BA", "arrest.made.v1")
    data = {**room.report("arrest.made.v1")["data"], "count": -1}
    report = room.report("record.corrected.v1", target=arrest["entry"], corrected=data)

    found = problem(room.post("BA", report, etag=arrest["etag"]), 422, "not-acceptable")

    assert {fault["pointer"] for fault in found["errors"]} == {"/data/corrected/count"}


def test_a_closed_operation_takes_corrections_and_no_facts_until_it_is_reopened(room: Any) -> None:
    arrest = room.take("BA", "arrest.made.v1", category="smuggler")
    replayed = room.report("arrest.made.v1", category="smuggler")
    assert room.post("BA", replayed).status_code == 201
    opened = room.get("AT", "")
    closed = room.take("AT", "operation.closed.v1", opening=opened["thing"], etag=opened["etag"])

    problem(room.post("BA", room.report("arrest.made.v1")), 409, "operation-closed")
    assert room.post("BA", replayed).status_code == 200
    room.take("BA", "record.retracted.v1", target=arrest["entry"], reason="wrong", etag=arrest["etag"])
    room.take("AT", "operation.reopened.v1", opening=opened["thing"], etag=closed["etag"])
    assert room.post("BA", room.report("arrest.made.v1")).status_code == 201


def test_an_archived_operation_is_sealed_and_stays_readable(room: Any) -> None:
    opened = room.get("AT", "")
    room.take("AT", "operation.archived.v1", opening=opened["thing"], etag=opened["etag"])

    problem(room.post("BA", room.report("lesson.recorded.v1")), 409, "operation-closed")
    assert room.get("BA", "")["state"] == "archived"
