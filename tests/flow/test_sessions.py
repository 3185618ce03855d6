"""Officers at the console: signed in by name and password, in a session that one policy judges like a token."""

import json
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, text

from services.shared.database import engine_url
from tests.flow.conftest import SignIn, Vcp

STRUCTURED = {"Content-Type": "application/cloudevents+json"}


def post(client: httpx.Client, room: Any, report: dict[str, Any]) -> httpx.Response:
    return client.post(f"{room.path}/events", json=report, headers=STRUCTURED)


def in_database(room: Any, statement: str, **given: Any) -> int:
    engine = create_engine(engine_url(room.stack.settings.gateway_database_url))
    with engine.begin() as connection:
        changed: int = connection.execute(text(statement), given).rowcount
    engine.dispose()
    return changed


def test_an_officer_sees_and_posts_what_a_token_of_the_agency_does(room: Any, sign_in: SignIn) -> None:
    room.take("BA", "arrest.made.v1")
    client = sign_in("BA")

    views = ("", "/events", "/timeline", "/figures", "/arrests", "/map", "/participants")
    theirs = [client.get(f"{room.path}{view}").json() for view in views]
    tokens = [room.as_agency("BA").get(f"{room.path}{view}").json() for view in views]
    for one in (*theirs, *tokens):
        one.get("moment", {}).pop("as_of", None)
    taken = post(client, room, room.report("arrest.made.v1"))

    assert theirs == tokens
    assert taken.status_code == 201
    assert client.get("/v1/me").json()["agency"] == "BA"


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites_and_only_its_hash_is_kept(
    room: Any, browser: Any, officer: Any
) -> None:
    name, password = officer("BA")
    client = browser()

    answer = client.post("/v1/session", json={"name": name, "password": password})

    said = answer.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(said.split("; "))
    value = client.cookies["vcp-session"]
    kept = "select 1 from desk.sessions where digest = sha256(convert_to(:value, 'UTF8'))"
    assert in_database(room, kept, value=value) == 1
    assert value not in answer.text


def test_the_log_knows_an_officer_by_no_name(room: Any, sign_in: SignIn) -> None:
    client = sign_in("BA")
    name = client.get("/v1/session").json()["name"]

    entry = post(client, room, room.report("arrest.made.v1")).json()["entry"]
    kept = room.get("BA", f"events/{entry}", after=entry)

    assert kept["actor"].startswith("officer ")
    assert name not in str(kept)


@pytest.mark.parametrize("mark", [None, "", "0" * 64, "\xff"], ids=["none", "empty", "invented", "not ASCII"])
def test_what_does_not_repeat_the_sessions_mark_changes_nothing(room: Any, sign_in: SignIn, mark: str | None) -> None:
    client = sign_in("BA")
    before = len(room.get("BA", "events")["items"])
    del client.headers["Vcp-Session-Mark"]
    headers = {} if mark is None else {"Vcp-Session-Mark": mark.encode("latin-1")}

    answers = [
        client.post(f"{room.path}/events", json=room.report("arrest.made.v1"), headers={**STRUCTURED, **headers}),
        client.post(
            f"{room.path}/events", content=b"{}\n", headers={"Content-Type": "application/x-ndjson", **headers}
        ),
        client.post(f"{room.path}/search", json={"name": "Invented"}, headers=headers),
        client.patch("/v1/session", json={"purpose": "another"}, headers=headers),
        client.delete("/v1/session", headers=headers),
    ]

    assert {(answer.status_code, answer.json()["type"]) for answer in answers} == {(403, "/problems/from-elsewhere")}
    assert client.get("/v1/session").json()["purpose"] is None
    assert len(room.get("BA", "events")["items"]) == before


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_another_sites_page_sends_is_refused_even_with_the_mark(
    room: Any, sign_in: SignIn, officer: Any, browser: Any, site: str
) -> None:
    client = sign_in("BA")
    name, password = officer("BA", "--role", "reader")
    elsewhere = {"Sec-Fetch-Site": site}

    posted = client.post(f"{room.path}/events", json=room.report("arrest.made.v1"), headers={**STRUCTURED, **elsewhere})
    signed_in = browser().post("/v1/session", json={"name": name, "password": password}, headers=elsewhere)

    assert [answer.status_code for answer in (posted, signed_in)] == [403, 403]
    assert "set-cookie" not in signed_in.headers


def test_a_role_holds_in_its_operation_and_another_opens_nothing(room: Any, sign_in: SignIn, vcp: Vcp) -> None:
    elsewhere = sign_in("BA", "--operation", "jad-elsewhere")
    reader = sign_in("BA", "--operation", room.operation, "--role", "reader")

    def asked(operation: str) -> list[tuple[int, bytes]]:
        path = f"/v1/operations/{operation}"
        answers = [elsewhere.get(f"{path}{view}") for view in ("", "/events", "/figures", "/live", "/offers")]
        answers.append(elsewhere.post(f"{path}/events", json=room.report("arrest.made.v1"), headers=STRUCTURED))
        return [(answer.status_code, answer.content) for answer in answers]

    assert asked(room.operation) == asked("jad-unknown")
    assert {status for status, _ in asked(room.operation)} == {404}
    assert elsewhere.get("/v1/operations").json() == {"items": []}
    assert [one["operation"] for one in reader.get("/v1/operations").json()["items"]] == [room.operation]
    assert reader.get(f"{room.path}/timeline").status_code == 200
    assert post(reader, room, room.report("arrest.made.v1")).status_code == 403


def test_a_group_opens_what_is_for_it_where_the_officer_has_it(room: Any, sign_in: SignIn) -> None:
    audience = {"scope": "named", "agencies": [], "roles": [], "groups": ["safeguarding"]}
    entry = room.take("AT", "arrest.made.v1", audience=audience)["entry"]
    within = sign_in("BA", "--operation", room.operation, "--group", "safeguarding")
    without = sign_in("BA")

    assert within.get(f"{room.path}/events/{entry}").status_code == 200
    assert without.get(f"{room.path}/events/{entry}").status_code == 404


def test_only_a_role_everywhere_opens_an_operation(room: Any, sign_in: SignIn) -> None:
    code = f"{room.operation}-b"
    opening = room.report("operation.created.v1", code=code, lead=["AT"], exercise=False)

    answers = [
        sign_in("AT", "--operation", code).post("/v1/operations", json=opening, headers=STRUCTURED),
        sign_in("AT", "--role", "reader").post("/v1/operations", json=opening, headers=STRUCTURED),
        sign_in("AT").post("/v1/operations", json=opening, headers=STRUCTURED),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 201]


@pytest.mark.parametrize(
    "change", [("role", "reader"), ("role", "none"), ("reset",), ("remove",)], ids=lambda said: " ".join(said)
)
def test_a_change_ends_the_session_at_the_next_request(
    room: Any, sign_in: SignIn, vcp: Vcp, change: tuple[str, ...]
) -> None:
    client = sign_in("BA")
    name = client.get("/v1/session").json()["name"]
    assert client.get(room.path).status_code == 200

    vcp("officer", change[0], name, *change[1:])

    # The notice is on its way to the gateway when the command returns; an open request to it lets it arrive.
    client.get("/health/ready")
    ended = client.get(room.path)
    assert (ended.status_code, ended.json()["type"]) == (401, "/problems/sign-in")
    assert post(client, room, room.report("arrest.made.v1")).status_code == 401


def test_nothing_reaches_an_open_live_stream_after_the_officers_role_changed(
    room: Any, sign_in: SignIn, vcp: Vcp
) -> None:
    client = sign_in("MD")
    name = client.get("/v1/session").json()["name"]

    with client.stream("GET", f"{room.path}/live") as answer:
        lines = answer.iter_lines()
        assert any(line == "event: now" for line in lines)
        vcp("officer", "role", name, "reader")
        room.take("BA", "arrest.made.v1")
        rest = list(lines)

    assert "event: entry" not in rest


def test_who_signs_out_is_out_in_every_copy_of_the_cookie(room: Any, sign_in: SignIn, browser: Any) -> None:
    client, copy = sign_in("BA"), browser()
    copy.cookies = httpx.Cookies(client.cookies)
    assert copy.get(room.path).status_code == 200

    out = client.delete("/v1/session")

    assert out.status_code == 204
    assert "vcp-session" not in client.cookies
    assert copy.get(room.path).status_code == 401


def test_who_signs_in_again_leaves_no_session_behind(room: Any, browser: Any, officer: Any) -> None:
    name, password = officer("BA")
    client, copy = browser(), browser()
    said = {"name": name, "password": password}
    client.post("/v1/session", json=said)
    copy.cookies = httpx.Cookies(client.cookies)

    client.post("/v1/session", json=said)

    assert client.get(room.path).status_code == 200
    assert copy.get(room.path).status_code == 401


@pytest.mark.parametrize("column", ["seen_at = seen_at - interval '61 minutes'", "expires_at = now()"])
def test_a_session_ends_when_it_is_idle_and_at_its_end(room: Any, sign_in: SignIn, column: str) -> None:
    client = sign_in("BA")
    name = client.get("/v1/session").json()["name"]
    ageing = f"update desk.sessions s set {column} from desk.officers o where o.id = s.officer and o.name = :name"
    assert in_database(room, ageing, name=name) == 1
    # Any change makes the gateway ask for what it had found a moment ago.
    in_database(room, "update desk.agencies set name = name where code = 'BA'")
    client.get("/health/ready")

    assert client.get(room.path).status_code == 401


def test_what_persons_are_looked_at_for_is_said_once_for_the_session(room: Any, sign_in: SignIn) -> None:
    entry = room.take("BA", "arrest.made.v1")["entry"]
    client = sign_in("MD", purpose="identity check in the drill")

    client.get(f"{room.path}/events/{entry}")
    client.patch("/v1/session", json={"purpose": "another question"})
    client.get(f"{room.path}/events/{entry}")
    client.get(f"{room.path}/events/{entry}", headers={"Vcp-Purpose": "for this once"})

    told = room.get("BA", f"disclosures/{entry}")
    purposes = {line["purpose"] for line in told["items"]} if "items" in told else str(told)
    for said in ("identity check in the drill", "another question", "for this once"):
        assert said in purposes


def test_a_token_goes_before_a_cookie(room: Any, sign_in: SignIn) -> None:
    client = sign_in("BA", "--operation", "jad-elsewhere")
    token = {"Authorization": room.as_agency("BA").headers["Authorization"]}

    assert client.get(room.path).status_code == 404
    assert client.get(room.path, headers=token).status_code == 200
    assert client.get(room.path, headers={"Authorization": "Bearer vcp_invented"}).status_code == 401


@pytest.mark.parametrize(
    ("content", "media", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"name": "a"}', "application/json", 400),
        (b'{"name": "a", "password": "b", "role": "lead"}', "application/json", 400),
        (b'{"name": "a", "password": "b"}', "text/plain", 415),
        (b"name=a&password=b", "application/x-www-form-urlencoded", 415),
        (b'{"name": "' + b"a" * 9000 + b'"}', "application/json", 413),
    ],
)
def test_a_sign_in_that_cannot_be_read_is_refused_and_not_repeated(
    browser: Any, content: bytes, media: str, status: int
) -> None:
    answer = browser().post("/v1/session", content=content, headers={"Content-Type": media})

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert "aaaa" not in answer.text


def test_a_download_is_had_with_a_session(room: Any, sign_in: SignIn) -> None:
    room.take("BA", "arrest.made.v1")

    answer = sign_in("BA").get(f"{room.path}/downloads/timeline.csv")

    assert answer.status_code == 200
    assert "arrest.made.v1" in answer.text


def test_lines_come_in_with_a_session(room: Any, sign_in: SignIn) -> None:
    line = json.dumps(room.report("arrest.made.v1")).encode() + b"\n"

    answer = sign_in("BA").post(f"{room.path}/events", content=line, headers={"Content-Type": "application/x-ndjson"})

    assert json.loads(answer.text)["status"] == 201
