"""The gateway keeps to its own OpenAPI document, whatever is asked of it and by whom."""

from collections.abc import Iterator

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from schemas.event import REGISTER
from services.gateway.app import create_app
from services.shared.settings import Settings
from services.stack import Stack
from tests.flow.conftest import Room, open_room

EXAMPLES = {"lead": 5, "participant": 5, "anonymous": 2}
"""Whoever is not known is asked for a token, whatever they ask."""
DOCUMENT = create_app(Settings()).openapi()
OPENAPI = schemathesis.openapi.from_dict(DOCUMENT)
OPERATIONS = {f"{found.ok().method.upper()} {found.ok().path}": found.ok() for found in OPENAPI.get_all_operations()}
STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
STREAMS = ("/v1/operations/{operation}/live",)


@pytest.fixture(scope="module")
def room(stack: Stack) -> Iterator[Room]:
    """With something of every sort in it."""
    with open_room(stack) as made:
        for posted in ("seizure.made.v1", "hit.raised.v1", "arrest.made.v1"):
            made.take("BA", posted)
        yield made


@pytest.fixture(scope="module")
def existing(room: Room) -> dict[str, str]:
    """Of each parameter of a path, a value that leads somewhere."""
    (arrest,) = room.get("AT", "arrests")["items"]
    thing = arrest["arrest"] if "arrest" in arrest else arrest["thing"]
    return {
        "operation": room.operation,
        "entry": thing,
        "thing": thing,
        "metric": "arrests",
        "type": "arrest.made.v1",
    }


@pytest.fixture(scope="module")
def sessions(room: Room) -> Iterator[dict[str, requests.Session]]:
    made = {}
    for who, agency in (("lead", "AT"), ("participant", "BA"), ("anonymous", None)):
        made[who] = requests.Session()
        if agency:
            made[who].headers["authorization"] = room.as_agency(agency).headers["authorization"]
    yield made
    for session in made.values():
        session.close()


@pytest.mark.parametrize("who", EXAMPLES)
@pytest.mark.parametrize("name", [name for name in OPERATIONS if not name.endswith(STREAMS)])
def test_every_answer_is_a_documented_one(
    room: Room, existing: dict[str, str], sessions: dict[str, requests.Session], name: str, who: str
) -> None:
    operation = OPERATIONS[name]

    @settings(
        max_examples=EXAMPLES[who],
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=operation.as_strategy(),
        real=st.sampled_from([True, True, False]),
        posted=st.sampled_from([*sorted(REGISTER), None]),
    )
    def ask(case: schemathesis.Case, real: bool, posted: str | None) -> None:
        if real:
            case.path_parameters = {name: existing.get(name, made) for name, made in case.path_parameters.items()}
        if "after" in case.query or "wait" in case.query:
            case.query["wait"] = 0
        if posted and case.media_type in (STRUCTURED, BATCH):
            # What the schema of a body leaves open is mostly refused as a whole; most of these are read to the end.
            report = room.report(posted)
            case.body = report if case.media_type == STRUCTURED else [report, case.body]
        answer = case.call(base_url=room.stack.base_url, session=sessions[who], timeout=60)
        assert answer.status_code < 500 or (answer.status_code == 503 and "after" in case.query), answer.text
        case.validate_response(
            answer, checks=[status_code_conformance, content_type_conformance, response_schema_conformance]
        )

    ask()
