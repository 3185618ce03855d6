"""A download as XLSX (ECMA-376): a sheet with the table, one with what it is about; texts are never formulas."""

import io
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import count
from string import ascii_uppercase
from typing import Any
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

from services.gateway.downloads import Download
from services.gateway.flat import Cell, flat

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST_TEXT = 32_767
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SHEETS = ("picture", "about")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def written(download: Download) -> Iterator[bytes]:
    """The file, a page at a time: what is packed goes out before the next page is."""
    out = _Outgoing()
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=1) as packed:
        for name, text in _frame():
            packed.writestr(name, _HEAD + text)
        with packed.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            sheet.write(_row(1, list(download.columns)))
            numbers = count(2)
            for rows in download.pages():
                for cells in map(flat, rows):
                    sheet.write(_row(next(numbers), [cells.get(name) for name in download.columns]))
                yield out.taken()
            sheet.write(b"</sheetData></worksheet>")
        about = b"".join(_row(number, list(pair)) for number, pair in enumerate(download.says().items(), start=1))
        sheet_about = f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode() + about
        packed.writestr("xl/worksheets/sheet2.xml", sheet_about + b"</sheetData></worksheet>")
    yield out.taken()


class _Outgoing(io.RawIOBase):
    """Takes what is packed until it is sent. It cannot be gone back in, so sizes follow what they are of."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._waiting.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        waiting, self._waiting = self._waiting, []
        return b"".join(waiting)


def _frame() -> Iterator[tuple[str, str]]:
    """The parts of the package that say which sheets there are."""
    numbered = list(enumerate(_SHEETS, start=1))
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>' for n, _ in numbered
    )
    yield (
        "[Content_Types].xml",
        (
            f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>{sheets}</Types>'
        ),
    )
    yield "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])
    yield "xl/_rels/workbook.xml.rels", _relations([("worksheet", f"worksheets/sheet{n}.xml") for n, _ in numbered])
    listed = "".join(f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>' for n, name in numbered)
    yield "xl/workbook.xml", f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>'


def _relations(targets: list[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{type}" Target="{target}"/>'
        for n, (type, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _row(number: int, cells: list[Cell]) -> bytes:
    written = "".join(_cell(f"{_column(at)}{number}", cell) for at, cell in enumerate(cells) if cell is not None)
    return f'<row r="{number}">{written}</row>'.encode()


@cache
def _column(at: int) -> str:
    """A, B, ... Z, AA, AB, ..."""
    letter = ascii_uppercase[at % 26]
    return letter if at < 26 else _column(at // 26 - 1) + letter


def _cell(place: str, cell: Cell) -> str:
    if isinstance(cell, bool):
        return f'<c r="{place}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, int | Decimal):
        return f'<c r="{place}"><v>{cell}</v></c>'
    text = escape(_NOT_IN_XML.sub("\ufffd", str(cell)[:_LONGEST_TEXT]))
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
