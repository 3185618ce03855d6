"""What the tests of the contract share: reading at the door, reading from the log."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

import schemas.events  # noqa: F401  (finds every event type)
from schemas.door import door_context
from schemas.event import REGISTER, Event

Read = Callable[..., Event]
Refusal = Callable[..., str]


@pytest.fixture
def at_door() -> Read:
    """Reads data as the door does: strictly, and with the rules that only the door knows."""

    def read(type_name: str, data: dict[str, Any], *, accredited: bool = False) -> Event:
        context = door_context(accredited=accredited)
        return REGISTER[type_name].adapter().validate_json(json.dumps(data), strict=True, context=context)

    return read


@pytest.fixture
def from_log() -> Read:
    """Reads data as whoever follows the log does."""

    def read(type_name: str, data: dict[str, Any]) -> Event:
        return REGISTER[type_name].adapter().validate_json(json.dumps(data))

    return read


@pytest.fixture
def refusal(at_door: Read) -> Refusal:
    """Why the door refuses a type's example when it is changed like this; with the member that is to blame."""

    def refused(type_name: str, *, without: str | None = None, accredited: bool = False, **changes: Any) -> str:
        data = {**REGISTER[type_name].example(), **changes}
        data.pop(without or "", None)
        with pytest.raises(ValidationError) as caught:
            at_door(type_name, data, accredited=accredited)
        return "; ".join(
            "/".join(map(str, (*fault["loc"], *_member(fault)))) + ": " + fault["msg"]
            for fault in caught.value.errors(include_url=False, include_input=False)
        )

    return refused


def _member(fault: Any) -> list[str]:
    member = fault.get("ctx", {}).get("member")
    return [member] if member else []
