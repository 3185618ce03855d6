"""What operators see: metrics, a page, and whether the picture is whole."""

from typing import Any

import httpx
import psycopg
import pytest

pytestmark = pytest.mark.own_stack  # they read what the whole deployment counted

NAMED = {"scope": "named", "agencies": ["BA"]}


def status(room: Any, part: str, path: str) -> httpx.Response:
    return httpx.get(f"http://127.0.0.1:{room.stack.status_ports[part]}{path}", timeout=30)


def numbers(text: str) -> dict[str, float]:
    return {
        name: float(value)
        for name, _, value in (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    }


def park(room: Any, entry: str) -> None:
    """As if a view could not take this entry."""
    with psycopg.connect(room.stack.settings.database_url) as connection:
        connection.execute("select set_config('search_path', (select schema from desk.live), true)")
        connection.execute(
            "insert into parked (operation, position, thing, error)"
            " select operation, since, thing, 'Invented' from entries where key = %s",
            (entry,),
        )


@pytest.fixture
def unparked(room: Any) -> Any:
    yield room
    with psycopg.connect(room.stack.settings.database_url) as connection:
        connection.execute("select set_config('search_path', (select schema from desk.live), true)")
        connection.execute("delete from parked")


def test_metrics_say_how_far_the_picture_is_and_what_was_answered(room: Any) -> None:
    room.take("BA", "arrest.made.v1")
    refused = room.post("BA", room.report("arrest.made.v1", basis="hunch"))
    label = f'{{operation="{room.operation}"}}'

    projector = numbers(status(room, "projector", "/metrics").text)
    with room.as_agency("AT").stream("GET", f"{room.path}/live"):
        gateway = numbers(status(room, "gateway", "/metrics").text)

    entries = len(room.get("AT", "events", limit=1000)["items"])
    assert projector[f"vcp_projector_position{label}"] == entries
    assert projector[f"vcp_projector_entries_total{label}"] == entries
    assert projector[f"vcp_projector_lag_entries{label}"] == 0
    assert projector[f"vcp_projector_parked_entries{label}"] == 0
    assert projector[f"vcp_projector_stalled_seconds{label}"] == 0
    assert f"vcp_projector_entries_per_second{label}" in projector
    told = status(room, "projector", "/health/ready").json()["operations"][room.operation]
    assert (told["position"], told["behind"], told["last_error"]) == (entries, 0, None)
    assert refused.status_code == 422
    assert gateway['vcp_gateway_answers_total{method="POST",status="422"}'] == 1
    assert gateway['vcp_gateway_answers_total{method="POST",status="201"}'] > 1
    page = status(room, "projector", "/")
    assert (page.status_code, room.operation in page.text) == (200, True)
    assert status(room, "projector", "/invented").status_code == 404
    assert room.as_agency("AT").get("/metrics").status_code == 404


def test_what_is_parked_is_said_to_whoever_may_see_it_and_to_operators(unparked: Any) -> None:
    room = unparked
    before = room.take("BA", "vehicle.detected.v1")["entry"]
    hidden = room.take("BA", "arrest.made.v1", audience=NAMED)["entry"]
    shown = room.take("BA", "arrest.made.v1")["entry"]
    assert room.as_agency("AT").get("/health/ready").json() == {"status": "ready", "reasons": []}

    park(room, hidden)

    assert room.get("BA", "timeline")["moment"]["incomplete"] is True
    assert "incomplete" not in room.get("MD", "timeline")["moment"]
    ready = room.as_agency("AT").get("/health/ready")
    assert (ready.status_code, ready.json()["status"]) == (200, "incomplete")
    probe = status(room, "projector", "/health/ready")
    assert (probe.status_code, probe.json()["status"]) == (503, "incomplete")
    metrics = numbers(status(room, "projector", "/metrics").text)
    assert metrics[f'vcp_projector_parked_entries{{operation="{room.operation}"}}'] == 1

    park(room, shown)

    assert room.as_agency("AT").get("/health/ready").content == ready.content
    assert room.get("MD", "timeline")["moment"]["incomplete"] is True
    assert "incomplete" not in room.get("MD", "timeline", as_of=before)["moment"]
