"""Files of reports: NDJSON as it is, CSV by the template; and what is wrong with a report before it is posted."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

import schemas.events  # noqa: F401  (finds every event type)
from schemas.door import door_context
from schemas.entry import report_adapter
from schemas.event import REGISTER
from services.client.template import report_of


@dataclass(frozen=True, slots=True)
class FileLine:
    """One report of a file: its line, and its bytes as they will be posted."""

    line: int
    body: bytes


def lines_of(file: Path) -> Iterator[FileLine]:
    """The reports of a file, in its order; a CSV line names its type in the column `type`."""
    if file.suffix.lower() == ".csv":
        with file.open(encoding="utf-8-sig", newline="") as rows:
            reader = csv.DictReader(rows)
            for row in reader:
                cells = {name: cell or "" for name, cell in row.items() if name is not None}
                yield FileLine(reader.line_num, _encoded(cells))
    else:
        with file.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield FileLine(number, line.strip())


def faults_of(body: bytes) -> list[dict[str, str]]:
    """What the contract finds wrong with a report, by JSON pointer; rights and versions only the gateway knows."""
    try:
        report_adapter().validate_json(body, context=door_context())
    except ValidationError as refused:
        return [
            {"pointer": _pointer(error["loc"], error.get("ctx", {}).get("member")), "detail": error["msg"]}
            for error in refused.errors(include_url=False, include_input=False)
        ]
    return []


def _encoded(cells: dict[str, str]) -> bytes:
    event = REGISTER.get(cells.get("type", ""))
    report: dict[str, Any] = report_of(cells, event) if event else cells
    return json.dumps(report, ensure_ascii=False).encode()


def _pointer(place: tuple[int | str, ...], member: str | None) -> str:
    parts = [part for part in place if part not in REGISTER] + ([member] if member else [])
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)
