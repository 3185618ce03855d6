"""Boards and files over HTTP: tasks, alerts, messages, trafficking cases, and all that belongs to an incident."""

from typing import Any

import pytest

EVERYONE = {"audience": {"scope": "all"}}
HOUR = "2022-06-24T{:02}:00:00Z"


def take(room: Any, hour: int, agency: str, type: str, /, **members: Any) -> dict[str, Any]:
    """Something that happens on the hour and is reported at once."""
    room.time = HOUR.format(hour)
    receipt: dict[str, Any] = room.take(agency, type, **{**room.now(), **EVERYONE, **members})
    return receipt


def test_tasks_run_until_they_are_done_and_alerts_until_they_expire(exercise: Any) -> None:
    task = take(exercise, 7, "AT", "task.assigned.v1", to=["BA"], due_at=HOUR.format(10))
    take(exercise, 8, "AT", "task.assigned.v1", to=["MD"], due_at=HOUR.format(20))
    take(exercise, 8, "AT", "alert.broadcast.v1", expires_at=HOUR.format(9), areas=["BA"])
    take(exercise, 8, "AT", "alert.broadcast.v1", expires_at=HOUR.format(22), areas=["MD"])
    take(exercise, 8, "AT", "alert.broadcast.v1", expires_at=HOUR.format(23), areas=[])
    take(exercise, 12, "BA", "task.completed.v1", task=task["entry"], etag=task["etag"])

    def tasks(**query: Any) -> list[tuple[str, str]]:
        return [(one["state"], one["clock"]["state"]) for one in exercise.get("MD", "tasks", **query)["items"]]

    assert tasks(sort="due") == [("done", "missed"), ("assigned", "running")]
    assert tasks(assignee="BA", as_of=HOUR.format(8)) == [("assigned", "running")]
    assert tasks(overdue=True) == []
    assert tasks(overdue=True, as_of="2022-06-24T11:00:00Z") == [("assigned", "overdue")]

    def alerts(**query: Any) -> list[list[str]]:
        return [one["detail"].get("areas", []) for one in exercise.get("MD", "alerts", **query)["items"]]

    assert alerts(sort="due") == [["BA"], ["MD"], []]
    assert alerts(sort="due", in_force=True) == [["MD"], []]
    assert alerts(sort="due", area="BA") == [["BA"], []]
    assert alerts(sort="due", in_force=True, as_of=HOUR.format(8)) == [["BA"], ["MD"], []]


def test_messages_are_read_by_their_desks_and_by_nobody_else(exercise: Any) -> None:
    named = {"audience": {"scope": "named", "agencies": ["MD"]}}
    arrest = take(exercise, 7, "BA", "arrest.made.v1")
    about = take(exercise, 8, "BA", "message.sent.v1", to=["MD"], regarding=arrest["entry"], text="First.", **named)
    take(exercise, 9, "AT", "message.sent.v1", to=["MD"], regarding=None, text="To all who see it.")
    corrected = {**exercise.report("message.sent.v1", to=["MD"], text="Second.", **named, **exercise.now())["data"]}
    corrected["regarding"] = arrest["entry"]
    changed = {"target": about["entry"], "corrected": corrected, "etag": about["etag"], **named}
    take(exercise, 10, "BA", "record.corrected.v1", **changed)

    def texts(agency: str, **query: Any) -> list[str | None]:
        return [one["text"] for one in exercise.get(agency, "messages", **query)["items"]]

    assert set(texts("MD")) == {"Second.", "To all who see it."}
    assert texts("MD", as_of=HOUR.format(9), sort="oldest") == ["First.", "To all who see it."]
    assert texts("FRONTEX") == ["To all who see it."]
    assert texts("MD", regarding=arrest["entry"]) == ["Second."]
    assert texts("MD", desk="AT") == ["To all who see it."]
    assert exercise.get("MD", f"messages/{about['entry']}")["text"] == "Second."
    assert "Second." not in str(exercise.get("MD", "timeline"))


def test_the_trafficking_board_says_what_was_done_and_who_answers_now(exercise: Any) -> None:
    case = take(exercise, 7, "MD", "thb_case.reported.v1", status="suspected", victims={"minors": 2})
    measure = {"case": case["entry"], "count": 1, "minors": 1, "victim": None}
    take(exercise, 9, "BA", "victim.safeguarded.v1", **measure, measure="shelter")
    hidden = {"audience": {"scope": "named", "agencies": ["AT"]}}
    take(exercise, 10, "AT", "victim.safeguarded.v1", **measure, measure="guardian_appointed", **hidden)

    def board(agency: str, **query: Any) -> tuple[list[str], str]:
        (shown,) = exercise.get(agency, "cases", **query)["items"]
        return [one["measure"] for one in shown["measures"]], shown["responsible"]

    assert board("MD") == (["shelter"], "BA")
    assert board("AT") == (["shelter", "guardian_appointed"], "AT")
    assert board("MD", as_of=HOUR.format(8)) == ([], "MD")
    assert board("AT", at="2022-06-24T09:30:00Z") == (["shelter"], "BA")
    assert exercise.figure("AT", "thb_victims")["value"] == 2
    assert exercise.get("MD", "cases/counts")["by_state"] == {"suspected": 1}


def test_the_file_of_an_incident_holds_what_is_tied_to_it_across_agencies(exercise: Any) -> None:
    incident = take(exercise, 7, "BA", "incident.reported.v1", persons=[], vehicles=[])
    of_it = {"incident": incident["entry"]}
    hit = take(exercise, 8, "BA", "hit.raised.v1", database="SLTD", object="document", **of_it)
    arrest = take(exercise, 9, "MD", "arrest.made.v1", result_of=hit["entry"])
    take(exercise, 9, "MD", "arrest.made.v1")
    hidden = {"audience": {"scope": "named", "agencies": ["AT"]}}
    case = take(exercise, 10, "MD", "thb_case.reported.v1", **of_it, **hidden)
    take(exercise, 11, "AT", "message.sent.v1", regarding=arrest["entry"])
    wrong = take(exercise, 11, "BA", "document_fraud.detected.v1", **of_it)
    take(exercise, 12, "BA", "record.retracted.v1", target=wrong["entry"], reason="wrong", etag=wrong["etag"])

    def file(agency: str, **query: Any) -> dict[str, int]:
        found: dict[str, int] = exercise.get(agency, f"incidents/{incident['entry']}/file", **query)["by_kind"]
        return found

    assert file("FRONTEX") == {"incident": 1, "hit": 1, "arrest": 1, "message": 1}
    assert file("AT") == {"incident": 1, "hit": 1, "arrest": 1, "message": 1, "case": 1}
    assert file("AT", as_of=HOUR.format(8)) == {"incident": 1, "hit": 1}
    assert file("AT", at=HOUR.format(9)) == {"incident": 1, "hit": 1, "arrest": 1}
    assert file("AT", as_of="2022-06-24T11:30:00Z")["document"] == 1

    whole = exercise.get("AT", f"things/{arrest['entry']}/file")
    assert {item["thing"] for item in whole["things"]} >= {incident["entry"], case["entry"]}
    assert whole["agencies"] == ["AT", "BA", "MD"]
    ties = [tie for item in whole["things"] if item["thing"] == arrest["entry"] for tie in item["ties"]]
    assert {"rel": "result_of", "from": arrest["entry"], "to": hit["entry"]} in ties
    assert whole["complete"] is True
    assert next(line["thing"] for line in whole["timeline"]) == incident["entry"]

    # A hidden thing has no file, word for word like one that does not exist.
    answers = [
        exercise.as_agency("FRONTEX").get(f"{exercise.path}/things/{thing}{rest}")
        for thing in (case["entry"], "7c0f3a52-6d0e-5a51-9b7e-2f6f5a9d1c11")
        for rest in ("", "/file")
    ]
    assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}


@pytest.mark.parametrize("path", ["documents", "vehicles", "lessons", "sitreps"])
def test_plain_lists_are_filtered_and_counted(room: Any, path: str) -> None:
    types = {
        "documents": "document_fraud.detected.v1",
        "vehicles": "vehicle.detected.v1",
        "lessons": "lesson.recorded.v1",
        "sitreps": "sitrep.issued.v1",
    }
    members: dict[str, Any] = {**EVERYONE, **({"last_entry": None} if path == "sitreps" else {})}
    first = room.take("AT", types[path], **members)
    second = room.take("AT", types[path], place={"country": "MD"}, **members)

    assert {item["thing"] for item in room.get("BA", path)["items"]} == {first["entry"], second["entry"]}
    assert [item["thing"] for item in room.get("BA", path, country="MD")["items"]] == [second["entry"]]
    assert room.get("BA", f"{path}/counts")["total"] == 2
    assert room.get("BA", f"{path}/counts", country="MD")["by_country"] == {"MD": 1}
    assert room.get("BA", f"{path}/{first['entry']}")["thing"] == first["entry"]


def test_documents_say_what_experts_think_and_vehicles_whom_to_tell(exercise: Any) -> None:
    forged = {"document_class": "passport", "fraud_type": "forged"}
    first = take(exercise, 7, "BA", "document_fraud.detected.v1", **forged)
    take(exercise, 7, "MD", "document_fraud.detected.v1", document_class="visa", fraud_type="forged")
    opinion = take(exercise, 8, "BA", "document_opinion.requested.v1", detected=first["entry"])
    given = {"opinion": opinion["entry"], "result": "false", "etag": opinion["etag"]}
    take(exercise, 10, "FRONTEX", "document_opinion.given.v1", **given)
    take(exercise, 11, "BA", "vehicle.detected.v1", status="stolen", owner_country="IT")
    take(exercise, 11, "BA", "vehicle.detected.v1", status="other", owner_country="DE")

    def opinions(**query: Any) -> list[list[tuple[str, str | None]]]:
        items = exercise.get("MD", "documents", document_class="passport", **query)["items"]
        return [[(one["state"], one["result"]) for one in item["opinions"]] for item in items]

    assert opinions() == [[("given", "false")]]
    assert opinions(as_of=HOUR.format(9)) == opinions(at=HOUR.format(9)) == [[("requested", None)]]
    assert opinions(as_of=HOUR.format(7)) == [[]]
    assert len(exercise.get("MD", "documents", fraud_type="forged")["items"]) == 2
    assert exercise.get("MD", f"documents/{first['entry']}")["opinions"][0]["result"] == "false"
    statuses = [item["detail"]["status"] for item in exercise.get("MD", "vehicles", owner_country="IT")["items"]]
    assert statuses == ["stolen"]
    assert exercise.get("MD", "vehicles", status=["other"])["items"][0]["detail"]["owner_country"] == "DE"
