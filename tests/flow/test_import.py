"""History brought in afterwards: by the lead alone, with its own ids and times, and marked for ever."""

from typing import Any

import httpx


def post_import(room: Any, agency: str, report: dict[str, Any]) -> httpx.Response:
    headers = {"Content-Type": "application/cloudevents+json"}
    return room.as_agency(agency).post(f"{room.path}/events", params={"import": "true"}, json=report, headers=headers)


def history(room: Any) -> dict[str, Any]:
    members = {"on_behalf_of": "BA", "occurred": {"from": "2019-05-01T10:00:00+02:00", "precision": "minute"}}
    report = room.report("arrest.made.v1", id="case-2019-17", **members)
    return {**report, "time": "2019-05-01T12:00:00+02:00"}


def test_an_imported_entry_is_marked_and_keeps_its_id_and_its_own_time(room: Any) -> None:
    receipt = post_import(room, "AT", history(room)).json()

    entry = room.get("AT", f"events/{receipt['entry']}", after=receipt["entry"])

    assert entry["imported"] is True
    assert (entry["report"]["id"], entry["report"]["time"]) == ("case-2019-17", "2019-05-01T12:00:00+02:00")
    assert entry["recorded_at"] > "2026"  # what was known when is never rewritten


def test_an_entry_that_is_posted_as_it_happens_carries_no_mark(room: Any) -> None:
    receipt = room.take("BA", "arrest.made.v1", category="smuggler")

    assert "imported" not in room.get("BA", f"events/{receipt['entry']}")


def test_only_the_lead_imports(room: Any) -> None:
    answer = post_import(room, "BA", room.report("arrest.made.v1"))

    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-yours-to-post")


def test_an_import_posted_again_is_a_replay(room: Any) -> None:
    report = history(room)
    first = post_import(room, "AT", report)

    again = post_import(room, "AT", report)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
