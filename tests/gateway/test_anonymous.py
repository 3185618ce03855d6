"""No token, no answer: every route, asked of a gateway that really runs."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine

from services.gateway.app import create_app
from services.gateway.parts import assembled
from services.shared import desk
from services.shared.database import engine_url
from services.shared.settings import Settings

OPEN = {"/health/live", "/health/ready"}
"""What answers without a token: whether the process lives, and can keep its promises."""
SIGNING_IN = {
    ("POST", "/v1/session"),
    ("GET", "/v1/sign-in"),
    ("GET", "/v1/sign-in/provider"),
    ("GET", "/v1/sign-in/return"),
}
"""How an officer comes to a session, in tests of their own (flow/test_sessions.py, gateway/test_provider.py)."""
PAGES = {"/docs", "/openapi.json", "/static-offline-docs"}
"""What the framework adds: the description of the API, and no data."""
CONSOLE = {"/", "/console", "/console/{name:path}"}
"""The page itself, which shows nothing before its user has given a token."""
PATHS: dict[str, Any] = create_app(Settings()).openapi()["paths"]
ROUTES = [
    (method.upper(), path)
    for path, methods in PATHS.items()
    for method in methods
    if path not in OPEN and (method.upper(), path) not in SIGNING_IN
]
FORMS = ["application/cloudevents+json", "application/cloudevents-batch+json", "application/x-ndjson", "text/html"]
WRONG = {
    "none": None,
    "empty": "",
    "another scheme": "Basic dmNwOnZjcA==",
    "unknown": f"Bearer vcp_{'x' * 43}",
    "a JWT": "Bearer eyJhbGciOiJub25lIn0.e30.",
    "not ASCII": "Bearer vcp_\xff",
}


@pytest.fixture(scope="module")
async def gateway(new_settings: Callable[[], Settings]) -> AsyncIterator[Callable[..., Any]]:
    """Asks a gateway in this process, over real log and database; its tokens may ask ten times a second."""
    settings = new_settings().model_copy(update={"rate_per_second": 10})
    app = create_app(settings)
    async with assembled(settings) as parts:
        app.state.parts = parts
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway", timeout=30) as client:

            async def ask(method: str, path: str, authorization: str | None, **given: Any) -> httpx.Response:
                headers = [(name, value) for name, value in given.pop("headers", {}).items()]
                if authorization is not None:
                    headers.append(("Authorization", authorization.encode("latin-1")))
                return await client.request(method, path, headers=headers, **given)

            ask.settings = settings  # type: ignore[attr-defined]
            yield ask


def filled(path: str) -> str:
    return (
        path.replace("{operation}", "jad-unknown")
        .replace("{metric}", "arrests")
        .replace("{entry}", "00000000-0000-5000-8000-000000000000")
        .replace("{engine}", "00000000-0000-5000-8000-000000000000")
        .replace("{view}.{form}", "timeline.csv")
        .replace("{collection}", "events")
        .replace("{feature}", "00000000-0000-5000-8000-000000000000")
        .replace("{thing}", "00000000-0000-5000-8000-000000000000")
    )


def check_refused(answer: httpx.Response) -> None:
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["type"] == "/problems/sign-in"


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize(("method", "path"), ROUTES, ids=[" ".join(route) for route in ROUTES])
async def test_every_route_refuses_whoever_shows_no_valid_token(
    gateway: Any, method: str, path: str, wrong: str
) -> None:
    answer = await gateway(method, filled(path), WRONG[wrong])

    check_refused(answer)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("path", [path for method, path in ROUTES if method == "POST"])
async def test_no_form_of_a_post_is_read_before_its_token(gateway: Any, path: str, form: str) -> None:
    answers = [
        await gateway("POST", filled(path), wrong, content=b"{" * 1000, headers={"Content-Type": form})
        for wrong in WRONG.values()
    ]

    for answer in answers:
        check_refused(answer)
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.parametrize("path", sorted(OPEN))
async def test_only_health_answers_without_a_token(gateway: Any, path: str) -> None:
    answer = await gateway("GET", path, None)

    assert answer.status_code == 200
    assert "operation" not in answer.text


def test_what_no_list_of_routes_shows_is_the_description_alone() -> None:
    paths = {getattr(route, "path", "") for route in create_app(Settings()).routes}

    assert paths - set(PATHS) - {""} == PAGES | CONSOLE


def token_of_its_own(gateway: Any) -> str:
    engine = create_engine(engine_url(gateway.settings.gateway_database_url))
    with engine.begin() as connection:
        desk.add_agency(connection, "AT", kind="national", country="AT", name=None)
        token = desk.add_credential(connection, "AT")
    engine.dispose()
    return f"Bearer {token}"


async def test_a_token_that_asks_too_often_is_told_when_to_come_again(gateway: Any) -> None:
    token = token_of_its_own(gateway)

    # At once: one after the other would be slow enough on a machine with much else to do.
    answers = await asyncio.gather(*(gateway("GET", "/v1/operations", token) for _ in range(40)))

    refused = [answer for answer in answers if answer.status_code == 429]
    assert {answer.status_code for answer in answers} == {200, 429}
    assert refused[0].json()["type"] == "/problems/slow-down"
    assert refused[0].headers["retry-after"] == "1"
    assert (await gateway("GET", "/v1/operations", token_of_its_own(gateway))).status_code == 200


@pytest.mark.parametrize("query", ["", "?"], ids=["fast door", "documented route"])
async def test_each_report_of_a_batch_is_counted(gateway: Any, query: str) -> None:
    token, path = token_of_its_own(gateway), f"/v1/operations/jad-unknown/events{query}"
    batch = {"content": b"[" + b",".join([b"{}"] * 15) + b"]", "headers": {"Content-Type": FORMS[1]}}

    answers = [await gateway("POST", path, token, **batch) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [404, 429]
    assert answers[1].headers["retry-after"] == "1"
