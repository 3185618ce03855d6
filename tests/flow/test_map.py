"""The map over HTTP: points in a box, page by page, and what was reported by country and crossing point."""

from typing import Any

import pytest

EAST = {"country": "MD", "latitude": 47.0, "longitude": 28.8, "crossing_point": "MD-INVENTED"}
WEST = {"country": "BA", "latitude": 45.1, "longitude": 16.9, "crossing_point": "BA-INVENTED", "border_section": "S1"}


def points(found: dict[str, Any]) -> set[str]:
    return {feature["id"] for feature in found["features"]}


def test_points_lie_in_the_box_that_is_asked_for(room: Any) -> None:
    east = room.take("MD", "arrest.made.v1", place=EAST)["entry"]
    west = room.take("BA", "seizure.made.v1", category="cannabis", place=WEST)["entry"]
    far = room.take("AT", "arrest.made.v1", place={"country": "NZ", "latitude": -44.0, "longitude": 179.5})["entry"]
    room.take("AT", "arrest.made.v1", place=None)
    hidden = {"audience": {"scope": "named", "agencies": ["BA"]}}
    room.take("BA", "arrest.made.v1", place=WEST, **hidden)
    wrong = room.take("MD", "arrest.made.v1", place=EAST)
    room.take("MD", "record.retracted.v1", target=wrong["entry"], reason="wrong", etag=wrong["etag"])

    assert points(room.get("AT", "map")) == {east, west, far}
    assert points(room.get("AT", "map", bbox="16,44,17,46")) == {west}
    assert points(room.get("AT", "map", bbox="170,-50,-170,50")) == {far}
    assert points(room.get("AT", "map", country="MD")) == {east}
    assert points(room.get("AT", "map", as_of=east)) == {east}
    assert points(room.get("AT", "map", as_of=wrong["entry"])) == {east, west, far, wrong["entry"]}
    assert points(room.get("AT", "map", at="2022-01-01T00:00:00Z")) == set()
    assert len(points(room.get("BA", "map", bbox="16,44,17,46"))) == 2

    first = room.get("AT", "map", limit=2, sort="oldest")
    second = room.get("AT", "map", limit=2, sort="oldest", cursor=first["next"])
    assert (len(first["features"]), points(first) | points(second)) == (2, {east, west, far})
    assert second["next"] is None

    countries = {line["country"]: line for line in room.get("AT", "map/countries")["items"]}
    assert countries["BA"] | {"latest_at": None} == {
        "country": "BA",
        "records": 1,
        "by_type": {"seizure.made.v1": 1},
        "latest_at": None,
        "located": 1,
        "middle": [16.9, 45.1],
    }
    assert countries["MD"]["by_type"] == {"arrest.made.v1": 1}
    crossings = room.get("AT", "map/crossing-points", type="arrest.made.v1")["items"]
    assert [(line["crossing_point"], line["records"]) for line in crossings] == [("MD-INVENTED", 1)]
    assert room.get("AT", "map/countries", bbox="16,44,17,46")["items"][0]["country"] == "BA"
    assert room.get("AT", "map/countries", bbox="16,44,17,46", as_of=east)["items"] == []

    for box in ("16,44,17", "16,46,17,44", "16,44,190,46", "nan,1,2,3", "a,b,c,d", "16,-91,17,46"):
        answer = room.as_agency("AT").get(f"{room.path}/map", params={"bbox": box})
        assert answer.status_code == 400
        (fault,) = answer.json()["errors"]
        assert fault["pointer"] == "/query/bbox"
        assert "west, south, east, north" in fault["detail"]


@pytest.mark.parametrize("path", ["map/countries", "map/crossing-points"])
def test_a_retracted_record_is_on_no_map(room: Any, path: str) -> None:
    wrong = room.take("MD", "arrest.made.v1", place=EAST)
    room.take("MD", "record.retracted.v1", target=wrong["entry"], reason="wrong", etag=wrong["etag"])

    def types(**query: Any) -> list[str]:
        return [type for line in room.get("AT", path, **query)["items"] for type in line["by_type"]]

    assert "arrest.made.v1" not in types()
    assert "arrest.made.v1" in types(as_of=wrong["entry"])
