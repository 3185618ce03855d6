"""Files of reports: NDJSON as it is, CSV by the template; and what of a file is no report at all."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import schemas.events  # noqa: F401  (finds every event type)
from schemas.event import REGISTER
from services.client.template import Crossed, report_of

_SEPARATORS = (",", ";", "\t")  # Spreadsheets write a semicolon where the comma is the decimal sign.
_LONGEST_CELL = 512 * 1024


class Unreadable(Exception):
    """The file as a whole is not what it says it is; the text repeats nothing of it."""


@dataclass(frozen=True, slots=True)
class FileLine:
    """One report of a file: its line, and its bytes as they will be posted; or why it can be no report."""

    line: int
    body: bytes
    fault: str | None = None


def lines_of(file: Path) -> Iterator[FileLine]:
    """The reports of a file, in its order; a CSV line names its type in the column `type`. Raises Unreadable."""
    if file.suffix.lower() == ".csv":
        return _rows_of(file)
    return _stripped_lines_of(file)


def _stripped_lines_of(file: Path) -> Iterator[FileLine]:
    with file.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield FileLine(number, line.strip())


def _rows_of(file: Path) -> Iterator[FileLine]:
    csv.field_size_limit(_LONGEST_CELL)
    try:
        with file.open(encoding="utf-8-sig", newline="") as rows:
            separator = _separator(rows.readline())
            rows.seek(0)
            reader = csv.DictReader(rows, delimiter=separator, strict=True)
            header = list(reader.fieldnames or [])
            if len(set(header)) != len(header):
                raise Unreadable("Two columns have the same name.")
            earlier: dict[bytes, int] = {}
            for row in reader:
                yield _line(row, reader.line_num, earlier)
    except UnicodeDecodeError:
        raise Unreadable("This is not UTF-8; save it as CSV UTF-8.") from None
    except csv.Error:
        raise Unreadable("This is not CSV: a quote is not closed, or a cell is too long.") from None


def _separator(header: str) -> str:
    for separator in _SEPARATORS:
        if "type" in [name.strip(' "\r\n') for name in header.split(separator)]:
            return separator
    raise Unreadable("There is no column `type`; `vcp template TYPE` prints the columns.")


def _line(row: dict[Any, Any], number: int, earlier: dict[bytes, int]) -> FileLine:
    if None in row:
        return FileLine(number, b"{}", "This line has more cells than the header.")
    cells = {name: cell or "" for name, cell in row.items()}
    if not cells.get("id"):
        # Its hash would be its id, so the second would be lost as a retry of the first.
        written = sha256(json.dumps(cells, sort_keys=True).encode()).digest()
        first = earlier.setdefault(written, number)
        if first != number:
            return FileLine(number, b"{}", f"This repeats line {first}; where both are meant, give each an id.")
    event = REGISTER.get(cells.get("type", ""))
    try:
        report: dict[str, Any] = report_of(cells, event) if event else cells
    except Crossed as crossed:
        return FileLine(number, b"{}", str(crossed))
    return FileLine(number, json.dumps(report, ensure_ascii=False).encode())
