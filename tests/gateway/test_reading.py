"""Every type at the door: what is valid survives the wire, each fault is named by its place, nothing is repeated."""

import copy
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import schemas.events  # noqa: F401  (finds every event type)
from schemas.event import REGISTER, Event
from services.gateway.problems import Malformed, NotAcceptable, Problem, TooLarge
from services.reading.faults import pointer
from services.reading.reports import Posted, read_report
from services.shared.lines import Head, read_line, write_line

EXAMPLES = 15
MARKER = "qxzmarker"
ENTRY = UUID("7c0f3a52-6d0e-5a51-9b7e-2f6f5a9d1c11")
every_type = pytest.mark.parametrize("event", [REGISTER[name] for name in sorted(REGISTER)], ids=sorted(REGISTER))

Path = tuple[str | int, ...]


def posted(event: type[Event], data: Any) -> bytes:
    report = {"specversion": "1.0", "id": "r1", "source": "/invented", "type": event.type, "data": data}
    return json.dumps(report).encode()


def refused(raw: bytes, kind: type[Problem]) -> Problem:
    with pytest.raises(kind) as caught:
        read_report(raw)
    assert MARKER not in json.dumps(caught.value.document())
    return caught.value


def places(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value inside, with where it is."""
    yield path, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inner:
        yield from places(one, (*path, name))


def changed(data: Any, path: Path, to: Any) -> Any:
    """The same with another value there."""
    made = copy.deepcopy(data)
    holder = made
    for part in path[:-1]:
        holder = holder[part]
    holder[path[-1]] = to
    return made


def named(problem: Problem, path: Path) -> bool:
    """Whether some fault lies at the place, inside it, or at the member that holds it."""
    at = pointer("data", *path)
    return any(fault["pointer"] == at or fault["pointer"].startswith(f"{at}/") for fault in problem.faults)


def is_free(path: Path, event: type[Event]) -> bool:
    """Below a member that carries a whole other event, which is judged with what it corrects."""
    return event.carries is not None and event.carries in path


@every_type
def test_an_event_survives_the_wire(event: type[Event]) -> None:
    read = read_report(posted(event, event.example()))

    assert survives(read)


def survives(read: Posted) -> bool:
    """Whether the line of the log says what was posted, and is read as the same event."""
    head = Head(
        entry=str(ENTRY),
        operation="jad-invented",
        thing=str(ENTRY),
        agency="BA",
        actor="system",
        recorded_at="2022-06-24T12:00:00+00:00",
        digest="d",
    )
    body = write_line(read.raw, head)
    line = read_line(1, body)
    return bool(line.event == read.event and json.loads(body)["report"] == json.loads(read.raw))


@every_type
def test_whatever_the_schema_allows_is_taken_or_refused_by_place(event: type[Event]) -> None:
    """What rules beside the schema forbid is refused at a place in `data`; what is taken survives the wire."""

    @settings(
        max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(case=by_schema(event).as_strategy(), chosen=st.integers(min_value=-1, max_value=40))
    def read(case: schemathesis.Case, chosen: int) -> None:
        # Rules between members refuse most of what a schema makes by itself, so mostly one member is of its making.
        names = sorted(case.body)
        name = names[chosen % len(names)]
        data = case.body if chosen < 0 else {**event.example(), name: case.body[name]}
        try:
            taken = read_report(posted(event, data))
        except NotAcceptable as problem:
            assert problem.faults
            assert all(fault["pointer"].startswith("/data") for fault in problem.faults), problem.faults
        except (Malformed, TooLarge) as problem:
            assert not problem.faults
        else:
            assert survives(taken)

    read()


def by_schema(event: type[Event]) -> schemathesis.APIOperation:
    """A door whose body is this type's `data`, so that data are made by its own schema."""
    schema = event.model_json_schema(by_alias=True, ref_template="#/components/schemas/{model}")
    blocks = schema.pop("$defs", {})
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    door = {"post": {"requestBody": body, "responses": {"200": {"description": "Taken."}}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": event.type, "version": "1"},
        "paths": {"/": door},
        "components": {"schemas": blocks},
    }
    return next(iter(schemathesis.openapi.from_dict(document).get_all_operations())).ok()


@every_type
def test_a_value_of_another_sort_is_named_by_its_place(event: type[Event]) -> None:
    for path, value in places(event.example()):
        if not path or is_free(path, event):
            continue
        # Neither is a value of any member where the example has the other.
        wrong = {MARKER: MARKER} if not isinstance(value, dict) else [MARKER]
        problem = refused(posted(event, changed(event.example(), path, wrong)), NotAcceptable)
        assert named(problem, path), (path, [fault["pointer"] for fault in problem.faults])


@every_type
def test_an_unknown_member_is_named_by_its_parent(event: type[Event]) -> None:
    for path, value in places(event.example()):
        if isinstance(value, dict) and not is_free(path, event):
            problem = refused(
                posted(event, changed({"data": event.example()}, ("data", *path, MARKER), 1)["data"]), NotAcceptable
            )
            at = pointer("data", *path)
            assert at in [fault["pointer"] for fault in problem.faults], (path, problem.faults)


@every_type
def test_a_required_member_that_is_missing_is_named(event: type[Event]) -> None:
    for name, field in event.model_fields.items():
        if field.is_required():
            data = {key: value for key, value in event.example().items() if key != (field.alias or name)}
            problem = refused(posted(event, data), NotAcceptable)
            assert pointer("data", field.alias or name) in [fault["pointer"] for fault in problem.faults]


@every_type
@pytest.mark.parametrize("odd", ["\0", "\ud800"], ids=["NUL", "half a pair"])
def test_no_text_holds_odd_characters(event: type[Event], odd: str) -> None:
    for path, value in places(event.example()):
        if isinstance(value, str):
            refused(posted(event, changed(event.example(), path, f"{MARKER}{odd}")), Malformed)


@every_type
def test_what_is_too_long_or_too_deep_is_named_or_too_large(event: type[Event]) -> None:
    for path, value in places(event.example()):
        if path and isinstance(value, str) and not is_free(path, event):
            problem = refused(posted(event, changed(event.example(), path, MARKER * 2_000)), NotAcceptable)
            assert named(problem, path), path
    deep: Any = MARKER
    for _ in range(40):
        deep = [deep]
    refused(posted(event, {**event.example(), "deep": deep}), TooLarge)


@every_type
def test_no_number_is_too_odd_to_be_named(event: type[Event]) -> None:
    for path, value in places(event.example()):
        if path and isinstance(value, int) and not isinstance(value, bool) and not is_free(path, event):
            for odd in (-(10**40), 10**400, True, "1", MARKER):
                problem = refused(posted(event, changed(event.example(), path, odd)), NotAcceptable)
                assert named(problem, path), (path, odd)
