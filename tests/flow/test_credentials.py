"""Tokens over HTTP: how far they reach, how they change hands, and when they end."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from schemas.subjects import entry_id
from services.cli.commands import app
from services.shared.running import as_environment

STRUCTURED = {"Content-Type": "application/cloudevents+json"}


@pytest.fixture
def vcp(room: Any) -> Callable[..., str]:
    """Runs `vcp agency ...` on the running stack and gives the last line of its output: a token."""
    runner = CliRunner(env=as_environment(room.stack.settings))

    def run(*arguments: str) -> str:
        done = runner.invoke(app, ["agency", *arguments])
        assert done.exit_code == 0, done.output
        return (done.stdout.strip().splitlines() or [""])[-1]

    return run


@pytest.fixture
def with_token(room: Any) -> Iterator[Callable[[str], httpx.Client]]:
    """Clients that show a given token."""
    opened = []

    def client(token: str) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token}"}
        opened.append(httpx.Client(base_url=room.stack.base_url, headers=headers, timeout=30))
        return opened[-1]

    yield client
    for one in opened:
        one.close()


def post(client: httpx.Client, room: Any, report: dict[str, Any]) -> httpx.Response:
    return client.post(f"{room.path}/events", json=report, headers=STRUCTURED)


def test_an_operation_out_of_a_tokens_reach_is_like_none(room: Any, vcp: Any, with_token: Any) -> None:
    elsewhere = with_token(vcp("add", "BA", "--operation", "jad-elsewhere"))
    here = with_token(vcp("add", "BA", "--operation", room.operation))

    def asked(client: httpx.Client, operation: str) -> list[tuple[int, bytes]]:
        path = f"/v1/operations/{operation}"
        answers = [client.get(f"{path}{view}") for view in ("", "/events", "/figures", "/timeline", "/live", "/map")]
        answers.append(client.post(f"{path}/events", json=room.report("arrest.made.v1"), headers=STRUCTURED))
        answers.append(client.post(f"{path}/events", content=b"{}\n", headers={"Content-Type": "application/x-ndjson"}))
        return [(answer.status_code, answer.content) for answer in answers]

    assert asked(elsewhere, room.operation) == asked(elsewhere, "jad-unknown")
    assert {status for status, _ in asked(elsewhere, room.operation)} == {404}
    assert elsewhere.get("/v1/operations").json() == {"items": []}
    assert [one["operation"] for one in here.get("/v1/operations").json()["items"]] == [room.operation]
    assert here.get(room.path).status_code == 200


def test_a_token_posts_only_the_types_it_is_for(room: Any, vcp: Any, with_token: Any) -> None:
    client = with_token(vcp("add", "BA", "--type", "arrest.made.v1", "--type", "seizure.made.v1"))

    taken = post(client, room, room.report("arrest.made.v1"))
    refused = post(client, room, room.report("vehicle.detected.v1"))

    assert taken.status_code == 201
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-yours-to-post")


def test_in_a_batch_only_the_types_out_of_reach_are_refused(room: Any, vcp: Any, with_token: Any) -> None:
    client = with_token(vcp("add", "BA", "--type", "arrest.made.v1"))
    batch = [room.report("vehicle.detected.v1"), room.report("arrest.made.v1")]

    answer = client.post(
        f"{room.path}/events", json=batch, headers={"Content-Type": "application/cloudevents-batch+json"}
    )

    assert [one["status"] for one in answer.json()["results"]] == [403, 201]


def test_a_command_needs_its_type_in_the_tokens_reach(room: Any, vcp: Any, with_token: Any) -> None:
    made = room.take("BA", "arrest.made.v1")
    client = with_token(vcp("add", "BA", "--type", "arrest.made.v1"))

    refused = post(client, room, room.report("record.retracted.v1", target=made["entry"]))

    assert refused.status_code == 403


def test_a_reading_token_does_not_post_and_a_posting_token_does_not_read(room: Any, vcp: Any, with_token: Any) -> None:
    reading = with_token(vcp("add", "BA", "--read-only"))
    posting = with_token(vcp("add", "BA", "--post-only"))

    assert post(reading, room, room.report("arrest.made.v1")).status_code == 403
    assert reading.get(f"{room.path}/timeline").status_code == 200
    assert post(posting, room, room.report("arrest.made.v1")).status_code == 201
    assert posting.get(f"{room.path}/timeline").status_code == 404
    assert posting.get("/v1/operations").json() == {"items": []}


def test_a_token_for_one_operation_opens_no_other(room: Any, vcp: Any, with_token: Any) -> None:
    client = with_token(vcp("add", "AT", "--operation", room.operation))
    opening = room.report("operation.created.v1", code=f"{room.operation}-b", lead=["AT"], exercise=False)

    answer = client.post("/v1/operations", json=opening, headers=STRUCTURED)

    assert answer.status_code == 403


def test_a_revoked_token_is_refused_at_the_next_request(room: Any, vcp: Any, with_token: Any) -> None:
    client = with_token(vcp("add", "BA", "--desk", "to be revoked"))
    assert client.get(room.path).status_code == 200

    vcp("revoke", "BA", "--desk", "to be revoked")

    # The notice is on its way to the gateway when the command returns; an open request to it lets it arrive.
    client.get("/health/ready")
    assert client.get(room.path).status_code == 401
    assert post(client, room, room.report("arrest.made.v1")).status_code == 401


def test_a_rotated_token_goes_on_for_the_overlap(room: Any, vcp: Any, with_token: Any) -> None:
    old = with_token(vcp("add", "BA", "--desk", "rotating", "--read-only"))

    new = with_token(vcp("rotate", "BA", "--desk", "rotating", "--overlap", "1h"))
    newest = with_token(vcp("rotate", "BA", "--desk", "rotating", "--overlap", "0m"))

    assert [client.get(room.path).status_code for client in (old, new, newest)] == [200, 401, 200]
    assert post(newest, room, room.report("arrest.made.v1")).status_code == 403


def test_nothing_reaches_an_open_live_stream_after_its_token_was_revoked(room: Any, vcp: Any, with_token: Any) -> None:
    client = with_token(vcp("add", "MD", "--desk", "watching"))

    with client.stream("GET", f"{room.path}/live") as answer:
        lines = answer.iter_lines()
        assert any(line == "event: now" for line in lines)
        vcp("revoke", "MD", "--desk", "watching")
        room.take("BA", "arrest.made.v1")
        rest = list(lines)

    assert "event: entry" not in rest


def test_the_live_stream_of_an_agency_that_left_ends(room: Any) -> None:
    client = room.as_agency("MD")
    (joined,) = [one for one in room.get("AT", "participants")["items"] if one["detail"]["agency"] == "MD"]

    with client.stream("GET", f"{room.path}/live") as answer:
        lines = answer.iter_lines()
        assert any(line == "event: now" for line in lines)
        room.take("AT", "participant.left.v1", participant=joined["thing"], etag=joined["etag"])
        while client.get(room.path).status_code != 404:
            assert client.get("/health/live").status_code == 200
        room.take("BA", "arrest.made.v1")
        rest = list(lines)

    told = [json.loads(line.removeprefix("data: ")) for line in rest if line.startswith("data: ")]
    assert "arrest.made.v1" not in {entry["report"]["type"] for entry in told if "report" in entry}


def test_lines_after_the_end_of_a_token_are_refused(room: Any, vcp: Any, with_token: Any) -> None:
    client = with_token(vcp("add", "BA", "--desk", "streaming"))
    reports = [room.report("arrest.made.v1") for _ in range(100)]

    def lines() -> Iterator[bytes]:
        yield b"".join(json.dumps(report).encode() + b"\n" for report in reports)
        last = entry_id(room.operation, agency="BA", source=reports[-1]["source"], id=reports[-1]["id"])
        room.get("AT", "timeline", after=str(last), wait=30)
        vcp("revoke", "BA", "--desk", "streaming")
        client.get("/health/ready")
        yield b"".join(json.dumps(room.report("arrest.made.v1")).encode() + b"\n" for _ in range(100))

    answer = client.post(f"{room.path}/events", content=lines(), headers={"Content-Type": "application/x-ndjson"})

    statuses = [json.loads(line)["status"] for line in answer.text.splitlines()]
    assert statuses == [201] * 100 + [401] * 100
