"""What a line says of itself: which entry it will be, which it names, and whether it needs a version."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from schemas.event import REGISTER
from schemas.subjects import entry_id
from services.client.reading import FileLine

_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stated:
    """One line, as far as it can be read; what is wrong with it is the gateway's to say."""

    line: FileLine
    entry: UUID | None = None
    changes: UUID | None = None
    """The thing, or the entry, that a command changes."""
    needs_version: bool = False
    """A command on a version which the line does not state."""
    beside: bool = False
    """A command that leaves the version of its thing as it was."""
    names: frozenset[UUID] = frozenset()
    """The entries that its data may name."""
    time: datetime = _LAST


def stated(line: FileLine, *, operation: str, agency: str | None) -> Stated:
    """Without the agency that posts, nobody can say which entry a line will be."""
    report = _object(line.body)
    if line.fault is not None or report is None:
        return Stated(line)
    data = report.get("data")
    kind = report.get("type")
    event = REGISTER.get(kind) if isinstance(kind, str) else None
    changes = None
    if event is not None and event.changes is not None and isinstance(data, dict):
        changes = _id(data.get(event.changes))
    source, id = report.get("source"), report.get("id")
    known = agency is not None and isinstance(source, str) and isinstance(id, str)
    return Stated(
        line,
        entry=entry_id(operation, agency=str(agency), source=str(source), id=str(id)) if known else None,
        changes=changes,
        needs_version=event is not None and changes is not None and not event.beside and "ifmatch" not in report,
        beside=event is not None and event.beside,
        names=frozenset(_ids(data)),
        time=_time(report.get("time")),
    )


def with_version(line: FileLine, etag: str) -> FileLine:
    """The line in its own bytes, with the version beside them: only for one that needs it."""
    body = line.body.rstrip()[:-1] + b',"ifmatch":' + json.dumps(etag).encode() + b"}"
    return FileLine(line.line, body)


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _ids(value: Any) -> Iterator[UUID]:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
        elif (id := _id(one)) is not None:
            yield id


def _id(value: Any) -> UUID | None:
    if not isinstance(value, str) or len(value) != 36:
        return None
    try:
        return UUID(value)
    except ValueError:
        return None


def _time(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except (ValueError, TypeError):
        return _LAST
    return moment if moment.tzinfo else _LAST
