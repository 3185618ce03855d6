"""Bad input by HTTP: each refusal is a problem that names the place, repeats nothing posted, and costs little."""

import itertools
import json
import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
MARKER = "QXZMARKER"


def post_raw(room: Any, body: bytes, *, agency: str = "BA", **headers: str) -> httpx.Response:
    named = {"content-type": STRUCTURED, **{name.replace("_", "-"): value for name, value in headers.items()}}
    answer: httpx.Response = room.as_agency(agency).post(f"{room.path}/events", content=body, headers=named)
    return answer


def refused(answer: httpx.Response, status: int, kind: str) -> dict[str, Any]:
    """The problem document, which repeats nothing that was posted."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert found["type"] == f"/problems/{kind}"
    assert found["status"] == status
    assert MARKER not in answer.text
    return found


def arrest(room: Any, **members: Any) -> dict[str, Any]:
    report: dict[str, Any] = room.report("arrest.made.v1", **members)
    return report


def encoded(report: Any) -> bytes:
    return json.dumps(report).encode()


WRONG: list[tuple[str, Callable[[dict[str, Any]], object], str]] = [
    ("an unknown type", lambda report: report.update(type=f"arrest.{MARKER}.v1"), "/type"),
    ("no type", lambda report: report.pop("type"), "/type"),
    ("a missing member", lambda report: report["data"].pop("audience"), "/data/audience"),
    ("a value outside the list", lambda report: report["data"].update(basis=MARKER), "/data/basis"),
    ("a huge number", lambda report: report["data"].update(count=10**30), "/data/count"),
    ("a number below nothing", lambda report: report["data"].update(count=-1), "/data/count"),
]


@pytest.mark.parametrize(("spoil", "place"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_what_is_not_acceptable_is_named_by_its_place(room: Any, spoil: Callable[..., object], place: str) -> None:
    report = arrest(room)
    spoil(report)

    problem = refused(post_raw(room, encoded(report)), 422, "not-acceptable")

    places = [fault["pointer"] for fault in problem["errors"]]
    assert any(one == place or one.startswith(f"{place}/") for one in places), places


@pytest.mark.parametrize(
    ("attribute", "value"),
    [("time", "2022-06-24T09:40:00"), ("time", MARKER), ("specversion", "0.3"), ("id", ""), ("source", f"no {MARKER}")],
)
def test_an_attribute_out_of_its_form_is_malformed(room: Any, attribute: str, value: str) -> None:
    problem = refused(post_raw(room, encoded({**arrest(room), attribute: value})), 400, "malformed")

    assert f"`{attribute}`" in problem["detail"]


def test_what_happens_in_the_future_is_refused(room: Any) -> None:
    moment = "2199-01-01T00:00:00+00:00"
    report = arrest(room, occurred={"from": moment, "until": moment})

    problem = refused(post_raw(room, encoded(report)), 422, "not-acceptable")

    assert problem["errors"][0]["pointer"].startswith("/data/occurred")


MALFORMED = [
    ("broken JSON", b'{"specversion": "1.0", "id": "' + MARKER.encode()),
    ("nothing", b""),
    ("no object", b'["QXZMARKER"]'),
    ("bytes that are no UTF-8", b'{"id": "QXZMARKER\xff\xfe"}'),
    ("a lone surrogate", b'{"id": "QXZMARKER\\ud800"}'),
]


@pytest.mark.parametrize("body", [row[1] for row in MALFORMED], ids=[row[0] for row in MALFORMED])
def test_what_cannot_be_read_is_malformed(room: Any, body: bytes) -> None:
    refused(post_raw(room, body), 400, "malformed")


def test_a_key_given_twice_is_refused(room: Any) -> None:
    body = encoded(arrest(room)).replace(b'"count"', b'"count": 7, "count"', 1)

    refused(post_raw(room, body), 400, "malformed")


def test_deep_nesting_is_refused(room: Any) -> None:
    for depth in (40, 5_000, 50_000):
        report = encoded(arrest(room)).replace(b'"count"', b'"deep": ' + b"[" * depth + b"]" * depth + b', "count"', 1)
        refused(post_raw(room, report), 413, "too-large")
    batch = b"[" + b"[" * 50_000 + b"]" * 50_000 + b"]"
    refused(post_raw(room, batch, content_type=BATCH), 413, "too-large")


def test_a_report_that_is_too_large_is_refused(room: Any) -> None:
    refused(post_raw(room, encoded(arrest(room, note=MARKER * 40_000))), 413, "too-large")


@pytest.mark.parametrize("media", ["text/plain", "application/xml", "multipart/form-data; boundary=x", "nonsense"])
def test_another_form_is_told_which_are_accepted(room: Any, media: str) -> None:
    problem = refused(post_raw(room, encoded(arrest(room)), content_type=media), 415, "media-type")

    assert STRUCTURED in problem["detail"]


def test_a_compressed_body_is_not_unpacked(room: Any) -> None:
    refused(post_raw(room, encoded(arrest(room)), content_encoding="gzip"), 415, "media-type")


def test_broken_ce_headers_are_malformed(room: Any) -> None:
    given = {"content_type": "application/json", "ce_specversion": "1.0", "ce_id": "b1", "ce_source": "/invented"}
    body = encoded(arrest(room)["data"])

    for spoilt in ({"ce_id": ""}, {"ce_specversion": "9.9"}, {"ce_source": "not a source"}, {"ce_what_ever": "x"}):
        refused(post_raw(room, body, **{**given, "ce_type": "arrest.made.v1", **spoilt}), 400, "malformed")
    refused(post_raw(room, body, **given), 400, "malformed")
    assert post_raw(room, body, **given, ce_type="arrest.made.v1").status_code == 201


def test_a_batch_with_one_bad_report_takes_the_others_by_index(room: Any) -> None:
    reports = [arrest(room) for _ in range(3)]
    reports[1]["data"]["basis"] = MARKER

    answer = post_raw(room, encoded(reports), content_type=BATCH)

    assert answer.status_code == 207
    assert MARKER not in answer.text
    results = answer.json()["results"]
    assert [(one["index"], one["status"]) for one in results] == [(0, 201), (1, 422), (2, 201)]
    assert results[1]["problem"]["errors"][0]["pointer"] == "/data/basis"
    reports[1]["data"]["basis"] = reports[0]["data"]["basis"]
    assert room.post("BA", reports[1]).status_code == 201  # nothing of it was kept


def test_a_batch_is_an_array_of_one_to_a_thousand(room: Any) -> None:
    refused(post_raw(room, b"[]", content_type=BATCH), 422, "not-acceptable")
    refused(post_raw(room, b"[" + b"1," * 1000 + b"1]", content_type=BATCH), 413, "too-large")
    refused(post_raw(room, b'{"id": "QXZMARKER"}', content_type=BATCH), 400, "malformed")


def test_bad_lines_are_answered_in_their_place(room: Any) -> None:
    body = b"\n".join([encoded(arrest(room)), b"{QXZMARKER", encoded(arrest(room))])

    answer = post_raw(room, body, content_type="application/x-ndjson")

    assert answer.status_code == 200
    assert MARKER not in answer.text
    assert [json.loads(line)["status"] for line in answer.text.splitlines()] == [201, 400, 201]


def test_an_operation_that_is_not_there_and_one_of_others_are_the_same(room: Any) -> None:
    stranger = room.as_agency("PT")
    headers = {"content-type": STRUCTURED}
    body = encoded(arrest(room))

    hidden = stranger.post(f"{room.path}/events", content=body, headers=headers)
    unknown = stranger.post("/v1/operations/jad-unknown/events", content=body, headers=headers)

    refused(hidden, 404, "not-found")
    assert hidden.content == unknown.content


def test_a_method_or_address_that_is_not_there_is_a_problem(room: Any) -> None:
    client = room.as_agency("BA")
    refused(client.delete(f"{room.path}/events"), 405, "method-not-allowed")
    refused(client.put(f"{room.path}/timeline"), 405, "method-not-allowed")
    refused(client.get("/v1/QXZMARKER"), 404, "not-found")


@pytest.mark.parametrize("query", ["QXZMARKER=1", "limit=0", "limit=QXZMARKER", "as_of=QXZMARKER", "cursor=QXZMARKER"])
def test_a_query_that_cannot_be_meant_is_malformed(room: Any, query: str) -> None:
    refused(room.as_agency("BA").get(f"{room.path}/timeline?{query}"), 400, "malformed")


VIEWS = ("events", "timeline", "arrests", "map", "figures", "figures/arrests/events", "participants")


FILTERS = ("type", "country", "agency", "category", "phase", "strand", "crime_area", "cursor")


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59.999999-14:00"])
def test_times_at_the_ends_of_the_calendar_are_read(room: Any, moment: str) -> None:
    for view, name in itertools.product(VIEWS, ("from", "to", "at")):
        answer = room.as_agency("BA").get(f"{room.path}/{view}?{name}={moment}")
        assert answer.status_code == 200, (view, name, answer.text)
    for view in VIEWS:
        refused(room.as_agency("BA").get(f"{room.path}/{view}?as_of={moment}"), 400, "malformed")


def test_a_filter_holds_no_odd_characters(room: Any) -> None:
    for view, name, odd in itertools.product(VIEWS, FILTERS, ("%00", "%ff", "%ed%a0%80", "a%00b")):
        refused(room.as_agency("BA").get(f"{room.path}/{view}?{name}={odd}"), 400, "malformed")


def test_a_filter_that_a_view_does_not_have_is_named(room: Any) -> None:
    problem = refused(room.as_agency("BA").get(f"{room.path}/events?scope=in"), 400, "malformed")

    assert "scope" in problem["detail"]


def test_an_address_with_odd_characters_leads_nowhere(room: Any) -> None:
    client = room.as_agency("BA")
    for odd in ("%00", "%ff", "..%2f", "arrests%00", "%ed%a0%80"):
        for path in (f"{room.path}/{odd}", f"{room.path}/figures/{odd}", f"/v1/schemas/{odd}", f"/v1/operations/{odd}"):
            refused(client.get(path), 404, "not-found")


def test_a_connection_left_half_way_harms_no_one_else(room: Any) -> None:
    address = urlsplit(room.stack.base_url)
    token = room.as_agency("BA").headers["authorization"]
    head = (
        f"POST {room.path}/events HTTP/1.1\r\nhost: vcp\r\nauthorization: {token}\r\n"
        f"content-type: {STRUCTURED}\r\ncontent-length: 1000\r\n\r\n"
    )
    left = [socket.create_connection((address.hostname, address.port), timeout=10) for _ in range(20)]
    for one in left:
        one.sendall(head.encode() + b'{"id":')
    for one in left[::2]:
        one.shutdown(socket.SHUT_WR)

    assert room.post("BA", arrest(room)).status_code == 201

    for one in left:
        one.close()
    assert room.post("BA", arrest(room)).status_code == 201
