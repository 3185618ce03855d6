"""Maps read the picture: OGC API - Features, as GDAL reads it. Debian's gdal-bin must be there (see README)."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from schemas.event import REGISTER

NAMED = {"scope": "named", "agencies": ["BA"]}
PLACES = [(16.0 + index * 0.05, 43.0 + index * 0.02) for index in range(130)]


@pytest.fixture
def placed(room: Any) -> Any:
    """130 arrests on a line to the north-east, one a minute; two seizures; one arrest of unknown place."""
    for index, (longitude, latitude) in enumerate(PLACES):
        at = f"2022-06-24T{index // 60:02}:{index % 60:02}:00+02:00"
        place = {"country": "BA", "text": "invented", "longitude": longitude, "latitude": latitude}
        room.post(
            "BA", room.report("arrest.made.v1", occurred={"from": at, "precision": "minute"}, place=place)
        ).raise_for_status()
    for _ in range(2):
        room.take("MD", "seizure.made.v1", place={"country": "MD", "text": "invented"})
    room.take("BA", "arrest.made.v1", place={"country": "BA", "text": "invented"})
    return room


def gdal(room: Any, *arguments: str, agency: str = "AT", query: str = "") -> str:
    """What a GDAL program says of an operation."""
    assert shutil.which(arguments[0]), "Debian's gdal-bin is needed, as README.md says"
    token = room.as_agency(agency).headers["authorization"]
    source = f"OAPIF:{room.stack.base_url}{room.path}/features{query}"
    program, *rest = arguments
    done = subprocess.run(
        [program, *(source if one == "SOURCE" else one for one in rest)],
        env={"GDAL_HTTP_HEADERS": f"Authorization: {token}", "PATH": "/usr/bin:/bin", "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "ERROR" not in done.stderr, done.stderr
    return done.stdout


def converted(room: Any, into: Path, collection: str, *options: str, query: str = "") -> list[dict[str, Any]]:
    gdal(room, "ogr2ogr", "-f", "GeoJSON", str(into), "SOURCE", collection, *options, query=query)
    found: list[dict[str, Any]] = json.loads(into.read_text())["features"]
    return found


def test_gdal_reads_every_collection_pages_through_it_and_filters_by_box_and_time(placed: Any, tmp_path: Path) -> None:
    listed = gdal(placed, "ogrinfo", "-ro", "SOURCE")
    kinds = {event.opens for event in REGISTER.values() if event.opens}
    collections = {line.partition(": ")[2].split(" ")[0] for line in listed.splitlines() if line[:1].isdigit()}
    assert collections == {*kinds, "events"}
    for collection in collections:
        gdal(placed, "ogrinfo", "-ro", "-so", "SOURCE", collection)

    arrests = converted(placed, tmp_path / "arrests.json", "arrest")
    boxed = converted(placed, tmp_path / "boxed.json", "arrest", "-spat", "16.0", "43.0", "17.01", "44.0")
    # GDAL compares times as they are written, which here is UTC.
    hour = "occurred_at >= '2022/06/23 22:00:00' AND occurred_at <= '2022/06/23 22:59:00'"
    timed = converted(placed, tmp_path / "timed.json", "arrest", "-where", hour)

    assert len(arrests) == len({one["properties"]["id"] for one in arrests}) == 131
    assert sorted(tuple(one["geometry"]["coordinates"]) for one in arrests if one["geometry"]) == sorted(
        (round(longitude, 7), round(latitude, 7)) for longitude, latitude in PLACES
    )
    assert len(boxed) == 21
    assert len(timed) == 60
    events = converted(placed, tmp_path / "events.json", "events")
    assert len(events) == len(list(timeline(placed)))


def timeline(room: Any) -> Iterator[dict[str, Any]]:
    cursor: dict[str, Any] = {}
    while True:
        found = room.get("AT", "timeline", limit=1000, **cursor)
        yield from found["items"]
        if found["next"] is None:
            return
        cursor = {"cursor": found["next"]}


def items(room: Any, agency: str, collection: str = "arrest", **query: Any) -> dict[str, Any]:
    answer = room.as_agency(agency).get(f"{room.path}/features/collections/{collection}/items", params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/geo+json"
    found: dict[str, Any] = answer.json()
    return found


def test_a_feature_is_seen_as_the_picture_is_by_rights_and_by_moment(room: Any) -> None:
    place = {"country": "BA", "text": "invented", "longitude": 18.0, "latitude": 44.0}
    first = room.take("BA", "arrest.made.v1", place=place)
    hidden = room.take("BA", "arrest.made.v1", place=place, audience=NAMED)["entry"]
    room.take("BA", "record.retracted.v1", target=first["entry"], reason="wrong", etag=first["etag"])

    assert [one["id"] for one in items(room, "BA")["features"]] == [hidden]
    assert items(room, "MD")["features"] == []
    assert [one["id"] for one in items(room, "MD", as_of=first["entry"])["features"]] == [first["entry"]]
    assert [one["id"] for one in items(room, "BA", as_of=hidden, bbox="17,43,19,45")["features"]].count(hidden) == 1
    answers = [
        room.as_agency("MD").get(f"{room.path}/features/collections/arrest/items/{entry}")
        for entry in (hidden, "7c0f3a52-6d0e-5a51-9b7e-2f6f5a9d1c11")
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    landing = room.as_agency("MD").get(f"{room.path}/features", params={"as_of": first["entry"]}).json()
    assert f"as_of={first['entry']}" in next(link["href"] for link in landing["links"] if link["rel"] == "data")


@pytest.mark.parametrize(
    "query",
    [
        {"bbox": "1,2,3"},
        {"bbox": "1,50,3,40"},
        {"bbox": "1,2,300,4"},
        {"bbox": "a,b,c,d"},
        {"datetime": "yesterday"},
        {"datetime": "../.."},
        {"datetime": "2022-06-25T00:00:00Z/2022-06-24T00:00:00Z"},
        {"limit": 0},
        {"colour": "red"},
        {"cursor": "invented"},
    ],
)
def test_what_cannot_be_asked_of_a_collection_is_refused(room: Any, query: dict[str, Any]) -> None:
    answer: httpx.Response = room.as_agency("AT").get(f"{room.path}/features/collections/events/items", params=query)

    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/malformed")


def test_a_box_may_cross_the_antimeridian_and_an_interval_may_be_open(room: Any) -> None:
    at = {"country": "NZ", "text": "invented", "latitude": -40.0}
    east = room.take("BA", "arrest.made.v1", place={**at, "longitude": 179.0})["entry"]
    west = room.take("BA", "arrest.made.v1", place={**at, "longitude": -179.0})["entry"]
    room.take("BA", "arrest.made.v1", place={**at, "longitude": 0.0})

    assert {one["id"] for one in items(room, "AT", bbox="170,-50,-170,-30")["features"]} == {east, west}
    assert {one["id"] for one in items(room, "AT", bbox="170,-50,0,-170,-30,9")["features"]} == {east, west}
    assert items(room, "AT", datetime="../2000-01-01T00:00:00Z")["features"] == []
    assert len(items(room, "AT", datetime="2000-01-01T00:00:00Z/..", limit=99999)["features"]) == 3
