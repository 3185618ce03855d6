"""What every answer says to browsers: nothing is guessed, embedded, referred to, or run that need not be."""

import re
from typing import Any

import pytest

from services.gateway.hardened import POLICY, headers_of_all
from services.shared.settings import Settings

ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
EVENTS = "/v1/operations/{operation}/events"
STRUCTURED, BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"
ASKED = [
    ("GET", "/", None),
    ("GET", "/console/", None),
    ("GET", "/console/no-such-file", None),
    ("GET", "/docs", None),
    ("GET", "/openapi.json", None),
    ("GET", "/static-offline-docs/swagger-ui.css", None),
    ("GET", "/health/ready", None),
    ("GET", "/v1/session", None),
    ("GET", "/v1/sign-in", None),
    ("GET", "/v1/me", None),
    ("GET", "/v1/operations/{operation}/figures", None),
    ("GET", "/v1/operations/{operation}/figures?as_of=never", None),
    ("GET", "/v1/operations/{operation}/map", None),
    ("GET", "/v1/operations/{operation}/report", None),
    ("GET", "/v1/operations/no-such-operation/figures", None),
    ("PUT", "/v1/operations", None),
    ("POST", EVENTS, STRUCTURED),
    ("POST", EVENTS, BATCH),
    ("POST", EVENTS, "text/plain"),
]


@pytest.mark.parametrize(("method", "address", "media"), ASKED)
def test_every_answer_tells_browsers_what_they_may(room: Any, method: str, address: str, media: str | None) -> None:
    client, path = room.as_agency("AT"), address.format(operation=room.operation)
    headers = {"Content-Type": media} if media is not None else {}
    answer = client.request(method, path, content=b"{}" if media is not None else None, headers=headers)

    assert {name: answer.headers.get_list(name) for name in ALWAYS} == {name: [said] for name, said in ALWAYS.items()}
    (policy,) = answer.headers.get_list("content-security-policy")
    assert {"default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"} <= set(policy.split("; "))
    assert not re.search(r"script-src[^;]*(unsafe|http|\*)", policy)
    assert "server" not in answer.headers
    assert "strict-transport-security" not in answer.headers  # The stack of the tests is reached without TLS.


@pytest.mark.parametrize("path", ["/v1/me", "/v1/operations/no-such-operation/figures", "/openapi.json"])
def test_nothing_in_data_runs(room: Any, path: str) -> None:
    assert room.as_agency("AT").get(path).headers["content-security-policy"] == POLICY


def test_an_answer_that_has_not_changed_is_under_the_policy_too(room: Any) -> None:
    client = room.as_agency("AT")
    etag = client.get("/v1/me").headers["etag"]
    answer = client.get("/v1/me", headers={"If-None-Match": etag})

    assert (answer.status_code, answer.headers["content-security-policy"]) == (304, POLICY)


def test_behind_tls_browsers_are_told_to_stay_there() -> None:
    plain, behind_tls = Settings(), Settings(public_url="https://post.example")

    assert "Strict-Transport-Security" not in dict(headers_of_all(plain))
    assert dict(headers_of_all(behind_tls))["Strict-Transport-Security"] == "max-age=31536000"
