"""A download as CSV: what it is about as comments, then a table that no spreadsheet takes for formulas."""

import csv
import io
from collections.abc import Iterator

from services.gateway.downloads import Download
from services.gateway.flat import Cell, flat

MEDIA = "text/csv; charset=utf-8"
_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def written(download: Download) -> Iterator[bytes]:
    """The file, a page at a time; with a byte order mark, without which spreadsheets misread names."""
    about = "".join(f"# {name}: {_one_line(value)}\r\n" for name, value in download.says().items())
    yield b"\xef\xbb\xbf" + about.encode()
    yield _lines([list(download.columns)])
    for rows in download.pages():
        yield _lines([[cells.get(name) for name in download.columns] for cells in map(flat, rows)])


def _lines(rows: list[list[Cell]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([[_harmless(cell) for cell in row] for row in rows])
    return out.getvalue().encode()


def _harmless(cell: Cell) -> Cell:
    """A text that a spreadsheet would work out is marked as text; what somebody reported must never run."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _one_line(value: str) -> str:
    return " ".join(value.split())
