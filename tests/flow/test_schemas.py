"""What integrators read from a running gateway: schemas by type, and what the door takes by them."""

from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from schemas.codes import LISTS
from schemas.event import REGISTER, Event
from schemas.publish import json_schema
from services.stack import Stack


def test_every_type_is_listed_with_its_schema(room: Any) -> None:
    client = room.as_agency("BA")

    listed = client.get("/v1/schemas").json()["items"]

    assert [one["type"] for one in listed] == sorted(REGISTER)
    for one in listed:
        answer = client.get(one["schema"])
        assert answer.headers["content-type"] == "application/schema+json"
        assert answer.json()["$id"] == f"urn:vcp:schema:{one['type']}"


@pytest.mark.parametrize("event", REGISTER.values(), ids=REGISTER)
def test_the_example_of_a_type_fits_its_schema(event: type[Event]) -> None:
    schema = json_schema(event)

    Draft202012Validator.check_schema(schema)
    faults = [fault.message for fault in Draft202012Validator(schema).iter_errors(schema["examples"][0])]
    assert faults == []


def test_the_stream_is_described_and_every_reference_in_it_leads_somewhere(room: Any) -> None:
    client = room.as_agency("BA")
    document = client.get("/v1/asyncapi.json").json()

    assert document["asyncapi"].startswith("3.")
    for reference in set(references(document)):
        if reference.startswith("#/"):
            place: Any = document
            for part in reference[2:].split("/"):
                place = place[part]
        else:
            assert client.get(f"/v1/{reference}").status_code == 200, reference


def test_schemas_are_for_those_who_sign_in_and_an_unknown_type_is_not_found(stack: Stack, room: Any) -> None:
    for path in ("/v1/schemas", "/v1/schemas/arrest.made.v1", "/v1/asyncapi.json"):
        assert httpx.get(f"{stack.base_url}{path}").status_code == 401
    assert room.as_agency("BA").get("/v1/schemas/arrest.made.v9").status_code == 404


def references(document: Any) -> list[str]:
    if isinstance(document, dict):
        own = [document["$ref"]] if isinstance(document.get("$ref"), str) else []
        return own + [found for inner in document.values() for found in references(inner)]
    if isinstance(document, list):
        return [found for inner in document for found in references(inner)]
    return []


def test_codes_are_told_in_the_language_that_is_asked_for(room: Any) -> None:
    client = room.as_agency("BA")
    lists = client.get("/v1/codes").json()
    german = client.get("/v1/codes/thb_forms", params={"lang": "de-AT"}).json()

    assert {one["list"] for one in lists["items"]} == set(LISTS)
    assert {"en", "de"} <= set(lists["languages"])
    assert german["labels"]["begging"] == "Ausbeutung der Bettelei"
    assert list(german["labels"]) == list(LISTS["thb_forms"].codes)
    assert client.get("/v1/codes/thb_forms", params={"lang": "xx"}).json()["labels"]["begging"] == "Forced begging"
    assert client.get("/v1/codes/picnics").status_code == 404
    assert client.get("/v1/codes/thb_forms", params={"lang": "../de"}).status_code == 400
