"""Operations are opened once, by one of their leads, and agencies come and go in them."""

from typing import Any

JSON = {"Content-Type": "application/cloudevents+json"}


def test_the_code_of_an_operation_is_given_once(room: Any) -> None:
    before = room.get("AT", "")
    opening = room.report("operation.created.v1", code=room.operation, lead=["HU"], exercise=False)

    taken = room.as_agency("HU").post("/v1/operations", json=opening, headers=JSON)

    assert (taken.status_code, taken.json()["type"]) == (409, "/problems/code-taken")
    assert room.as_agency("HU").get(room.path).status_code == 404
    assert room.get("AT", "") == before


def test_opening_an_operation_again_is_a_replay(room: Any) -> None:
    code = f"{room.operation}-b"
    opening = room.report("operation.created.v1", code=code, lead=["AT"], exercise=False)
    first = room.as_agency("AT").post("/v1/operations", json=opening, headers=JSON)
    changed = {**opening, "data": {**opening["data"], "name": "Another name"}}

    again = room.as_agency("AT").post("/v1/operations", json=opening, headers=JSON)
    other = room.as_agency("AT").post("/v1/operations", json=changed, headers=JSON)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert other.json()["type"] == "/problems/id-already-used"


def test_an_operation_is_not_opened_inside_another(room: Any) -> None:
    opening = room.report("operation.created.v1", code="jad-inside", lead=["AT"], exercise=False)

    refused = room.post("AT", opening)

    assert refused.status_code == 422
    assert [fault["pointer"] for fault in refused.json()["errors"]] == ["/type"]


def test_who_left_and_joined_again_takes_part(room: Any) -> None:
    (first,) = [one for one in room.get("AT", "participants")["items"] if one["detail"]["agency"] == "BA"]
    room.take("AT", "participant.left.v1", participant=first["thing"], etag=first["etag"])
    assert room.post("BA", room.report("nil_report.filed.v1")).status_code == 404

    room.take("AT", "participant.joined.v1", agency="BA", kind="national", country="BA", role="support")

    assert room.post("BA", room.report("nil_report.filed.v1")).status_code == 201


def test_an_expert_whom_the_lead_named_gives_opinions(room: Any) -> None:
    room.take(
        "AT", "participant.joined.v1", agency="HU", kind="national", country="HU", role="support",
        expert_in=["documents"],
    )  # fmt: skip
    asked = room.take("BA", "document_opinion.requested.v1")

    report = room.report("document_opinion.given.v1", opinion=asked["entry"])

    assert room.post("MD", report, etag=asked["etag"]).status_code == 403
    assert room.post("HU", report, etag=asked["etag"]).status_code == 201


def test_an_operation_narrows_who_posts_a_type_and_widens_nothing(room: Any) -> None:
    code = f"{room.operation}-narrow"
    narrows = {"deployment.reported.v1": ["national"], "seizure.made.v1": ["national", "europol"]}
    opening = room.report("operation.created.v1", code=code, lead=["AT"], exercise=False, narrows=narrows)
    assert room.as_agency("AT").post("/v1/operations", json=opening, headers=JSON).status_code == 201
    room.operation = code
    for agency, members in (("EUROPOL", {"kind": "europol"}), ("FRONTEX", {"kind": "frontex"})):
        room.take("AT", "participant.joined.v1", agency=agency, role="participant", country=None, **members)

    taken = {
        (agency, type): room.post(agency, room.report(type)).status_code
        for agency in ("AT", "FRONTEX", "EUROPOL")
        for type in ("deployment.reported.v1", "seizure.made.v1")
    }

    assert [pair for pair, status in taken.items() if status == 201] == [
        ("AT", "deployment.reported.v1"),
        ("AT", "seizure.made.v1"),
    ]
    assert {status for status in taken.values() if status != 201} == {403}
