"""What is particular to an event: its own members as plain JSON values, without those that are sealed."""

from functools import cache
from typing import Any

import msgspec

from schemas.event import Event, secrets
from services.shared.thing import InForce

_SHARED = frozenset(Event.model_fields)
_MOST_REMEMBERED = 4_096
_remembered: dict[int, tuple[Event, dict[str, Any]]] = {}
"""By the event's identity: the same few are asked for again with each command on their thing."""


def own_members(event: Event) -> dict[str, Any]:
    """The members that the event's own class has, sealed ones left out, unknown ones too."""
    held = _remembered.get(id(event))
    if held is None:
        if len(_remembered) >= _MOST_REMEMBERED:
            _remembered.clear()
        # The event is held with its members, so that no other can come to have its identity.
        held = _remembered[id(event)] = (event, _own_members(event))
    return dict(held[1])


def _own_members(event: Event) -> dict[str, Any]:
    include, secret = _spelt(type(event))
    members: dict[str, Any] = event.__pydantic_serializer__.to_python(
        event, include=include, by_alias=True, exclude_none=True
    )
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
    named = [name for name in secret if name in members]
    if not named:
        return members
    kept = dict(members)
    for name in named:
        inner = secret[name]
        if inner is True:
            del kept[name]
        elif isinstance(inner, dict):
            kept[name] = _within(kept[name], inner)
    return kept


def _within(value: Any, secret: dict[str, object]) -> Any:
    if isinstance(value, dict):
        return without_sealed(value, secret)
    if isinstance(value, list):
        return [_within(item, secret) for item in value]
    return value


_encoder = msgspec.json.Encoder(decimal_format="number", order="deterministic")
