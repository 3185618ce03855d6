"""Spreadsheets as reports: a column for each member, spelt with dots; lists by semicolons or as JSON."""

import json
from decimal import Decimal
from hashlib import sha256
from types import NoneType
from typing import Any, get_args

from pydantic import BaseModel

from schemas.event import Event, models_in
from schemas.publish import example

ENVELOPE = ("type", "source", "id", "time", "ifmatch")
SOURCE = "/csv"
_SPOKEN_AS_JSON = (int, float, Decimal, bool)


class Crossed(Exception):
    """A cell says that a member is a value, another that it holds members; the text repeats neither."""


def columns(event: type[Event]) -> list[str]:
    """The header of a type's template."""
    return [*ENVELOPE, *(name for name, _ in _leaves(event))]


def example_row(event: type[Event]) -> dict[str, str]:
    """The invented example of a type, as a line under the header."""
    report = example(event)
    row = {name: str(report.get(name, "")) for name in ENVELOPE}
    for name, _ in _leaves(event):
        value: Any = report["data"]
        for part in name.split("."):
            value = value.get(part, "") if isinstance(value, dict) else ""
        row[name] = _written(value)
    return row


def report_of(row: dict[str, str], event: type[Event]) -> dict[str, Any]:
    """The report that a line is. Empty cells are absent; without an id the line's hash is its id. Raises Crossed."""
    kinds = dict(_leaves(event))
    data: dict[str, Any] = {}
    for name, cell in row.items():
        if name in ENVELOPE or not cell:
            continue
        inside = data
        *above, last = name.split(".")
        for part in above:
            inside = inside.setdefault(part, {})
            if not isinstance(inside, dict):
                raise Crossed(f"The columns above and below `{part}` are both filled in.")
        if last in inside:
            raise Crossed(f"The columns above and below `{last}` are both filled in.")
        inside[last] = _read(cell, kinds.get(name))
    written = json.dumps(row, sort_keys=True, ensure_ascii=False).encode()
    given = {name: row[name] for name in ENVELOPE if row.get(name)}
    return {"specversion": "1.0", "source": SOURCE, "id": sha256(written).hexdigest(), **given, "data": data}


def _leaves(model: type[BaseModel], above: str = "") -> list[tuple[str, Any]]:
    """Every member below a model with its annotation; those of a model within a list stay in one cell."""
    found: list[tuple[str, Any]] = []
    for name, field in model.model_fields.items():
        spelt = above + (field.alias or name)
        inner = [] if _holds(field.annotation, list) else models_in(field.annotation)
        if not inner or _scalars(field.annotation):
            found.append((spelt, field.annotation))
        for one in inner:
            found += _leaves(one, f"{spelt}.")
    return found


def _scalars(annotation: Any) -> list[Any]:
    parts = get_args(annotation)
    if not parts:
        is_model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
        return [] if is_model or annotation is NoneType or not isinstance(annotation, type) else [annotation]
    return [found for part in parts for found in _scalars(part)]


def _holds(annotation: Any, *kinds: type) -> bool:
    if annotation in kinds or getattr(annotation, "__origin__", None) in kinds:
        return True
    return any(_holds(part, *kinds) for part in get_args(annotation))


def _read(cell: str, annotation: Any) -> Any:
    if cell == "null":
        return None
    is_list = _holds(annotation, list)
    if is_list or _holds(annotation, dict, *_SPOKEN_AS_JSON):
        try:
            return json.loads(cell)
        except ValueError:
            return [part.strip() for part in cell.split(";")] if is_list else cell
    return cell


def _written(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ";".join(value)
    return json.dumps(value, ensure_ascii=False)
