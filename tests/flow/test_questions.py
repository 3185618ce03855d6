"""A file of persons and things is asked about through the one door, once, and its answers come back as a file."""

import csv
import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import create_engine
from typer.testing import CliRunner

from services.cli.commands import app
from services.cli.delegation import delegated
from services.client.rows import rows_of
from services.shared.database import engine_url
from services.stack import Stack

pytestmark = pytest.mark.own_stack  # the engine answers for EUROPOL in every operation


@pytest.fixture
def asked(room: Any, stack: Stack, tmp_path: Path) -> Any:
    """Runs the command on a file as BA, and gives its exit code, output and answers."""
    room.as_agency("EUROPOL")
    engine = create_engine(engine_url(stack.settings.gateway_database_url))
    if not (stack.settings.delegations_folder / "EUROPOL.token").exists():
        with engine.begin() as connection:
            delegated(connection, "EUROPOL", folder=stack.settings.delegations_folder)
    engine.dispose()
    token = tmp_path / "token"
    token.write_text(room.as_agency("BA").headers["Authorization"].removeprefix("Bearer "))

    def run(file: Path, *options: str) -> Any:
        arguments = ["crosscheck", str(file), "--operation", room.operation, "--token-file", str(token)]
        done = CliRunner().invoke(app, [*arguments, "--url", stack.base_url, "--patience", "30", *options])
        answers = file.with_name(f"{file.name}.answers.csv")
        rows = list(csv.DictReader(answers.read_text(encoding="utf-8").splitlines())) if answers.exists() else []
        return done.exit_code, done.output, rows

    return run


def arrested(room: Any, **members: Any) -> str:
    person = {"subject_category": "suspect", "names": [{"full": "Сергей Инвентский", "script": "Cyrl"}], **members}
    entry: str = room.take("MD", "arrest.made.v1", person=person)["entry"]
    return entry


def test_each_row_is_asked_once_and_its_hits_are_explained(room: Any, asked: Any, tmp_path: Path) -> None:
    record = arrested(room, birth_date="1980-02-17")
    file = tmp_path / "controlled.csv"
    file.write_text(
        "given;family;birth_date;number;issuer\nSergei;Inventsky;1980-02-17;;\nZoran;Kukulj;1991-12-05;;\n;;;X1234567;RS\n"
    )

    code, output, rows = asked(file)
    again = asked(file)

    assert code == 0, output
    assert [(one["line"], one["state"], one["hits"]) for one in rows] == [
        ("2", "answered", "1"),
        ("3", "answered", "0"),
        ("4", "answered", "0"),
    ]
    assert (rows[0]["record"], rows[0]["band"], rows[0]["owner"]) == (record, "strong", "MD")
    assert "same date of birth: +" in rows[0]["because"]
    assert again == (0, again[1], rows)
    assert room.get("BA", "crosschecks/counts")["total"] == 3


def test_a_row_of_an_organisation_is_asked_and_its_hit_explained(room: Any, asked: Any, tmp_path: Path) -> None:
    numbered = [{"country": "BG", "registration_number": "BG000111222"}]
    firm = {"subject_category": "suspect", "names": [{"full": "Измислица ООД"}], "registrations": numbered}
    record = room.take("MD", "incident.reported.v1", organisations=[firm])["entry"]
    file = tmp_path / "firms.csv"
    file.write_text("organisation;seat;registration;registration_country\nNascocita;;000111222;BG\nUnlike;RS;;\n")

    code, output, rows = asked(file)

    assert code == 0, output
    assert [(one["line"], one["hits"], one["band"], one["record"]) for one in rows] == [
        ("2", "1", "exact", record),
        ("3", "0", "", ""),
    ]
    assert "same registration number in the same country: +16.0" in rows[0]["because"]


def test_what_cannot_be_asked_is_listed_by_its_line_and_the_rest_is_asked(asked: Any, tmp_path: Path) -> None:
    file = tmp_path / "controlled.ndjson"
    rows = [
        {"full": "Ana Invented"},
        {"full": "Ana Invented"},
        {"remarks": "nobody"},
        {"full": "A Child", "category": "victim"},
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))

    code, output, answers = asked(file)

    assert code == 1
    assert [one["line"] for one in answers] == ["1"]
    rejects = [json.loads(line) for line in (tmp_path / "controlled.ndjson.rejects.ndjson").read_text().splitlines()]
    assert sorted(one["line"] for one in rejects) == [2, 3, 4]
    assert "Ana" not in output + json.dumps(rejects)


def test_the_rows_of_a_workbook_are_read_by_its_header(tmp_path: Path) -> None:
    file = tmp_path / "rows.xlsx"
    head = '<?xml version="1.0"?>'
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    texts = "".join(f"<si><t>{text}</t></si>" for text in ("plate", "vin", "BG 12 34"))
    sheet = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>'
        '<row r="2"><c r="A2" t="s"><v>2</v></c></row>'
        '<row r="4"><c r="C4" t="inlineStr"><is><t>WVWZZZ1JZXW000001</t></is></c></row>'
    )
    with ZipFile(file, "w") as packed:
        packed.writestr("xl/sharedStrings.xml", f"{head}<sst {main}>{texts}</sst>")
        packed.writestr(
            "xl/worksheets/sheet1.xml", f"{head}<worksheet {main}><sheetData>{sheet}</sheetData></worksheet>"
        )

    assert [(row.line, row.said) for row in rows_of(file)] == [
        (2, {"plate": "BG 12 34"}),
        (4, {"vin": "WVWZZZ1JZXW000001"}),
    ]
