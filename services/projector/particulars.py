"""What is particular to an event: its own members as plain JSON values, without those that are sealed."""

from functools import cache
from typing import Any

import msgspec

from schemas.event import Event, secrets
from services.shared.thing import InForce

_SHARED = frozenset(Event.model_fields)


def own_members(event: Event) -> dict[str, Any]:
    """The members that the event's own class has, sealed ones left out, unknown ones too."""
    include, secret = _spelt(type(event))
    members = event.model_dump(include=include, by_alias=True, exclude_none=True)
    return without_sealed(members, secret) if secret else members


def told(command: InForce[Event]) -> dict[str, Any]:
    """What a command says, and which entry says it; the member that names the thing is left out."""
    members = own_members(command.event)
    members.pop(command.event.changes or "", None)
    return {
        **members,
        "entry": command.line.entry,
        "type": command.event.type,
        "agency": command.line.agency,
        "occurred_at": command.event.occurred.from_,
    }


def as_json(detail: Any) -> str:
    """A detail as it is stored. Amounts are JSON numbers."""
    return _encoder.encode(detail).decode()


@cache
def _spelt(event: type[Event]) -> tuple[set[str], dict[str, object]]:
    secret = secrets(event)
    include = {name for name in event.model_fields if name not in _SHARED and secret.get(name) is not True}
    return include, {name: inner for name, inner in secret.items() if name in include}


def without_sealed(members: dict[str, Any], secret: dict[str, object]) -> dict[str, Any]:
    """The same members without the sealed ones inside them, at any depth and in lists too."""
    kept = {}
    for name, value in members.items():
        inner = secret.get(name)
        if inner is True:
            continue
        kept[name] = _within(value, inner) if isinstance(inner, dict) else value
    return kept


def _within(value: Any, secret: dict[str, object]) -> Any:
    if isinstance(value, dict):
        return without_sealed(value, secret)
    if isinstance(value, list):
        return [_within(item, secret) for item in value]
    return value


_encoder = msgspec.json.Encoder(decimal_format="number", order="deterministic")
