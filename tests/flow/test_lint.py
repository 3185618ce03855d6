"""`vcp lint` finds, offline, what the door would refuse of a report by itself, and says it in the same words."""

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from schemas.event import REGISTER
from schemas.publish import example
from services.cli.commands import app
from services.client.linting import faults_in

ARREST = example(REGISTER["arrest.made.v1"])
SAID = json.dumps(ARREST, ensure_ascii=False)
UNREADABLE = [
    json.dumps({**ARREST, "note": "x" * 256 * 1024}),
    SAID.replace('"id"', '"id": "invented-0", "id"', 1),
    json.dumps({**ARREST, "data": {**ARREST["data"], "place": json.loads('{"a":' * 40 + "1" + "}" * 40)}}),
    SAID.replace("invented-1", "invented\\u0000"),
    SAID.replace("invented-1", "invented\\ud800"),
    SAID.replace("invented-1", ""),
    SAID[:-1],
    "[]",
]
UNACCEPTABLE = [
    {**ARREST, "type": "arrest.maed.v1"},
    {**ARREST, "data": {**ARREST["data"], "basis": "hunch", "cuont": 3}},
    {**ARREST, "data": {**ARREST["data"], "count": "3"}},
    {name: value for name, value in ARREST.items() if name != "source"},
]


def test_lint_speaks_as_the_door_does(room: Any, tmp_path: Path) -> None:
    lines = [*UNREADABLE, *(json.dumps(report) for report in UNACCEPTABLE)]
    file = tmp_path / "reports.ndjson"
    file.write_text("".join(f"{line}\n" for line in lines))
    headers = {"Content-Type": "application/x-ndjson"}

    answer = room.as_agency("BA").post(f"{room.path}/events", content=file.read_bytes(), headers=headers)

    door = [
        (result["line"], fault["pointer"], fault["detail"])
        for result in (json.loads(line) for line in answer.text.splitlines())
        for fault in result["problem"].get("errors") or [{"pointer": "", "detail": result["problem"]["detail"]}]
    ]
    linted = [(found.line, found.pointer, found.said.partition(" Accepted: ")[0]) for found in faults_in(file)]
    assert {line for line, _, _ in door} == set(range(1, len(lines) + 1))
    assert linted == door


def test_lint_finds_an_id_that_stands_for_two_reports(tmp_path: Path) -> None:
    other = {**ARREST, "data": {**ARREST["data"], "count": 9}}
    elsewhere = {**other, "source": "/other/system"}
    file = tmp_path / "reports.ndjson"
    file.write_text("".join(f"{json.dumps(one)}\n" for one in (ARREST, ARREST, elsewhere, other)))

    found = [(one.line, one.pointer, one.said) for one in faults_in(file)]

    assert found == [(4, "/id", "Line 1 has this id with other content.")]


def test_lint_says_what_would_be_accepted(tmp_path: Path) -> None:
    file = tmp_path / "reports.ndjson"
    file.write_text(json.dumps(UNACCEPTABLE[0]))

    linted = CliRunner().invoke(app, ["lint", str(file)])

    assert linted.stdout.startswith(f"{file}:1: /type: No such event type. Accepted: arrest.made.v1")
    assert "maed" not in linted.stdout
