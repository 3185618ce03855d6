"""Auditors: they read the whole disclosure ledger and no record, nobody else reads it, and their reading is in it."""

from typing import Any

import httpx
import pytest

from tests.flow.conftest import SignIn

WHY = "supervision of the drill"
VIEWS = ("", "/events", "/timeline", "/figures", "/arrests", "/map", "/recalls", "/offers", "/live", "/history")


@pytest.fixture
def auditor(room: Any, sign_in: SignIn) -> httpx.Client:
    """Of an agency that takes no part in the operation."""
    return sign_in("CZ", "--role", "auditor", "--operation", room.operation, purpose=WHY)


def read(auditor: httpx.Client, room: Any, **asked: Any) -> list[dict[str, Any]]:
    answer = auditor.get(f"{room.path}/disclosures", params=asked)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_an_auditor_reads_all_that_was_given_to_anybody(room: Any, auditor: httpx.Client) -> None:
    of_ba, of_md = (room.take(agency, "arrest.made.v1")["entry"] for agency in ("BA", "MD"))
    room.as_agency("AT").get(f"{room.path}/events/{of_ba}", headers={"Vcp-Purpose": "the van"})
    room.as_agency("FRONTEX").get(f"{room.path}/events/{of_md}")

    told = read(auditor, room)

    assert [(one["originator"], one["agency"], one["act"], one["purpose"], one["entries"]) for one in told] == [
        ("MD", "FRONTEX", "consultation", "conduct", [of_md]),
        ("BA", "AT", "consultation", "the van", [of_ba]),
    ]
    assert not any("position" in one or "upto" in one for one in told)


def test_the_ledger_is_narrowed_and_paged(room: Any, auditor: httpx.Client) -> None:
    entries = [room.take("BA", "arrest.made.v1")["entry"] for _ in range(3)]
    for agency in ("AT", "MD"):
        for entry in entries:
            room.get(agency, f"events/{entry}")
    room.as_agency("MD").post(f"{room.path}/search", json={"name": "Invented"}).raise_for_status()
    middle = read(auditor, room, act="consultation")[2]["at"]

    assert {one["agency"] for one in read(auditor, room, entry=entries[1], act="consultation")} == {"AT", "MD"}
    assert [one["agency"] for one in read(auditor, room, agency="AT")] == ["AT"] * 3
    assert [one["act"] for one in read(auditor, room, act="combination")] == ["combination"]
    assert {one["act"] for one in read(auditor, room, originator="CZ")} == {"audit"}
    assert read(auditor, room, actor="nobody") == []
    before, since = (read(auditor, room, **{bound: middle}, originator="BA") for bound in ("to", "from"))
    assert (len(before), len(since)) == (3, 4)

    paged, cursor = [], None
    while cursor is not None or not paged:
        asked = {"originator": "BA", "limit": 3, **({"cursor": cursor} if cursor else {})}
        answer = auditor.get(f"{room.path}/disclosures", params=asked).json()
        paged += answer["items"]
        cursor = answer["next"]
    assert paged == read(auditor, room, originator="BA")


def test_a_cursor_is_of_one_auditor_and_one_question(room: Any, auditor: httpx.Client, sign_in: SignIn) -> None:
    entry = room.take("BA", "arrest.made.v1")["entry"]
    for agency in ("AT", "MD"):
        room.get(agency, f"events/{entry}")
    another = sign_in("CZ", "--role", "auditor")
    cursor = auditor.get(f"{room.path}/disclosures", params={"limit": 1}).json()["next"]

    asked = [(another, {"limit": 1}), (auditor, {"limit": 1, "agency": "AT"}), (auditor, {"limit": 1})]
    statuses = [
        client.get(f"{room.path}/disclosures", params={**query, "cursor": cursor}).status_code
        for client, query in asked
    ]

    assert statuses == [400, 400, 200]


def test_nobody_else_reads_any_of_it(room: Any, sign_in: SignIn) -> None:
    room.take("BA", "arrest.made.v1")
    room.get("AT", "events")
    elsewhere = sign_in("CZ", "--role", "auditor", "--operation", "jad-elsewhere")
    others = [room.as_agency("AT"), room.as_agency("BA"), sign_in("AT"), sign_in("AT", "--role", "reader"), elsewhere]

    answers = [client.get(f"{room.path}/disclosures") for client in others]
    nowhere = room.as_agency("AT").get("/v1/operations/jad-unknown/disclosures")

    assert {(one.status_code, one.content) for one in answers} == {(404, nowhere.content)}


def test_an_auditor_sees_and_posts_nothing_else(room: Any, sign_in: SignIn) -> None:
    entry = room.take("BA", "arrest.made.v1")["entry"]
    # Even of an agency that leads the operation.
    client = sign_in("AT", "--role", "auditor")

    reads = [client.get(f"{room.path}{view}") for view in (*VIEWS, f"/events/{entry}", f"/disclosures/{entry}")]
    searched = client.post(f"{room.path}/search", json={"name": "Invented"})
    posted = client.post(
        f"{room.path}/events",
        json=room.report("arrest.made.v1"),
        headers={"Content-Type": "application/cloudevents+json"},
    )

    assert {one.status_code for one in (*reads, searched, posted)} == {404}
    listed = {one["operation"]: one["role"] for one in client.get("/v1/operations").json()["items"]}
    assert listed[room.operation] == "auditor"
    assert client.get("/v1/operations/jad-unknown/disclosures").status_code == 404


def test_a_role_in_the_operation_stands_for_one_everywhere(room: Any, sign_in: SignIn, vcp: Any) -> None:
    room.take("BA", "arrest.made.v1")
    client = sign_in("AT", "--role", "auditor")
    name = client.get("/v1/session").json()["name"]
    reader = sign_in("AT", "--role", "reader")
    vcp("officer", "role", reader.get("/v1/session").json()["name"], "auditor", "--operation", "jad-elsewhere")

    assert client.get(f"{room.path}/disclosures").status_code == 200
    vcp("officer", "role", name, "reader", "--operation", room.operation)
    client.get("/health/ready")
    assert client.get(f"{room.path}/disclosures").status_code == 401


def test_the_auditors_reading_is_a_line_of_the_ledger(room: Any, auditor: httpx.Client) -> None:
    entry = room.take("BA", "arrest.made.v1")["entry"]
    room.get("AT", f"events/{entry}")
    read(auditor, room, entry=entry, act="consultation")

    latest, given = read(auditor, room)

    assert (latest["act"], latest["agency"], latest["purpose"], latest["entries"]) == ("audit", "CZ", WHY, [])
    assert latest["actor"].startswith("officer ")
    assert entry in latest["about"]
    assert given["agency"] == "AT"
    # Nobody was given a record by it, so the originator is told of none.
    assert [one["agency"] for one in room.get("BA", f"disclosures/{entry}")["given"]] == ["AT"]


def test_the_command_line_makes_no_auditor_of_a_group(room: Any) -> None:
    from typer.testing import CliRunner

    from services.cli.commands import app

    refused = CliRunner().invoke(
        app, ["officer", "add", "x", "--agency", "AT", "--role", "auditor", "--group", "safeguarding"]
    )

    assert refused.exit_code == 2
