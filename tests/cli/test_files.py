"""Files of reports: what a template offers is accepted, what is wrong is named before and after posting."""

import csv
import io
import json
from pathlib import Path

import httpx
import pytest
from sqlalchemy import create_engine
from typer.testing import CliRunner

from schemas.event import REGISTER
from schemas.publish import example
from services.cli.commands import app
from services.client.linting import faults_in
from services.client.reading import lines_of
from services.shared import desk
from services.shared.database import engine_url
from services.stack import Stack


@pytest.mark.parametrize("type", sorted(REGISTER))
def test_the_example_line_of_a_template_is_the_example_of_its_type(type: str, tmp_path: Path) -> None:
    printed = CliRunner().invoke(app, ["template", type])
    file = tmp_path / "reports.csv"
    file.write_text(printed.stdout, encoding="utf-8")

    (line,) = lines_of(file)

    assert printed.exit_code == 0
    assert list(faults_in(file)) == []
    wanted = REGISTER[type].model_validate_json(json.dumps(example(REGISTER[type])["data"]))
    assert REGISTER[type].model_validate_json(json.dumps(json.loads(line.body)["data"])) == wanted


def test_a_line_without_an_id_has_the_same_one_each_time(tmp_path: Path) -> None:
    row = "type,category,count\narrest.made.v1,smuggler,3\n"
    (tmp_path / "a.csv").write_text(row)
    (tmp_path / "b.csv").write_text(row)

    (first,), (second,) = lines_of(tmp_path / "a.csv"), lines_of(tmp_path / "b.csv")

    assert first.body == second.body


def written(folder: Path, text: str, *, encoding: str = "utf-8") -> Path:
    file = folder / "reports.csv"
    file.write_bytes(text.encode(encoding))
    return file


def test_a_line_without_an_id_that_repeats_another_is_asked_for_one(tmp_path: Path) -> None:
    row = "arrest.made.v1,smuggler,3\n"
    file = written(tmp_path, f"type,category,count\n{row}arrest.made.v1,smuggler,4\n{row}")

    faults = [line.fault for line in lines_of(file)]

    assert faults == [None, None, "This repeats line 2; where both are meant, give each an id."]


def test_a_line_longer_than_the_header_is_no_report(tmp_path: Path) -> None:
    file = written(tmp_path, "type,id,category\narrest.made.v1,case-1,smuggler,3\n")

    (line,) = lines_of(file)

    assert line.fault == "This line has more cells than the header."


def test_a_member_is_a_value_or_holds_members_and_not_both(tmp_path: Path) -> None:
    file = written(tmp_path, "type,id,place,place.text\narrest.made.v1,case-1,Vienna,Graz\n")
    reverse = "type,id,place.text,place\narrest.made.v1,case-1,Graz,Vienna\n"

    (line,) = lines_of(file)
    (other,) = lines_of(written(tmp_path, reverse))

    assert line.fault == other.fault == "The columns above and below `place` are both filled in."


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_spreadsheet_may_part_its_cells_as_its_country_does(separator: str, tmp_path: Path) -> None:
    rows = [["type", "id", "category"], ["arrest.made.v1", "case-1", "smuggler"]]
    file = written(tmp_path, "".join(separator.join(row) + "\r\n" for row in rows), encoding="utf-8-sig")

    (line,) = lines_of(file)

    assert json.loads(line.body)["data"] == {"category": "smuggler"}


@pytest.mark.parametrize(
    ("text", "encoding", "said"),
    [
        ("type,id\narrest.made.v1,Müller\n", "latin-1", "not UTF-8"),
        ("kind,id\narrest.made.v1,case-1\n", "utf-8", "no column `type`"),
        ("type,id,id\narrest.made.v1,a,b\n", "utf-8", "same name"),
        ('type,id\narrest.made.v1,"a\n', "utf-8", "not CSV"),
        ("", "utf-8", "no column `type`"),
    ],
)
def test_a_file_that_is_no_spreadsheet_of_reports_is_refused_whole(
    text: str, encoding: str, said: str, tmp_path: Path
) -> None:
    file = written(tmp_path, text, encoding=encoding)

    linted = CliRunner().invoke(app, ["lint", str(file)])

    assert linted.exit_code == 1
    assert said in linted.output
    assert "ller" not in linted.output


def test_lint_names_each_fault_by_line_and_pointer(tmp_path: Path) -> None:
    good = example(REGISTER["arrest.made.v1"])
    bad = {**good, "data": {**good["data"], "basis": "hunch"}}
    file = tmp_path / "reports.ndjson"
    file.write_text(f"{json.dumps(good)}\n\n{json.dumps(bad)}\n")

    linted = CliRunner().invoke(app, ["lint", str(file)])

    assert linted.exit_code == 1
    (line,) = linted.stdout.splitlines()
    assert line.startswith(f"{file}:3: /data/basis: ")
    assert "hunch" not in line


def test_a_posted_file_is_stored_once_and_what_is_refused_is_told_by_line(stack: Stack, tmp_path: Path) -> None:
    token = tmp_path / "token"
    engine = create_engine(engine_url(stack.settings.gateway_database_url))
    with engine.begin() as connection:
        desk.add_agency(connection, "AT", kind="national", country="AT", name=None)
        token.write_text(desk.add_credential(connection, "AT"))
    engine.dispose()
    opening = {**example(REGISTER["operation.created.v1"]), "id": "opening"}
    opening["data"] |= {"code": "jad-files", "lead": ["AT"], "exercise": False}
    answer = httpx.post(
        f"{stack.base_url}/v1/operations",
        json=opening,
        headers={"Authorization": f"Bearer {token.read_text()}", "Content-Type": "application/cloudevents+json"},
    )
    assert answer.status_code == 201, answer.text
    rows = list(csv.reader(io.StringIO(CliRunner().invoke(app, ["template", "arrest.made.v1"]).stdout)))
    basis, id = rows[0].index("basis"), rows[0].index("id")
    file = tmp_path / "arrests.csv"
    with file.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(rows[0])
        for number in range(150):
            row = [*rows[1]]
            row[id] = f"case-{number}"
            row[basis] = "hunch" if number == 120 else row[basis]
            writer.writerow(row)
    where = ["--operation", "jad-files", "--url", stack.base_url, "--token-file", str(token)]

    first = CliRunner().invoke(app, ["post", str(file), *where])
    rejects = [json.loads(line) for line in (tmp_path / "arrests.csv.rejects.ndjson").read_text().splitlines()]
    again = CliRunner().invoke(app, ["post", str(file), *where])
    whole = CliRunner().invoke(app, ["post", str(file), "--atomic", *where])

    assert (first.exit_code, again.exit_code, whole.exit_code) == (1, 1, 1)
    assert [(one["line"], one["status"], one["problem"]["errors"][0]["pointer"]) for one in rejects] == [
        (122, 422, "/data/basis")
    ]
    assert "1 of 150 reports were refused" in again.output
    assert "line 122 /data/basis: " in whole.output
