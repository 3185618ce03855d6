"""What holds for every event type as a strict reader and the log see it: limits, secrets, commands."""

import copy
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import ValidationError

import schemas.events  # noqa: F401  (finds every event type)
from schemas.event import REGISTER, Event, secrets

Read = Callable[..., Event]
every_type = pytest.mark.parametrize("event", [REGISTER[name] for name in sorted(REGISTER)], ids=sorted(REGISTER))

KINDS_OF_THINGS = {
    "operation", "participant", "deployment", "incident", "arrest", "suspect", "refusal", "detection", "document",
    "opinion", "vehicle", "goods", "seizure", "search", "case", "victim", "child", "investigation", "target", "hit",
    "check", "request", "message", "measure", "alert", "task", "sitrep", "pair", "permission",
    "listing",
}  # fmt: skip


def test_the_whole_catalogue_is_there() -> None:
    opened = [event.opens for event in REGISTER.values() if event.opens]

    assert len(REGISTER) == 71
    assert sorted(opened) == sorted(KINDS_OF_THINGS)


@every_type
def test_a_command_names_what_it_changes_by_a_required_member(event: type[Event]) -> None:
    if event.changes is None:
        assert not event.beside
        return

    assert event.opens is None
    assert event.model_fields[event.changes].is_required()
    assert event.adapter().validate_json(json.dumps(event.example())).changed is not None


@every_type
def test_the_example_is_accepted_at_the_door(event: type[Event], at_door: Read) -> None:
    assert at_door(event.type, event.example())


@every_type
def test_the_headline_is_one_line_without_secrets(event: type[Event], at_door: Read) -> None:
    read = at_door(event.type, event.example())

    headline = read.headline()

    assert headline.strip()
    assert "\n" not in headline
    assert not [told for told in _secret_texts(event.example(), secrets(event)) if told in headline]


@every_type
def test_an_entry_stays_valid_with_its_secrets_sealed(event: type[Event], at_door: Read, from_log: Read) -> None:
    read = at_door(event.type, event.example())
    left = _without_secrets(event.example(), secrets(event))

    sealed = from_log(event.type, left)

    assert sealed.headline() == read.headline()
    assert sealed.parties() == read.parties()
    assert not list(_secret_texts(left, secrets(event)))


@every_type
def test_secret_members_are_optional(event: type[Event]) -> None:
    for name in _secret_names(secrets(event)):
        assert not event.model_fields[name].is_required()


@every_type
@pytest.mark.parametrize("member", ["occurred", "audience", "handling"])
def test_what_every_event_says_is_never_filled_in(event: type[Event], member: str, at_door: Read) -> None:
    data = {name: value for name, value in event.example().items() if name != member}

    with pytest.raises(ValidationError, match=f"(?s){member}.*Field required"):
        at_door(event.type, data)


@every_type
def test_every_text_and_list_has_a_limit(event: type[Event]) -> None:
    schema = event.model_json_schema(by_alias=True)

    unlimited = sorted(set(_unlimited(schema, path="")))

    assert not unlimited


@every_type
def test_unknown_is_null_and_never_an_empty_text(event: type[Event]) -> None:
    schema = event.model_json_schema(by_alias=True)

    assert not [path for path, text in _texts(schema, path="") if text.get("minLength") == 0]


def _without_secrets(data: Any, where: dict[str, Any]) -> Any:
    if isinstance(data, list):
        return [_without_secrets(item, where) for item in data]
    if not isinstance(data, dict):
        return copy.deepcopy(data)
    kept = {name: value for name, value in data.items() if where.get(name) is not True}
    return {name: _without_secrets(value, where.get(name, {})) for name, value in kept.items()}


def _secret_names(where: dict[str, Any]) -> list[str]:
    return [name for name, inside in where.items() if inside is True]


def _secret_texts(data: Any, where: Any) -> Iterator[str]:
    """Every text of the example that is to be sealed, if it is long enough to be told from a code."""
    if isinstance(data, list):
        for item in data:
            yield from _secret_texts(item, where)
    elif isinstance(data, dict):
        for name, value in data.items():
            inner = True if where is True else where.get(name, {})
            yield from _secret_texts(value, inner)
    elif where is True and isinstance(data, str) and len(data) > 2 and data != "Latn":
        yield data


def _texts(schema: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(schema, list):
        for index, item in enumerate(schema):
            yield from _texts(item, f"{path}/{index}")
    elif isinstance(schema, dict):
        if schema.get("type") == "string":
            yield path, schema
        for name, inner in schema.items():
            yield from _texts(inner, f"{path}/{name}")


def _unlimited(schema: Any, path: str) -> Iterator[str]:
    for place, text in _texts(schema, path):
        bounded = text.keys() & {"maxLength", "enum", "const", "format"}
        if not bounded and not _is_bounded(text.get("pattern", "")):
            yield place
    yield from _lists(schema, path)


def _lists(schema: Any, path: str) -> Iterator[str]:
    if isinstance(schema, list):
        for index, item in enumerate(schema):
            yield from _lists(item, f"{path}/{index}")
    elif isinstance(schema, dict):
        if schema.get("type") == "array" and "maxItems" not in schema and not _items_are_an_enum(schema):
            yield path
        for name, inner in schema.items():
            yield from _lists(inner, f"{path}/{name}")


def _items_are_an_enum(schema: dict[str, Any]) -> bool:
    return "enum" in schema.get("items", {})


def _is_bounded(pattern: str) -> bool:
    """A pattern from ^ to $ without a star or plus says how long a text can be."""
    classes_away = re.sub(r"\[[^\]]*\]", "x", pattern)
    return pattern.startswith("^") and pattern.endswith("$") and not re.search(r"(?<!\\)[*+]|,\}", classes_away)
