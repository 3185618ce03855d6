"""Files of reports through the real door: versions for commands, the order of history, breaks, and what is refused."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from schemas.subjects import entry_id
from services.cli.commands import app

Posts = Callable[..., Result]


@pytest.fixture
def arguments(room: Any, tmp_path: Path) -> Callable[[str, Path], list[str]]:
    """What `vcp post` is given to post a file as an agency."""

    def given(agency: str, file: Path) -> list[str]:
        token = tmp_path / f"{agency}.token"
        token.write_text(room.as_agency(agency).headers["Authorization"].removeprefix("Bearer "))
        where = ["--operation", room.operation, "--url", room.stack.base_url]
        return ["post", str(file), *where, "--token-file", str(token)]

    return given


@pytest.fixture
def post(arguments: Callable[[str, Path], list[str]], tmp_path: Path) -> Posts:
    """Writes lines into a file and posts it."""

    def posted(agency: str, lines: list[Any], *options: str, name: str = "reports.ndjson") -> Result:
        file = tmp_path / name
        file.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines))
        return CliRunner().invoke(app, [*arguments(agency, file), *options])

    return posted


def rejects(folder: Path, name: str = "reports.ndjson") -> list[tuple[int, int, str]]:
    place = folder / f"{name}.rejects.ndjson"
    found = [json.loads(line) for line in place.read_text().splitlines()]
    return [(one["line"], one["status"], one["problem"]["type"].removeprefix("/problems/")) for one in found]


def entry_of(room: Any, agency: str, report: dict[str, Any]) -> str:
    return str(entry_id(room.operation, agency=agency, source=report["source"], id=report["id"]))


def case(room: Any) -> list[dict[str, Any]]:
    """An arrest, two updates of it, and a correction that names the second by its own entry."""
    arrest = room.report("arrest.made.v1", category="smuggler", count=2)
    thing = entry_of(room, "BA", arrest)
    updates = [room.report("arrest.updated.v1", arrest=thing, status=status) for status in ("detained", "released")]
    corrected = {**updates[1]["data"], "status": "handed_over"}
    correction = room.report(
        "record.corrected.v1", target=entry_of(room, "BA", updates[1]), corrected=corrected, reason="Invented."
    )
    return [arrest, *updates, correction]


def log_of(room: Any) -> list[dict[str, Any]]:
    """The log as the lead sees it, with everything posted before this call."""
    last = room.take("AT", "nil_report.filed.v1")["entry"]
    found: list[dict[str, Any]] = room.get("AT", "events", after=last, limit=1000)["items"]
    return found[:-1]


def test_commands_of_a_file_get_the_versions_that_the_lines_before_them_made(
    room: Any, post: Posts, tmp_path: Path
) -> None:
    lines = [line for number in range(3) for line in case(room)]

    first = post("BA", lines)
    again = post("BA", lines)

    assert first.exit_code == 0, first.output + (tmp_path / "reports.ndjson.rejects.ndjson").read_text()
    assert "12 stored, 0 there before" in first.output
    assert again.exit_code == 0, again.output
    assert "0 stored, 12 there before" in again.output
    ids = [entry["report"]["id"] for entry in log_of(room)]
    assert ids[-12:] == [line["id"] for line in lines]


def test_the_version_of_a_thing_from_elsewhere_is_asked_for(room: Any, post: Posts) -> None:
    hit = room.take("BA", "hit.raised.v1", database="Nominals")
    room.take("INTERPOL", "hit.verified.v1", hit=hit["entry"], outcome="undetermined", etag=hit["etag"])

    posted = post("INTERPOL", [room.report("hit.verified.v1", hit=hit["entry"], outcome="confirmed")])

    assert posted.exit_code == 0, posted.output
    assert "1 stored" in posted.output


def test_lines_added_to_a_posted_file_go_by_what_others_did_since(room: Any, post: Posts) -> None:
    hit = room.report("hit.raised.v1", database="Nominals")
    thing = entry_of(room, "BA", hit)
    remark = room.report("handling.changed.v1", target=thing)
    remark["data"] |= {"new_audience": {"scope": "all"}, "new_handling": {"codes": ["H0"]}}
    raised = post("BA", [hit])
    assert raised.exit_code == 0, raised.output
    etag = room.get("BA", f"events/{thing}", after=thing)["etag"]
    room.take("INTERPOL", "hit.verified.v1", hit=thing, outcome="confirmed", etag=etag)

    posted = post("BA", [hit, remark])

    assert posted.exit_code == 0, posted.output
    assert "1 stored, 1 there before" in posted.output


def test_a_version_that_the_line_states_is_the_one_that_counts(room: Any, post: Posts, tmp_path: Path) -> None:
    arrest = room.take("BA", "arrest.made.v1")
    room.take("BA", "arrest.updated.v1", arrest=arrest["entry"], etag=arrest["etag"])
    command = {**room.report("arrest.updated.v1", arrest=arrest["entry"]), "ifmatch": arrest["etag"]}

    posted = post("BA", [command])

    assert posted.exit_code == 1
    assert rejects(tmp_path) == [(1, 412, "changed-meanwhile")]


def test_a_command_on_what_nobody_knows_is_refused_by_its_line(room: Any, post: Posts, tmp_path: Path) -> None:
    unknown = room.report("arrest.updated.v1", arrest="7c0f3a52-6d0e-5a51-9b7e-2f6f5a9d1c11")

    posted = post("BA", [room.report("arrest.made.v1"), unknown, room.report("arrest.made.v1")])

    assert posted.exit_code == 1
    assert rejects(tmp_path) == [(2, 422, "not-acceptable")]
    assert "2 stored, 0 there before; 1 of 3 reports were refused" in posted.output


def test_a_line_that_cannot_be_read_keeps_no_other_out(room: Any, post: Posts, tmp_path: Path) -> None:
    good = [room.report("arrest.made.v1") for _ in range(3)]
    twice = json.dumps(good[2]).replace('"id"', '"id": "x", "id"', 1)

    posted = post("BA", [good[0], '{"specversion": ', "[]", good[1], twice])

    assert posted.exit_code == 1
    assert rejects(tmp_path) == [(2, 400, "malformed"), (3, 400, "malformed"), (5, 400, "malformed")]
    assert "2 stored" in posted.output


def test_history_is_brought_in_by_time_and_nothing_before_what_it_names(room: Any, post: Posts) -> None:
    def at(report: dict[str, Any], time: str) -> dict[str, Any]:
        return {**report, "time": time}

    arrest = at(room.report("arrest.made.v1", on_behalf_of="BA"), "2019-05-01T12:00:00+02:00")
    late = at(room.report("arrest.made.v1", on_behalf_of="BA"), "2019-05-01T10:30:00Z")
    early = at(room.report("arrest.made.v1", on_behalf_of="BA"), "2019-05-01T11:00:00+02:00")
    named = {"arrest": entry_of(room, "AT", arrest), "on_behalf_of": "BA"}
    update = at(room.report("arrest.updated.v1", **named), "2019-05-01T12:00:00+02:00")
    update["data"]["audience"] = arrest["data"]["audience"]
    before = at(room.report("arrest.updated.v1", **named), "2019-05-01T08:00:00+02:00")
    before["data"]["audience"] = arrest["data"]["audience"]

    posted = post("AT", [update, late, before, arrest, early], "--import")

    assert posted.exit_code == 0, posted.output
    brought = [entry["report"]["id"] for entry in log_of(room) if entry.get("imported")]
    assert brought == [one["id"] for one in (early, arrest, before, update, late)]


def test_a_file_stored_as_one_gets_versions_too_and_is_refused_as_one(room: Any, post: Posts) -> None:
    arrest = room.take("BA", "arrest.made.v1")
    lines = [room.report("arrest.updated.v1", arrest=arrest["entry"]), room.report("arrest.made.v1")]

    refused = post("BA", [*lines, room.report("arrest.made.v1", basis="hunch")], "--atomic")
    stored = post("BA", lines, "--atomic")

    assert (refused.exit_code, stored.exit_code) == (1, 0), refused.output + stored.output
    assert "line 3 /data/basis: " in refused.output
    assert "2 stored, 0 there before" in stored.output


def test_a_killed_posting_is_taken_up_again_and_a_line_changed_meanwhile_is_reported(
    room: Any, arguments: Callable[[str, Path], list[str]], post: Posts, tmp_path: Path
) -> None:
    lines = [line for _ in range(6) for line in case(room)]
    lines += [room.report("arrest.made.v1", category="smuggler", count=1) for _ in range(4000)]
    file = tmp_path / "reports.ndjson"
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    client = subprocess.Popen(
        [sys.executable, "-m", "services.cli", *arguments("BA", file)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    last_case = entry_of(room, "BA", lines[23])
    assert room.as_agency("BA").get(f"{room.path}/timeline", params={"after": last_case, "wait": 30}).is_success
    client.send_signal(signal.SIGKILL)
    assert client.wait() == -signal.SIGKILL
    stored_before = room.figure("AT", "arrests.smugglers")["value"]
    changed = [*lines[:4], {**lines[4], "data": {**lines[4]["data"], "count": 90}}, *lines[5:]]

    resumed = post("BA", changed)

    assert stored_before < 4012
    assert resumed.exit_code == 1
    assert rejects(tmp_path) == [(5, 409, "id-already-used")]
    last = room.take("BA", "arrest.made.v1", category="fugitive")["entry"]
    assert room.figure("AT", "arrests.smugglers", after=last, wait=30)["value"] == 4012
