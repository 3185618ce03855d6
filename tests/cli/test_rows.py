"""Rows of lists and questions: no cell is passed over in silence, in whichever form the table comes."""

from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZipFile

import pytest

from services.client.reading import Unreadable
from services.client.rows import rows_of

Table = list[list[str]]
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def as_csv(folder: Path, table: Table) -> Path:
    (file := folder / "rows.csv").write_text("".join(",".join(row) + "\n" for row in table))
    return file


def as_xlsx(folder: Path, table: Table) -> Path:
    rows = ""
    for number, row in enumerate(table, start=1):
        cells = [
            f'<c r="{chr(65 + place)}{number}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
            for place, cell in enumerate(row)
            if cell
        ]
        rows += f'<row r="{number}">{"".join(cells)}</row>'
    with ZipFile(folder / "rows.xlsx", "w") as packed:
        packed.writestr(
            "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'
        )
    return folder / "rows.xlsx"


@pytest.mark.parametrize("written", [as_csv, as_xlsx])
def test_a_cell_below_no_name_is_a_fault_of_its_line_alone(
    written: Callable[[Path, Table], Path], tmp_path: Path
) -> None:
    table = [
        ["Number", "Country", "", "Kind"],
        ["A1", "AT", "", "passport"],
        ["A2", "AT", "", "passport", "lost"],
        ["A3", "AT", "2022", "passport"],
        ["A4", "", "", ""],
    ]

    first, longer, between, last = rows_of(written(tmp_path, table))

    assert (first.said, first.fault) == ({"number": "A1", "country": "AT", "kind": "passport"}, None)
    assert [(row.line, row.said, "no name" in str(row.fault)) for row in (longer, between)] == [
        (3, {}, True),
        (4, {}, True),
    ]
    assert (last.said, last.fault) == ({"number": "A4"}, None)


@pytest.mark.parametrize("written", [as_csv, as_xlsx])
def test_two_columns_of_one_name_are_no_table(written: Callable[[Path, Table], Path], tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="same name"):
        list(rows_of(written(tmp_path, [["number", "Number"], ["A1", "A2"]])))
