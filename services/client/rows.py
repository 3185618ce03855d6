"""Rows of a file of persons and things, one after another, however large: CSV, XLSX, NDJSON, or one JSON document."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from services.client.reading import Unreadable
from services.client.sheets import rows_of_sheet

LARGEST_DOCUMENT = 256 * 2**20
"""Bytes of one JSON document, which is read as a whole; NDJSON has no such limit."""
LONGEST_LINE = 512 * 1024
_SEPARATORS = ",;\t"


@dataclass(frozen=True, slots=True)
class Row:
    """One row, and where it stands; or why it is none. What is wrong repeats nothing of it."""

    line: int
    said: dict[str, Any]
    fault: str | None = None


def rows_of(file: Path) -> Iterator[Row]:
    """The rows of a file in its order; JSON as a list, or a page of public notices. Raises Unreadable."""
    match file.suffix.lower():
        case ".csv":
            return _of_csv(file)
        case ".json":
            return _of_document(file)
        case ".xlsx":
            return _of_sheet(file)
        case _:
            return _of_lines(file)


def _of_csv(file: Path) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_LINE)
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            first = lines.readline()
            separator = max(_SEPARATORS, key=first.count)
            lines.seek(0)
            reader = csv.reader(lines, delimiter=separator, strict=True)
            yield from _of_table((reader.line_num, row) for row in reader)
    except UnicodeDecodeError:
        raise Unreadable("This is not UTF-8; save it as CSV UTF-8.") from None
    except csv.Error:
        raise Unreadable("This is not CSV: a quote is not closed, or a cell is too long.") from None


def _of_sheet(file: Path) -> Iterator[Row]:
    return _of_table(rows_of_sheet(file))


def _of_table(rows: Iterator[tuple[int, list[str]]]) -> Iterator[Row]:
    """Rows by their columns, without what is empty. A cell below no name is a fault: it is never passed over."""
    _, names = next(rows, (0, []))
    header = [name.strip().lower() for name in names]
    named = [name for name in header if name]
    if len(set(named)) != len(named):
        raise Unreadable("Two columns have the same name.")
    for number, row in rows:
        said = {name: cell.strip() for name, cell in zip_longest(header, row, fillvalue="") if cell.strip()}
        if "" in said:
            yield Row(number, {}, "This line has a cell below no name: more cells than the header, say.")
        elif said:
            yield Row(number, said)


def _of_lines(file: Path) -> Iterator[Row]:
    with file.open("rb") as lines:
        number = 0
        while line := lines.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                yield Row(number, {}, "This line is too long.")
                while line and not line.endswith(b"\n"):
                    line = lines.readline(LONGEST_LINE)
            elif line.strip():
                yield _row(number, _read(line.removeprefix(b"\xef\xbb\xbf")))


def _of_document(file: Path) -> Iterator[Row]:
    if file.stat().st_size > LARGEST_DOCUMENT:
        raise Unreadable("This is too large for one JSON document; put each row on a line of its own (NDJSON).")
    found = _read(file.read_bytes())
    if isinstance(found, dict) and isinstance(found.get("_embedded"), dict):
        found = found["_embedded"].get("notices")
    if isinstance(found, dict):
        found = [found]
    if not isinstance(found, list):
        raise Unreadable("This is no JSON list, and no page of notices.")
    for number, said in enumerate(found, start=1):
        yield _row(number, said)


def _row(number: int, said: Any) -> Row:
    return Row(number, said) if isinstance(said, dict) else Row(number, {}, "This is no JSON object.")


def _read(written: bytes) -> Any:
    try:
        return json.loads(written)
    except (ValueError, RecursionError):
        return None
