"""What holds for every event type of the catalogue, whatever it is."""

import json
import subprocess
from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError

import schemas.events  # noqa: F401  (finds every event type)
from schemas.door import door_context
from schemas.entry import report_adapter
from schemas.event import REGISTER, Event, secrets
from schemas.publish import JSON, PROJECT, example, json_schema, main
from services.shared.vault import take_out

EVERY = pytest.mark.parametrize("event", [event for _, event in sorted(REGISTER.items())], ids=lambda event: event.type)


@EVERY
def test_its_example_is_taken_at_the_door_and_survives_the_wire(event: type[Event]) -> None:
    report = report_adapter().validate_json(json.dumps(example(event)), context=door_context())

    wire = report.model_dump_json(by_alias=True, exclude_unset=True)

    assert report_adapter().validate_json(wire, context=door_context()) == report


@EVERY
def test_it_is_still_an_event_when_its_secrets_are_sealed(event: type[Event]) -> None:
    data: dict[str, Any] = event.example()

    clear, _ = take_out(data, secrets(event), entry=uuid4())

    assert event.adapter().validate_python(clear).type == event.type


@EVERY
def test_its_headline_tells_nothing_that_is_sealed(event: type[Event]) -> None:
    data: dict[str, Any] = event.example()
    clear, blocks = take_out(data, secrets(event), entry=uuid4())

    assert event.adapter().validate_python(data).headline() == event.adapter().validate_python(clear).headline()
    assert event.adapter().validate_python(clear).headline()
    assert all(block.members for block in blocks)


@EVERY
def test_an_unknown_member_is_refused(event: type[Event]) -> None:
    with pytest.raises(ValidationError):
        event.adapter().validate_python({**event.example(), "no_such_member": 1})


@EVERY
def test_an_audience_is_never_filled_in(event: type[Event]) -> None:
    without = {name: value for name, value in event.example().items() if name != "audience"}

    with pytest.raises(ValidationError):
        event.adapter().validate_python(without)


@EVERY
def test_it_says_what_it_is(event: type[Event]) -> None:
    assert event.__doc__
    assert event.title
    assert event.posted_by
    noun, verb, version = event.type.split(".")
    assert event.__name__.lower() == (noun + verb).replace("_", "") + ("" if version == "v1" else version)
    assert "type" in json_schema(event)["required"]


@EVERY
def test_a_released_schema_only_gains_optional_members(event: type[Event]) -> None:
    committed = _committed(f"{JSON}/{event.type}.json")
    if committed is None:  # a type that has not been released yet
        return
    before, now = committed["$defs"][event.__name__], json_schema(event)["$defs"][event.__name__]

    assert set(before["properties"]) <= set(now["properties"])
    assert set(now.get("required", [])) <= set(before.get("required", []))


def test_what_is_generated_is_what_the_register_says() -> None:
    assert main(["--check"]) == 0


def _committed(path: str) -> dict[str, Any] | None:
    shown = subprocess.run(
        ["git", "-C", str(PROJECT), "show", f"HEAD:{path}"], capture_output=True, check=False, text=True
    )
    found: dict[str, Any] | None = json.loads(shown.stdout) if shown.returncode == 0 else None
    return found
