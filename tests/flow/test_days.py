"""The operation from one moment to another, over HTTP: the day sheet, and what changed in between."""

from typing import Any

EVERYONE = {"audience": {"scope": "all"}}


def take(room: Any, time: str, agency: str, type: str, /, **members: Any) -> dict[str, Any]:
    """Something that is reported at this time, at once unless it says otherwise."""
    room.time = time
    receipt: dict[str, Any] = room.take(agency, type, **{**room.now(), **EVERYONE, **members})
    return receipt


def refused(room: Any, path: str, **query: Any) -> dict[str, Any]:
    answer = room.as_agency("AT").get(f"{room.path}/{path}", params=query)
    assert answer.status_code == 400, answer.text
    problem: dict[str, Any] = answer.json()
    return problem


def test_a_day_ends_in_the_operations_time_zone_and_is_compared_with_yesterday(exercise: Any) -> None:
    # Vienna is two hours ahead of UTC in June: its 24th ends at ten in the evening.
    take(exercise, "2022-06-24T10:00:00Z", "BA", "arrest.made.v1", category="smuggler", count=3)
    take(exercise, "2022-06-24T21:59:00Z", "MD", "arrest.made.v1", category="smuggler", count=4)
    take(exercise, "2022-06-24T22:01:00Z", "BA", "hit.raised.v1", database="SLTD", object="document")
    late = {"occurred": {"from": "2022-06-24T12:00:00Z", "precision": "minute"}}
    take(exercise, "2022-06-25T08:00:00Z", "MD", "arrest.made.v1", category="smuggler", count=5, **late)
    take(exercise, "2022-06-26T08:00:00Z", "MD", "arrest.made.v1", category="smuggler", count=6)

    def sheet(**query: Any) -> tuple[Any, Any, Any, bool]:
        found = exercise.get("AT", "daysheet", **query)
        arrests = next((one for one in found["figures"] if one["metric"] == "arrests"), None)
        numbers = (arrests["value"]["value"], arrests["delta"]) if arrests else None
        return found["day"], numbers, found["late"], found["is_over"]

    assert sheet(day="2022-06-24") == ("2022-06-24", (7, 7), 0, True)
    assert sheet(day="2022-06-25") == ("2022-06-25", (12, 5), 1, True)
    assert sheet() == ("2022-06-26", (18, 6), 0, False)
    assert sheet(as_of="2022-06-25T09:00:00Z") == ("2022-06-25", (12, 5), 1, False)
    assert sheet(day="2022-06-24", cut_off="18:00") == ("2022-06-24", (3, 3), 0, True)
    assert sheet(day="2022-06-25", cut_off="18:00") == ("2022-06-25", (12, 9), 1, True)
    assert sheet(as_of="2022-06-24T17:00:00Z", cut_off="18:00") == ("2022-06-25", (3, 0), 0, False)
    # By what had happened: the late report belongs to the day before.
    assert sheet(day="2022-06-25", at="2022-06-24T20:00:00Z")[1] == (7 - 4 + 5, 5)

    # The day of the fact, in the same zone: the hit of one minute past ten in the evening is the next day's.
    counted = exercise.get("AT", "timeline/counts", type=["arrest.made.v1", "hit.raised.v1"])
    assert counted["by_day"] == {"2022-06-24": 3, "2022-06-25": 1, "2022-06-26": 1}
    assert (counted["total"], counted["by_type"]) == (5, {"arrest.made.v1": 4, "hit.raised.v1": 1})

    found = exercise.get("AT", "daysheet", day="2022-06-25")
    assert (found["from"], found["to"]) == ("2022-06-25T00:00:00+02:00", "2022-06-26T00:00:00+02:00")
    assert found["recorded"] == {"arrest.made.v1": 1, "hit.raised.v1": 1}
    assert found["open"]["hit"] == 1
    assert exercise.get("AT", "daysheet", day="2022-06-24")["open"]["hit"] == 0
    assert "not begun" in refused(exercise, "daysheet", day="2022-06-28")["detail"]
    assert "from 2022-06-24" in refused(exercise, "daysheet", day="2022-06-20")["detail"]
    assert refused(exercise, "daysheet", day="2022-06-31")["errors"][0]["pointer"] == "/query/day"


def test_what_changed_between_two_moments_is_told_thing_by_thing(exercise: Any) -> None:
    first = take(exercise, "2022-06-24T07:00:00Z", "BA", "arrest.made.v1", category="smuggler", custody="detained")
    wrong = take(exercise, "2022-06-24T08:00:00Z", "BA", "arrest.made.v1", category="courier")
    quiet = take(exercise, "2022-06-24T08:30:00Z", "BA", "seizure.made.v1", category="cannabis")
    begin = "2022-06-24T09:00:00Z"
    moved = {"arrest": first["entry"], "status": "released", "etag": first["etag"]}
    take(exercise, "2022-06-24T10:00:00Z", "BA", "arrest.updated.v1", **moved)
    new = take(exercise, "2022-06-24T11:00:00Z", "MD", "arrest.made.v1", category="smuggler")
    taken_back = {"target": wrong["entry"], "reason": "wrong", "etag": wrong["etag"]}
    last = take(exercise, "2022-06-24T12:00:00Z", "BA", "record.retracted.v1", **taken_back)
    named = {"audience": {"scope": "named", "agencies": ["AT"]}}
    take(exercise, "2022-06-24T13:00:00Z", "BA", "arrest.made.v1", **named)

    def changes(agency: str, **query: Any) -> list[tuple[str, str]]:
        return [(one["thing"], one["change"]) for one in exercise.get(agency, "diff", **query)["items"]]

    shown = [(first["entry"], "changed"), (new["entry"], "new"), (wrong["entry"], "retracted")]
    assert changes("MD", **{"from": begin}) == shown
    assert len(changes("AT", **{"from": begin})) == 4
    assert changes("MD", **{"from": begin, "to": "2022-06-24T11:00:00Z"}) == shown[:2]
    assert changes("MD", **{"from": new["entry"], "to": last["entry"]}) == shown[2:]
    assert changes("MD", **{"from": begin, "to": begin}) == []
    assert quiet["entry"] not in str(changes("AT", **{"from": begin}))

    (told, *_), moment = (exercise.get("MD", "diff", **{"from": begin})[name] for name in ("items", "from"))
    assert (told["before"]["state"], told["after"]["state"]) == ("detained", "released")
    assert [one["type"] for one in told["entries"]] == ["arrest.updated.v1"]
    assert moment["as_of"] == begin

    first_page = exercise.get("MD", "diff", limit=2, **{"from": begin})
    second_page = exercise.get("MD", "diff", limit=2, cursor=first_page["next"], **{"from": begin})
    pages = [(one["thing"], one["change"]) for one in first_page["items"] + second_page["items"]]
    assert (pages, second_page["next"]) == (shown, None)

    figures = {one["metric"]: one for one in exercise.get("MD", "diff/figures", **{"from": begin})["items"]}
    moves = {name: one["delta"] for name, one in figures.items() if one["delta"]}
    assert moves == {"arrests.smugglers": 1, "arrests.couriers": -1}

    reversed_range = refused(exercise, "diff", **{"from": last["entry"], "to": begin})
    assert reversed_range["errors"] == [{"pointer": "/query/to", "detail": "Lies before `from`."}]
    assert "from lies outside" in refused(exercise, "diff", **{"from": "1999-01-01T00:00:00Z"})["detail"]
    assert "to lies outside" in refused(exercise, "diff", **{"from": begin, "to": "2999-01-01T00:00:00Z"})["detail"]
    assert "instead of `as_of`" in refused(exercise, "diff", **{"from": begin, "as_of": begin})["detail"]
    nowhere = {"from": "7c0f3a52-6d0e-5a51-9b7e-2f6f5a9d1c11"}
    assert "from names no entry" in refused(exercise, "diff", **nowhere)["detail"]
    assert refused(exercise, "diff")["errors"][0]["pointer"] == "/query/from"
