"""Bad values for every parameter of every read: each is refused by its name, and none is our fault."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from services.gateway.app import create_app
from services.shared.settings import Settings

DOCUMENT: dict[str, Any] = create_app(Settings()).openapi()
OPERATION = "/v1/operations/{operation}"
A_THING = "7c0f3a52-6d0e-5a51-9b7e-2f6f5a9d1c11"
PLACES = {"metric": "arrests", "view": "arrests", "form": "csv", "collection": "arrest"}
STRANGE = ("\x00", "", "\ud7ff%00'\"\\", "x" * 3000, "9" * 60, "1e999")
IMPOSSIBLE = {
    "integer": "many",
    "number": "much",
    "boolean": "perhaps",
    "uuid": "7c0f3a52",
    "date-time": "2022-06-24T12:00:00",
    "date": "24 June",
    "chosen": "invented-word",
}


def reads() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for path, methods in DOCUMENT["paths"].items():
        if path.startswith(OPERATION) and "get" in methods:
            yield path, methods["get"].get("parameters", [])


READS = [pytest.param(path, parameters, id=path.removeprefix(OPERATION) or "/") for path, parameters in reads()]


def sort_of(schema: dict[str, Any]) -> str | None:
    """Which values a parameter takes; None where any text may be one."""
    for inner in schema.get("anyOf", ()):
        if inner.get("type") != "null" and (found := sort_of(inner)):
            return found
    if schema.get("type") == "array":
        return sort_of(schema["items"])
    if "$ref" in schema:
        return sort_of(DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if "enum" in schema or "const" in schema:
        return "chosen"
    named = schema.get("format") or schema.get("type")
    return named if named in IMPOSSIBLE else None


def status(room: Any, path: str, query: dict[str, str]) -> tuple[int, Any]:
    """The status, and the problem where there is one; what streams is not read on."""
    named = {**PLACES, "operation": room.operation}
    path = re.sub(r"\{(\w+)\}", lambda found: named.get(found[1], A_THING), path)
    with room.as_agency("AT").stream("GET", path, params=query) as answer:
        refused = answer.status_code >= 400
        if refused:
            answer.read()
            return answer.status_code, answer.json()
        return answer.status_code, None


@pytest.mark.parametrize(("path", "parameters"), READS)
def test_a_bad_value_is_refused_by_its_name_and_none_is_our_fault(room: Any, path: str, parameters: Any) -> None:
    asked = [one for one in parameters if one["in"] == "query"]
    needed = {one["name"]: "2022-06-24T00:00:00Z" for one in asked if one.get("required")}
    for one in asked:
        name, sort = one["name"], sort_of(one["schema"])
        if sort is not None:
            code, problem = status(room, path, {**needed, name: IMPOSSIBLE[sort]})
            assert code == 400, f"{name}={IMPOSSIBLE[sort]}: {code}"
            said = [fault["pointer"] for fault in problem.get("errors", [])]
            assert any(pointer.split("/")[2] == name for pointer in said) or name in problem["detail"], problem
        for value in STRANGE:
            code, problem = status(room, path, {**needed, name: value})
            assert code < 500, f"{name}={value[:20]!r}: {problem}"
            assert not value or value not in str(problem), f"{name} is repeated"
    code, problem = status(room, path, {**needed, "qxzmarker": "1"})
    assert code in (400, 404), "what is unknown is not passed over"
    assert "qxzmarker" not in str(problem)
