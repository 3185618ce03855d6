"""Handling codes go with a record wherever it goes: on each row of every export, and on the export itself."""

import csv
import io
import json
import zipfile
from typing import Any

import pytest

from tests.flow.everything_read import EXPORT

H1 = {"codes": ["H0", "H1"], "text": "Ask the drill's prosecutor in Sarajevo."}
NOT_IN_COURT = "Not to be disclosed in judicial proceedings without the provider's permission"
WHY = {"Vcp-Purpose": "for the drill's file"}


def lists_of(room: Any) -> list[str]:
    """Every list of the API document that can be downloaded, but those of single records."""
    document = room.as_agency("AT").get("/openapi.json").json()
    prefix = "/v1/operations/{operation}/"
    media = {"application/json", "application/geo+json", "application/x-ndjson"}
    found = [
        path.removeprefix(prefix)
        for path, methods in document["paths"].items()
        if path.startswith(prefix) and path.count("{") == 1 and "get" in methods
        if methods["get"]["responses"]["200"].get("content", {}).keys() <= media
    ]
    return [*found, "figures/arrests/events", "features/collections/arrest/items", "features/collections/events/items"]


def csv_of(room: Any, view: str, **query: Any) -> tuple[dict[str, str], list[dict[str, str]], str]:
    """What a file says of itself, its rows and its header."""
    answer = room.as_agency("AT").get(f"{room.path}/downloads/{view}.csv", params=query, headers=WHY)
    assert answer.status_code == 200, answer.text
    lines = answer.content.decode("utf-8-sig").splitlines(keepends=True)
    about = dict(line[2:].strip().split(": ", 1) for line in lines if line.startswith("# "))
    rows = csv.DictReader([line for line in lines if not line.startswith("# ")])
    return about, list(rows), answer.headers.get("Vcp-Handling", "")


def restricted(room: Any) -> dict[str, Any]:
    taken: dict[str, Any] = room.take("BA", "arrest.made.v1", handling=H1)
    return taken


def test_every_row_of_a_restricted_record_is_stamped_in_every_list(room: Any) -> None:
    place = {"country": "BA", "text": "invented", "longitude": 18.5, "latitude": 44.25}
    entry = room.take("BA", "arrest.made.v1", handling=H1, place=place)["entry"]
    free = room.take("BA", "arrest.made.v1", place=place)["entry"]
    stamped: set[str] = set()

    for view in lists_of(room):
        query = {"from": entry} if view.startswith("diff") else {}
        answer = room.as_agency("AT").get(f"{room.path}/downloads/{view}.csv", headers=WHY, params=query)
        if answer.status_code == 404:
            continue  # An answer for the whole, and no list.
        about, rows, _ = csv_of(room, view, **query)
        for row in rows:
            named = row.get("entry") or row.get("thing") or row.get("id")
            if named == entry:
                assert (row["handling"], row["conditions"]) == ("H0; H1", H1["text"]), view
                assert about["H1"] == NOT_IN_COURT
                stamped.add(view)
            elif named == free:
                assert (row["handling"], row["conditions"]) == ("H0", ""), view

    assert stamped >= {
        "events",
        "timeline",
        "arrests",
        "map",
        "figures/arrests/events",
        "features/collections/arrest/items",
        "features/collections/events/items",
    }


def test_the_file_itself_says_the_codes_of_what_is_in_it(room: Any) -> None:
    restricted(room)
    room.take("MD", "seizure.made.v1")

    with_it, without = csv_of(room, "arrests"), csv_of(room, "seizures")

    assert (with_it[0]["handling"], with_it[2]) == ("H0, H1", "H0, H1")
    assert (without[0]["handling"], without[2]) == ("H0", "H0")
    assert "H1" not in without[0]


def test_a_file_of_sums_bears_all_that_may_be_in_them(room: Any) -> None:
    assert csv_of(room, "figures")[0]["handling"] == "H0"
    restricted(room)

    about, _, header = csv_of(room, "figures")

    assert (about["handling"], about["H1"], header) == ("H0, H1", NOT_IN_COURT, "H0, H1")


@pytest.mark.parametrize("form", ["xlsx", "geojson"])
def test_other_files_are_stamped_alike(room: Any, form: str) -> None:
    restricted(room)

    content = room.as_agency("AT").get(f"{room.path}/downloads/arrests.{form}").content

    if form == "geojson":
        found = json.loads(content)
        assert (found["about"]["handling"], found["about"]["H1"]) == ("H0, H1", NOT_IN_COURT)
        assert found["features"][0]["properties"]["conditions"] == H1["text"]
    else:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            picture, about = (packed.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (1, 2))
        assert "H0; H1" in picture
        assert H1["text"] in picture
        assert "H0, H1" in about


def test_the_whole_log_and_the_maps_of_others_are_stamped(room: Any) -> None:
    entry = restricted(room)["entry"]
    client = room.as_agency("AT")

    log = client.get(f"{room.path}/events", headers=EXPORT)
    items = client.get(f"{room.path}/features/collections/arrest/items")
    item = client.get(f"{room.path}/features/collections/arrest/items/{entry}")
    replay = client.get(f"{room.path}/replay", params={"step": 200})

    (line,) = [one for one in map(json.loads, log.text.splitlines()) if one["entry"] == entry]
    assert (line["handling"], line["conditions"]) == (["H0", "H1"], H1["text"])
    for feature in (items.json()["features"][0], item.json()):
        assert (feature["properties"]["handling"], feature["properties"]["conditions"]) == (["H0", "H1"], H1["text"])
    assert {one.headers["Vcp-Handling"] for one in (log, items, item)} == {"H0, H1"}
    assert f'"handling":["H0","H1"],"conditions":"{H1["text"]}"' in replay.text


def test_what_was_made_stricter_is_stamped_so_in_an_export_of_before(room: Any) -> None:
    arrest = room.take("BA", "arrest.made.v1")
    everyone = {"scope": "all"}
    room.take(
        "BA", "handling.changed.v1", target=arrest["entry"], new_audience=everyone, new_handling=H1, etag=arrest["etag"]
    )

    about, rows, _ = csv_of(room, "timeline", as_of=arrest["entry"])

    (row,) = [one for one in rows if one["entry"] == arrest["entry"]]
    assert row["handling"] == "H0; H1"
    assert about["handling"] == "H0, H1"


def test_what_is_said_later_of_a_record_stamps_it_too(room: Any) -> None:
    arrest = room.take("BA", "arrest.made.v1")
    room.take("BA", "arrest.updated.v1", arrest=arrest["entry"], etag=arrest["etag"], handling=H1)

    arrests, lines = csv_of(room, "arrests")[1], csv_of(room, "timeline")[1]

    assert arrests[0]["handling"] == "H0; H1"
    assert {line["entry"]: line["handling"] for line in lines}[arrest["entry"]] == "H0"
