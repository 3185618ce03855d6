"""What waits for somebody, over HTTP: requests with their clocks, cross-checks with their turnaround."""

from typing import Any

HOUR = "2022-06-24T{:02}:00:00Z"


def take(room: Any, hour: int, agency: str, type: str, /, **members: Any) -> dict[str, Any]:
    """Something that happens on the hour and is reported at once."""
    room.time = HOUR.format(hour)
    receipt: dict[str, Any] = room.take(agency, type, **{**room.now(), **members})
    return receipt


def test_a_request_to_several_waits_for_each_of_them(exercise: Any) -> None:
    members = {"to": ["MD", "AT"], "clock": "8h", "audience": {"scope": "all"}}
    asked = take(exercise, 7, "BA", "information.requested.v1", **members)
    agreed = {"to": ["MD"], "clock": "agreed", "due_at": HOUR.format(22), "audience": {"scope": "all"}}
    take(exercise, 8, "AT", "information.requested.v1", **agreed)
    answer = {"request": asked["entry"], "audience": {"scope": "all"}}
    later = take(
        exercise, 9, "MD", "information.answered.v1", **answer, outcome="delayed", reason="invented", etag=asked["etag"]
    )
    spoke = take(exercise, 10, "AT", "information.answered.v1", **answer, outcome="answered", etag=later["etag"])
    take(exercise, 20, "MD", "information.answered.v1", **answer, outcome="answered", etag=spoke["etag"])

    def inbox(**query: Any) -> list[tuple[str, list[str], str]]:
        items = exercise.get("AT", "requests", **query)["items"]
        return [(item["state"], item["waits_for"], item["clock"]["state"]) for item in items]

    assert inbox() == [("requested", ["MD"], "running"), ("answered", [], "missed")]
    assert inbox(as_of=HOUR.format(7)) == [("requested", ["MD", "AT"], "running")]
    assert inbox(as_of=HOUR.format(9))[1] == ("delayed", ["MD", "AT"], "running")
    assert inbox(as_of=HOUR.format(18))[1] == ("partly_answered", ["MD"], "overdue")
    assert inbox(at=HOUR.format(12))[1] == ("partly_answered", ["MD"], "running")

    # What is due first stands first; whose turn it is can be asked.
    assert inbox(sort="due") == [("answered", [], "missed"), ("requested", ["MD"], "running")]
    assert inbox(waits_for="MD") == [("requested", ["MD"], "running")]
    assert len(inbox(addressee="AT")) == 1
    assert len(inbox(waits_for="MD", at=HOUR.format(12))) == 2
    assert inbox(waits_for="AT") == []
    assert inbox(overdue=True) == []
    assert inbox(overdue=True, as_of=HOUR.format(18)) == [("partly_answered", ["MD"], "overdue")]
    assert exercise.get("AT", "requests/counts") | {"moment": None} == {
        "moment": None,
        "total": 2,
        "by_state": {"requested": 1, "answered": 1},
        "by_clock": {"8h": {"answered": 1}, "agreed": {"requested": 1}},
        "overdue": 0,
    }
    assert exercise.get("AT", "requests/counts", as_of=HOUR.format(18))["overdue"] == 1

    # Pages by due agree with the whole, whatever their size.
    first = exercise.get("AT", "requests", sort="due", limit=1)
    second = exercise.get("AT", "requests", sort="due", limit=1, cursor=first["next"])
    assert [item["detail"]["clock"] for item in first["items"] + second["items"]] == ["8h", "agreed"]
    assert exercise.get("AT", f"requests/{asked['entry']}")["waits_for"] == []


def test_the_queue_of_checks_says_for_whom_they_wait_and_how_fast_answers_came(exercise: Any) -> None:
    everyone = {"audience": {"scope": "all"}}
    asked = [take(exercise, 7, "BA", "cross_check.requested.v1", target="EUROPOL", **everyone) for _ in range(3)]
    take(exercise, 8, "MD", "cross_check.requested.v1", target="INTERPOL", **everyone)
    for check, hour, outcome, hits in ((asked[0], 9, "hit", 2), (asked[1], 13, "no_hit", 0)):
        answer = {"check": check["entry"], "outcome": outcome, "hits": hits, "etag": check["etag"], **everyone}
        take(exercise, hour, "EUROPOL", "cross_check.resulted.v1", **answer)

    shown = exercise.get("AT", "crosschecks")["items"]
    assert {(tuple(item["waits_for"]), item["clock"]["seconds"]) for item in shown} == {
        (("INTERPOL",), 5 * 3600),
        (("EUROPOL",), 6 * 3600),
        ((), 2 * 3600),
        ((), 6 * 3600),
    }
    found = exercise.get("AT", "crosschecks/counts")
    assert found["by_state"] == {"requested": 2, "resulted": 2}
    assert found["lines"] == [
        {
            "requester": "BA",
            "target": "EUROPOL",
            "total": 3,
            "open": 1,
            "answered": 2,
            "declined": 0,
            "with_hits": 1,
            "median_seconds": 4 * 3600,
            "slowest_seconds": 6 * 3600,
            "busiest_hour": 3,
        },
        {
            "requester": "MD",
            "target": "INTERPOL",
            "total": 1,
            "open": 1,
            "answered": 0,
            "declined": 0,
            "with_hits": 0,
            "median_seconds": None,
            "slowest_seconds": None,
            "busiest_hour": 1,
        },
    ]
    early = exercise.get("AT", "crosschecks/counts", at=HOUR.format(10), target="EUROPOL")
    assert [(line["answered"], line["median_seconds"]) for line in early["lines"]] == [(1, 2 * 3600)]
    assert exercise.get("AT", "crosschecks/counts", as_of=HOUR.format(7))["by_state"] == {"requested": 3}
    assert len(exercise.get("AT", "crosschecks", state="resulted")["items"]) == 2
    assert exercise.get("AT", "crosschecks", urgency="immediate")["items"] == []


def test_a_request_that_one_may_not_see_changes_no_inbox(exercise: Any) -> None:
    before = exercise.get("MD", "requests"), exercise.get("MD", "requests/counts")
    named = {"scope": "named", "agencies": ["AT"]}
    take(exercise, 7, "BA", "information.requested.v1", to=["AT"], clock="8h", audience=named)

    assert (exercise.get("MD", "requests"), exercise.get("MD", "requests/counts")) == before
    assert len(exercise.get("AT", "requests")["items"]) == 1
