"""Permissions: what a provider has restricted is used otherwise only with its leave, and the leave is written on it."""

import csv
from typing import Any

H1 = {"codes": ["H1"], "text": "Ask us first."}
H2 = {"codes": ["H2"]}
BOTH = {"scope": "named", "agencies": ["AT", "BA"]}


def asked(room: Any, record: str, /, **members: Any) -> Any:
    return room.post("AT", room.report("permission.requested.v1", target=record, **{"audience": BOTH, **members}))


def request(room: Any, record: str, /, **members: Any) -> dict[str, Any]:
    answer = asked(room, record, **members)
    assert answer.status_code == 201, answer.text
    room.get("AT", "timeline", after=answer.json()["entry"], limit=1)
    taken: dict[str, Any] = answer.json()
    return taken


def conditions(room: Any, agency: str, record: str) -> str:
    """What a file of arrests says may be done with one."""
    content = room.as_agency(agency).get(f"{room.path}/downloads/arrests.csv").content.decode("utf-8-sig")
    rows = csv.DictReader([line for line in content.splitlines(keepends=True) if not line.startswith("# ")])
    (said,) = [row["conditions"] for row in rows if row["thing"] == record]
    return said


def test_a_permission_waits_for_the_owner_and_is_written_on_the_record_for_who_asked(room: Any) -> None:
    record = room.take("BA", "arrest.made.v1", handling=H1)["entry"]
    permission = request(room, record, use="judicial")
    assert [one["thing"] for one in room.get("BA", "waiting")["items"]] == [permission["entry"]]
    assert conditions(room, "AT", record) == H1["text"]

    granted = room.take(
        "BA",
        "permission.granted.v1",
        permission=permission["entry"],
        conditions="Not the annex.",
        audience=BOTH,
        etag=permission["etag"],
    )["entry"]

    assert room.get("AT", f"permissions/{permission['entry']}")["state"] == "granted"
    said = f"Granted to AT: Permission asked: judicial use ({granted}), Not the annex."
    assert conditions(room, "AT", record) == f"{H1['text']}; {said}"
    assert conditions(room, "MD", record) == H1["text"]


def test_a_permission_refused_or_taken_back_is_not_written_on_the_record(room: Any) -> None:
    record = room.take("BA", "arrest.made.v1", handling=H1)["entry"]
    first, second = request(room, record, use="judicial"), request(room, record, use="other")
    members: dict[str, Any] = {"audience": BOTH}

    room.take("BA", "permission.refused.v1", permission=first["entry"], etag=first["etag"], **members)
    granted = room.take("BA", "permission.granted.v1", permission=second["entry"], etag=second["etag"], **members)
    assert "Granted" in conditions(room, "AT", record)
    room.take("BA", "permission.refused.v1", permission=second["entry"], etag=granted["etag"], **members)

    assert conditions(room, "AT", record) == H1["text"]


def test_leave_to_hand_on_is_given_once_the_record_is_open_to_them_and_only_its_owner_opens_it(room: Any) -> None:
    arrest = room.take("BA", "arrest.made.v1", handling=H2, audience=BOTH)
    permission = request(room, arrest["entry"], use="disseminate", to=["MD"])
    grant = room.report("permission.granted.v1", permission=permission["entry"], audience=BOTH)
    wider = {
        "target": arrest["entry"],
        "audience": BOTH,
        "new_audience": {"scope": "named", "agencies": ["AT", "BA", "MD"]},
        "new_handling": H2,
    }

    too_early = room.post("BA", grant, etag=permission["etag"])
    by_another = room.post("AT", room.report("handling.changed.v1", **wider), etag=arrest["etag"])
    assert room.as_agency("MD").get(f"{room.path}/events/{arrest['entry']}").status_code == 404
    room.take("BA", "handling.changed.v1", etag=arrest["etag"], **wider)
    granted = room.post("BA", grant, etag=permission["etag"])

    assert (too_early.status_code, too_early.json()["errors"][0]["pointer"]) == (422, "/data/permission")
    assert by_another.status_code == 403
    assert granted.status_code == 201
    assert room.as_agency("MD").get(f"{room.path}/events/{arrest['entry']}").status_code == 200


def test_leave_to_hand_on_to_who_takes_no_part_needs_nothing_more(room: Any) -> None:
    arrest = room.take("BA", "arrest.made.v1", handling=H2, audience=BOTH)
    permission = request(room, arrest["entry"], use="disseminate", to=["RS"])

    grant = room.report("permission.granted.v1", permission=permission["entry"], audience=BOTH)

    assert room.post("BA", grant, etag=permission["etag"]).status_code == 201


def test_a_request_tells_nobody_of_a_record_that_is_hidden_from_them(room: Any) -> None:
    record = room.take("BA", "arrest.made.v1", handling=H2, audience=BOTH)["entry"]

    refused = asked(room, record, audience={"scope": "all"})

    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/data/audience")


def test_a_request_that_the_owner_does_not_see_is_refused(room: Any) -> None:
    record = room.take("BA", "arrest.made.v1", handling=H1)["entry"]

    refused = asked(room, record, audience={"scope": "named", "agencies": ["AT"]})

    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/data/audience")


def test_nobody_but_the_owner_grants(room: Any) -> None:
    record = room.take("BA", "arrest.made.v1", handling=H1)["entry"]
    everyone = {"scope": "all"}
    permission = request(room, record, audience=everyone)
    grant = room.report("permission.granted.v1", permission=permission["entry"], audience=everyone)

    answers = {agency: room.post(agency, grant, etag=permission["etag"]).status_code for agency in ("AT", "MD", "BA")}

    assert answers == {"AT": 403, "MD": 403, "BA": 201}
