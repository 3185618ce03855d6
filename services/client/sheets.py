"""The first sheet of a workbook (XLSX), row by row: texts and numbers, never formulas."""

from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import Element, ParseError, iterparse
from zipfile import BadZipFile, ZipFile

from services.client.reading import Unreadable

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_TEXTS, _SHEET = "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"
LARGEST_PART = 512 * 2**20
"""Bytes, unpacked: a small file may unpack into a huge one."""


def rows_of_sheet(file: Path) -> Iterator[tuple[int, list[str]]]:
    """The number of each row, and its cells in their columns. Raises Unreadable."""
    try:
        with ZipFile(file) as packed:
            if any(packed.getinfo(name).file_size > LARGEST_PART for name in packed.namelist()):
                raise Unreadable("This workbook is too large; save it as CSV UTF-8.")
            texts = list(_texts(packed)) if _TEXTS in packed.namelist() else []
            with packed.open(_SHEET) as sheet:
                for row in _elements(sheet, "row"):
                    yield int(row.get("r", "0")), _cells(row, texts)
    except (BadZipFile, KeyError, ParseError, ValueError, IndexError):
        raise Unreadable("This is no workbook that can be read; save it as CSV UTF-8.") from None


def _texts(packed: ZipFile) -> Iterator[str]:
    with packed.open(_TEXTS) as texts:
        for item in _elements(texts, "si"):
            yield _text(item)


def _elements(part: IO[bytes], name: str) -> Iterator[Element]:
    """Elements of one name, each forgotten when it was read. What declares entities is no workbook."""
    if b"<!DOCTYPE" in part.read(1024):
        raise ValueError
    part.seek(0)
    # Expat itself bounds what entities grow to; a workbook has none at all.
    for _, element in iterparse(part):  # noqa: S314
        if element.tag == _MAIN + name:
            yield element
            element.clear()


def _cells(row: Element, texts: list[str]) -> list[str]:
    found: list[str] = []
    for cell in row.iter(_MAIN + "c"):
        place = _column(cell.get("r", ""))
        found += [""] * (place - len(found))
        value = cell.find(_MAIN + "v")
        match cell.get("t"):
            case "s" if value is not None:
                found.append(texts[int(value.text or "")])
            case "inlineStr":
                found.append(_text(cell))
            case _:
                found.append((value.text or "") if value is not None else "")
    return found


def _text(element: Element) -> str:
    return "".join(one.text or "" for one in element.iter(_MAIN + "t"))


def _column(reference: str) -> int:
    """From 0: A1 is 0, AA1 is 26."""
    place = 0
    for letter in reference.rstrip("0123456789"):
        place = place * 26 + ord(letter) - ord("A") + 1
    return max(place - 1, 0)
