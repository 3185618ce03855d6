"""Any list as a file: whole, with its moment and filters, and harmless in a spreadsheet."""

import csv
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

NAMED = {"scope": "named", "agencies": ["BA"]}
FORMULA = '=HYPERLINK("http://invented.example";"press here")'


def download(room: Any, agency: str, file: str, **query: Any) -> bytes:
    answer = room.as_agency(agency).get(f"{room.path}/downloads/{file}", params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].startswith(f'attachment; filename="{room.operation}_')
    found: bytes = answer.content
    return found


def table(content: bytes) -> tuple[list[str], list[dict[str, str]]]:
    """What a CSV is about, and its rows."""
    lines = content.decode("utf-8-sig").splitlines(keepends=True)
    about = [line.strip() for line in lines if line.startswith("# ")]
    return about, list(csv.DictReader(lines[len(about) :]))


def test_a_download_has_every_page_of_its_list_with_its_filters_and_moment(room: Any) -> None:
    reports = [
        room.report("arrest.made.v1", place={"country": country, "text": "invented"})
        for country in ("BA", "MD")
        for _ in range(1001)
    ]
    for start in range(0, len(reports), 1000):
        answer = room.as_agency("BA").post(
            f"{room.path}/events",
            json=reports[start : start + 1000],
            headers={"Content-Type": "application/cloudevents-batch+json"},
        )
        last = answer.json()["results"][-1]["receipt"]["entry"]
    room.get("AT", "timeline", after=last, wait=30, limit=1)
    room.take("BA", "arrest.made.v1", audience=NAMED)

    about, rows = table(download(room, "AT", "timeline.csv", country="MD", type="arrest.made.v1", as_of=last))

    assert len(rows) == len({row["entry"] for row in rows}) == 1001
    assert {row["country"] for row in rows} == {"MD"}
    moment = room.get("AT", "timeline", as_of=last, limit=1)["moment"]["as_of"]
    assert about == [
        f"# operation: {room.operation}",
        "# view: timeline",
        f"# as_of: {moment}",
        "# filters: country=MD; type=arrest.made.v1",
        "# handling: H0",
    ]
    assert len(table(download(room, "AT", "arrests.csv"))[1]) == 2002
    assert len(table(download(room, "BA", "arrests.csv"))[1]) == 2003
    items = json.loads(download(room, "AT", "features/collections/arrest/items.geojson"))
    assert len(items["features"]) == 2002


@pytest.mark.parametrize("form", ["csv", "xlsx", "geojson"])
def test_what_was_reported_never_runs_in_a_spreadsheet(room: Any, form: str, tmp_path: Path) -> None:
    place = {"country": "BA", "text": FORMULA, "longitude": 18.5, "latitude": 44.25}
    room.take("BA", "seizure.made.v1", place=place)

    content = download(room, "AT", f"timeline.{form}")

    if form == "csv":
        (cell,) = {row["place"] for row in table(content)[1]} - {""}
        assert cell == f"'{FORMULA}"
    elif form == "geojson":
        found = json.loads(content)
        (located,) = [one for one in found["features"] if one["geometry"]]
        assert located["geometry"] == {"type": "Point", "coordinates": [18.5, 44.25]}
        assert located["properties"]["place"] == FORMULA
        assert found["about"]["view"] == "timeline"
    else:
        # GDAL opens the workbook, and would show a formula as what it works out to.
        assert shutil.which("ogr2ogr"), "Debian's gdal-bin is needed, as README.md says"
        (tmp_path / "timeline.xlsx").write_bytes(content)
        for sheet in ("picture", "about"):
            made = subprocess.run(
                ["ogr2ogr", "-f", "GeoJSON", tmp_path / f"{sheet}.json", tmp_path / "timeline.xlsx", sheet],
                env={"OGR_XLSX_HEADERS": "FORCE" if sheet == "picture" else "DISABLE", "PATH": "/usr/bin:/bin"},
                capture_output=True,
                check=False,
            )
            assert (made.returncode, made.stderr) == (0, b"")
        rows = [one["properties"] for one in json.loads((tmp_path / "picture.json").read_text())["features"]]
        (seized,) = [row for row in rows if row.get("place")]
        assert (seized["place"], seized["longitude"], seized["in_scope"]) == (FORMULA, 18.5, True)
        about = [one["properties"] for one in json.loads((tmp_path / "about.json").read_text())["features"]]
        assert {"Field1": "view", "Field2": "timeline"} in about


def test_every_figure_and_the_lines_behind_one_can_be_downloaded(room: Any) -> None:
    room.take("BA", "arrest.made.v1", count=3)

    _, figures = table(download(room, "AT", "figures.csv"))
    _, lines = table(download(room, "AT", "figures/arrests/events.csv"))

    assert {row["metric"]: row["deduplicated.value"] for row in figures}["arrests"] == "3"
    assert [row["contribution.value"] for row in lines] == ["3"]


@pytest.mark.parametrize(
    ("file", "status"),
    [
        ("timeline.pdf", 404),
        ("live.csv", 404),
        ("replay.csv", 404),
        ("events/7c0f3a52-6d0e-5a51-9b7e-2f6f5a9d1c11.csv", 404),
        ("invented.csv", 404),
        ("downloads/timeline.csv.csv", 404),
        ("timeline.csv?limit=5", 400),
        ("timeline.csv?colour=red", 400),
        ("timeline.csv?as_of=2199-01-01T00:00:00Z", 400),
    ],
)
def test_what_is_no_list_is_no_download_and_what_the_list_refuses_is_refused(room: Any, file: str, status: int) -> None:
    answer = room.as_agency("AT").get(f"{room.path}/downloads/{file}")

    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_an_answer_that_the_caller_has_already_is_not_sent_again(room: Any) -> None:
    client = room.as_agency("MD")
    room.take("BA", "arrest.made.v1")
    for view in ("timeline", "figures", "arrests", "events", "map", "features/collections/arrest/items"):
        first = client.get(f"{room.path}/{view}")
        known = {"If-None-Match": f'"invented", W/{first.headers["etag"]}'}
        again = client.get(f"{room.path}/{view}", headers=known)
        room.take("BA", "arrest.made.v1", audience=NAMED)
        hidden = client.get(f"{room.path}/{view}", headers=known)
        room.take("BA", "arrest.made.v1")
        changed = client.get(f"{room.path}/{view}", headers=known)

        for same in (again, hidden):
            assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", first.headers["etag"]), view
        assert changed.status_code == 200
        assert changed.headers["etag"] != first.headers["etag"], view


@pytest.mark.parametrize("below", ["arrests", "things", "events"])
def test_a_record_that_the_caller_has_already_is_not_sent_again(room: Any, below: str) -> None:
    arrest = room.take("BA", "arrest.made.v1")
    client, address = room.as_agency("AT"), f"{room.path}/{below}/{arrest['entry']}"
    first = client.get(address)
    known = {"If-None-Match": first.headers["etag"]}

    again = client.get(address, headers=known)
    room.take("BA", "arrest.updated.v1", arrest=arrest["entry"], status="detained", etag=first.headers["etag"])
    changed = client.get(address, headers=known)

    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert changed.status_code == 200
    assert changed.json() != first.json()


def test_what_was_added_beside_a_record_is_sent_though_its_version_stands(room: Any) -> None:
    hit = room.take("BA", "hit.raised.v1", database="Nominals")
    client, address = room.as_agency("AT"), f"{room.path}/hits/{hit['entry']}"
    first = client.get(address)
    room.take("INTERPOL", "notice.matched.v1", hit=hit["entry"], colour="red")

    again = client.get(address, headers={"If-None-Match": first.headers["etag"]})

    assert again.status_code == 200
    assert again.json()["detail"]["notices"]
    assert first.json()["etag"] == again.json()["etag"] == hit["etag"]
    verified = room.report("hit.verified.v1", hit=hit["entry"], outcome="confirmed")
    assert room.post("INTERPOL", verified, etag=first.headers["etag"]).status_code == 201
    assert room.post("INTERPOL", {**verified, "id": "late"}, etag=again.headers["etag"]).status_code == 412
