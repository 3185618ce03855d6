"""What a report names must be there for its poster; what is hidden is refused like what is not there."""

import json
from typing import Any

import pytest

from schemas.subjects import entry_id

NAMED = {"scope": "named", "agencies": ["BA", "AT"]}
NOTHING = "7c0f3a52-6d0e-5a51-9b7e-2f6f5a9d1c11"


def pointers(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.text
    return [fault["pointer"] for fault in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("type", "members", "pointer"),
    [
        ("arrest.made.v1", {"incident": NOTHING}, "/data/incident"),
        ("arrest.made.v1", {"result_of": NOTHING}, "/data/result_of"),
        ("victim.safeguarded.v1", {"case": NOTHING}, "/data/case"),
        ("vehicle.detected.v1", {"hit": NOTHING}, "/data/hit"),
        ("message.sent.v1", {"regarding": NOTHING}, "/data/regarding"),
        ("arrest.made.v1", {"links": [{"rel": "related", "target": NOTHING}]}, "/data/links/0/target"),
        ("desk.handed_over.v1", {"open_items": [{"what": "x", "entry": NOTHING}]}, "/data/open_items/0/entry"),
    ],
)
def test_a_member_that_names_nothing_is_pointed_at(room: Any, type: str, members: dict[str, Any], pointer: str) -> None:
    assert pointers(room.post("BA", room.report(type, **members))) == [pointer]


def test_the_hidden_and_the_unknown_are_refused_in_the_same_words(room: Any) -> None:
    hidden = room.take("BA", "incident.reported.v1", audience=NAMED)

    answers = [
        room.post("MD", room.report("arrest.made.v1", id=f"guess-{index}", incident=incident))
        for index, incident in enumerate((hidden["entry"], NOTHING))
    ]

    assert pointers(answers[0]) == ["/data/incident"]
    assert answers[0].content == answers[1].content


def test_a_thing_of_another_kind_is_not_what_was_meant(room: Any) -> None:
    arrest = room.take("BA", "arrest.made.v1")

    assert pointers(room.post("BA", room.report("arrest.made.v1", incident=arrest["entry"]))) == ["/data/incident"]
    assert room.post("BA", room.report("seizure.made.v1", result_of=arrest["entry"])).status_code == 201


def test_a_report_is_linked_to_what_was_posted_just_before(room: Any) -> None:
    incident = room.post("BA", room.report("incident.reported.v1")).json()["entry"]

    assert room.post("BA", room.report("arrest.made.v1", incident=incident)).status_code == 201


def test_a_command_names_only_what_is_there(room: Any) -> None:
    incident = room.take("BA", "incident.reported.v1")
    report = room.report("incident.closed.v1", incident=incident["entry"], reason="merged", merged_into=NOTHING)

    assert pointers(room.post("BA", report, etag=incident["etag"])) == ["/data/merged_into"]


def test_a_correction_may_keep_what_was_named_and_names_nothing_that_is_not_there(room: Any) -> None:
    incident = room.take("BA", "incident.reported.v1", audience=NAMED)
    arrest = room.take("BA", "arrest.made.v1", incident=incident["entry"], audience=NAMED)
    data = {**room.report("arrest.made.v1")["data"], "audience": NAMED}

    wrong = room.report(
        "record.corrected.v1", target=arrest["entry"], audience=NAMED, corrected=data | {"incident": NOTHING}
    )
    right = room.report(
        "record.corrected.v1", target=arrest["entry"], audience=NAMED, corrected=data | {"incident": incident["entry"]}
    )

    assert pointers(room.post("BA", wrong, etag=arrest["etag"])) == ["/data/corrected/incident"]
    assert room.post("BA", right, etag=arrest["etag"]).status_code == 201


def test_a_retry_is_a_replay_although_what_it_names_was_hidden_since(room: Any) -> None:
    incident = room.take("BA", "incident.reported.v1")
    report = room.report("arrest.made.v1", incident=incident["entry"])
    first = room.post("MD", report)
    room.take(
        "BA", "handling.changed.v1", target=incident["entry"], new_audience=NAMED, new_handling={"codes": ["H2"]},
        etag=incident["etag"],
    )  # fmt: skip

    again = room.post("MD", report)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert pointers(room.post("MD", {**report, "id": "another"})) == ["/data/incident"]


def linked(room: Any) -> list[dict[str, Any]]:
    """An incident, and two reports that name it by the id that anybody can compute."""
    incident = room.report("incident.reported.v1")
    named = str(entry_id(room.operation, agency="BA", source=incident["source"], id=incident["id"]))
    return [incident, room.report("arrest.made.v1", incident=named), room.report("seizure.made.v1", result_of=named)]


@pytest.mark.parametrize("query", [{}, {"atomic": "true"}])
def test_reports_of_one_batch_name_each_other(room: Any, query: dict[str, str]) -> None:
    posted = room.as_agency("BA").post(
        f"{room.path}/events",
        params=query,
        content=json.dumps(linked(room)),
        headers={"Content-Type": "application/cloudevents-batch+json"},
    )

    assert [result["status"] for result in posted.json()["results"]] == [201, 201, 201], posted.text


def test_lines_name_lines_before_them_and_none_after(room: Any) -> None:
    incident, arrest, seizure = linked(room)
    lines = "\n".join(json.dumps(one) for one in (arrest, incident, seizure))

    posted = room.as_agency("BA").post(
        f"{room.path}/events", content=lines, headers={"Content-Type": "application/x-ndjson"}
    )

    assert [json.loads(line)["status"] for line in posted.text.splitlines()] == [422, 201, 201]
