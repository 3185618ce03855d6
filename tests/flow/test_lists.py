"""A watch list is brought up to the file that its owner keeps: nothing twice, nothing lost, nothing told of a row."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from services.cli.commands import app
from services.client.loading import Owner, create, load

NOTICE = {
    "entity_id": "2021/12345",
    "forename": "IVAN",
    "name": "INVENTSKY",
    "date_of_birth": "1980/02/17",
    "nationalities": ["BG", "914"],
    "sex_id": "M",
    "place_of_birth": "Invented",
    "arrest_warrants": [{"issuing_country_id": "IL", "charge": "Invented"}, {"issuing_country_id": "BG"}],
    "_links": {"self": {"href": "https://invented.example/notices/v1/red/2021-12345"}},
}


@pytest.fixture
def watch_list(room: Any) -> Any:
    """A list of INTERPOL's that was just opened."""
    made = replace(room, operation=f"list-{uuid4().hex[:10]}", clients=room.clients)
    create(made.as_agency("INTERPOL"), made.operation, Owner("INTERPOL"))
    return made


def loaded(watch_list: Any, file: Path, *, complete: bool = False) -> Counter[str]:
    said = load(watch_list.as_agency("INTERPOL"), file, watch_list.operation, Owner("INTERPOL"), complete=complete)
    found = Counter(one.step for one in said)
    lines(watch_list)
    return found


def lines(watch_list: Any) -> list[dict[str, Any]]:
    """What stands on the list, once the picture has all that was posted."""
    log = watch_list.get("INTERPOL", "events", limit=1000, wait=30)["items"]
    return [one for one in log if one["report"]["type"] == "listing.published.v1"]


def settled(watch_list: Any, entries: int) -> None:
    """Waits until the picture has so many entries beside the opening."""
    for _ in range(50):
        if len(watch_list.get("INTERPOL", "events", limit=1000)["items"]) > entries:
            return
        watch_list.get("INTERPOL", "timeline", limit=1)
    raise AssertionError("the picture did not follow")


def written(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_notices_become_lines_with_what_may_be_null_left_out(watch_list: Any, tmp_path: Path) -> None:
    nameless = {**NOTICE, "entity_id": "2021/2", "forename": None, "date_of_birth": "1961", "arrest_warrants": None}
    missing = {**NOTICE, "entity_id": "2021/3", "_links": {"self": {"href": "https://x.example/yellow/2021-3"}}}
    page = {"total": 3, "_embedded": {"notices": [NOTICE, nameless, missing]}}

    found = loaded(watch_list, written(tmp_path, "red.json", json.dumps(page)))

    assert found == {"new": 2, "fault": 1}
    settled(watch_list, 2)
    first, second = (one["report"]["data"] for one in lines(watch_list))
    assert first["subject"]["birth_date"] == "1980-02-17"
    assert (first["reference"], first["subject"]["nationalities"]) == ("2021/12345", ["BG"])
    assert first["requested_action"] == "Arrest; warrants of IL, BG"
    assert first["database"] == "Nominals"
    (name,) = second["subject"]["names"]
    assert (name.get("given"), name["family"], second["subject"]["birth_date"]) == (None, "INVENTSKY", "1961")


def test_organisations_are_lines_of_a_national_list_and_interpol_has_no_database_of_them(
    room: Any, watch_list: Any, tmp_path: Path
) -> None:
    rows = "organisation,registration,registration_country,reference\nИзмислица ООД,000111222,BG,\nNascocita,,,N1\n"
    file = written(tmp_path, "firms.csv", rows)
    own = replace(room, operation=f"list-{uuid4().hex[:10]}", clients=room.clients)
    create(own.as_agency("BA"), own.operation, Owner("BA"))

    said = [one.step for one in load(own.as_agency("BA"), file, own.operation, Owner("BA"), complete=False)]
    refused = loaded(watch_list, file)

    assert said == ["new", "new"]
    assert refused == {"fault": 2}
    log = own.get("BA", "events", limit=1000, wait=30)["items"]
    first, second = (one["report"]["data"] for one in log if one["report"]["type"] == "listing.published.v1")
    assert (first["database"], first["organisation"]["registrations"][0]["country"]) == ("national", "BG")
    assert second["organisation"]["names"][0]["full"] == "Nascocita"
    again = [one.step for one in load(own.as_agency("BA"), file, own.operation, Owner("BA"), complete=False)]
    assert again == ["same", "same"]


def test_a_file_that_was_loaded_posts_nothing_and_a_changed_line_is_corrected(watch_list: Any, tmp_path: Path) -> None:
    rows = "plate,plate_country,vin,reference\nBG 12 34,BG,,A1\n,,WVWZZZ1JZXW000001,A2\n"
    file = written(tmp_path, "stolen.csv", rows)
    assert loaded(watch_list, file) == {"new": 2}
    settled(watch_list, 2)

    again = loaded(watch_list, file)
    changed = loaded(watch_list, written(tmp_path, "later.csv", rows.replace("BG 12 34", "BG 12 35")))
    settled(watch_list, 3)
    back = loaded(watch_list, file)
    settled(watch_list, 4)
    once_more = loaded(watch_list, tmp_path / "later.csv")

    assert again == {"same": 2}
    assert changed == {"changed": 1, "same": 1}
    # What was corrected is corrected back, although it was there before, and as often as it changes.
    assert back == once_more == {"changed": 1, "same": 1}


def test_what_a_complete_file_lacks_is_taken_off_and_may_come_back(watch_list: Any, tmp_path: Path) -> None:
    both = written(tmp_path, "lost.csv", "number,issuer\nX123456,BG\nX999999,RS\n")
    one = written(tmp_path, "fewer.csv", "number,issuer\nX123456,BG\n")
    loaded(watch_list, both)
    settled(watch_list, 2)

    fewer = loaded(watch_list, one, complete=True)
    settled(watch_list, 3)
    back = loaded(watch_list, both, complete=True)

    assert fewer == {"same": 1, "gone": 1}
    assert back == {"same": 1, "new": 1}


def test_with_a_line_that_cannot_be_read_nothing_is_taken_off(watch_list: Any, tmp_path: Path) -> None:
    loaded(watch_list, written(tmp_path, "a.csv", "number,issuer\nX123456,BG\nX999999,RS\n"))
    settled(watch_list, 2)

    found = loaded(watch_list, written(tmp_path, "b.csv", "number,issuer\nX123456,BG\n,RS\n"), complete=True)

    assert found == {"same": 1, "fault": 1}


def test_the_command_says_what_it_did_and_leaves_what_was_refused(room: Any, tmp_path: Path) -> None:
    token = room.as_agency("INTERPOL").headers["Authorization"].removeprefix("Bearer ")
    held = written(tmp_path, "token", token)
    file = written(tmp_path, "lost.ndjson", '{"number": "X1", "issuer": "BG"}\n{"number": "X1", "issuer": "BG"}\nno\n')
    code = f"list-{uuid4().hex[:10]}"
    arguments = ["list", "load", str(file), "--list", code, "--create", "--token-file", str(held)]

    done = CliRunner().invoke(app, [*arguments, "--url", room.stack.base_url])

    assert done.exit_code == 1, done.output
    rejects = [json.loads(line) for line in (tmp_path / "lost.ndjson.rejects.ndjson").read_text().splitlines()]
    assert [one["line"] for one in rejects] == [2, 3]
    assert rejects[0]["problem"] == "This is what line 1 names too."
    assert "X1" not in done.output + json.dumps(rejects)


@pytest.mark.parametrize(("name", "content"), [("a.csv", b"number\n\xff\xfe"), ("a.json", b"{"), ("a.json", b"7")])
def test_a_file_that_is_not_what_it_says_is_refused_whole(
    watch_list: Any, tmp_path: Path, name: str, content: bytes
) -> None:
    from services.client.reading import Unreadable

    (tmp_path / name).write_bytes(content)

    with pytest.raises(Unreadable):
        loaded(watch_list, tmp_path / name)
