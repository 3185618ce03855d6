"""The hits board over HTTP: for whom hits wait, how long they may, at any moment."""

from typing import Any

HOUR = "2022-06-24T{:02}:00:00Z"


def take(room: Any, hour: int, agency: str, type: str, /, **members: Any) -> dict[str, Any]:
    """Something that happens on the hour and is reported at once."""
    room.time = HOUR.format(hour)
    receipt: dict[str, Any] = room.take(agency, type, **{**room.now(), **members})
    return receipt


def board(room: Any, **query: Any) -> dict[str, dict[str, Any]]:
    return {hit["detail"]["database"]: hit for hit in room.get("AT", "hits", **query)["items"]}


def test_hits_wait_for_whoever_keeps_the_record_as_long_as_the_law_and_the_target_say(exercise: Any) -> None:
    sis = take(exercise, 7, "FRONTEX", "hit.raised.v1", database="SIS", record_owner_country="AT")
    take(exercise, 8, "MD", "hit.raised.v1", database="SLTD", object="document", record_owner_country=None)
    take(exercise, 9, "FRONTEX", "hit.raised.v1", database="EIS", record_owner_country=None)
    verified = take(exercise, 20, "AT", "hit.verified.v1", hit=sis["entry"], outcome="confirmed", etag=sis["etag"])

    # As known at nine in the evening, in an exercise that stands there: never by the clock on the wall.
    shown = board(exercise)
    assert [shown[name]["authority"] for name in ("SIS", "SLTD", "EIS")] == [["AT"], ["INTERPOL"], ["EUROPOL"]]
    assert [shown[name]["waits_for"] for name in ("SIS", "SLTD", "EIS")] == [["FRONTEX"], ["INTERPOL"], ["EUROPOL"]]
    assert shown["SIS"]["clock"]["state"] == "missed"
    assert shown["SIS"]["clock"]["seconds"] == 13 * 3600
    assert shown["SIS"]["verified"]["entry"] == verified["entry"]
    assert shown["SLTD"]["clock"] | {"started_at": None, "due_at": None} == {
        "started_at": None,
        "due_at": None,
        "stopped_at": None,
        "state": "running",
        "seconds": 12 * 3600,
    }
    assert shown["EIS"]["clock"]["state"] == "waiting"
    assert shown["EIS"]["age_seconds"] == 11 * 3600

    # The target for INTERPOL is the viewer's to set.
    assert board(exercise, interpol_hours=11)["SLTD"]["clock"]["state"] == "overdue"
    assert set(board(exercise, interpol_hours=11, overdue=True)) == {"SLTD"}
    assert set(board(exercise, overdue=True)) == set()
    assert set(board(exercise, database=["SIS", "EIS"])) == {"SIS", "EIS"}
    assert [hit["detail"]["database"] for hit in exercise.get("AT", "hits", sort="oldest")["items"]] == [
        "SIS",
        "SLTD",
        "EIS",
    ]

    # As of earlier moments: what was known, by the clock of then.
    assert board(exercise, as_of=HOUR.format(18))["SIS"]["clock"]["state"] == "running"
    early = board(exercise, as_of="2022-06-24T19:30:00Z")
    assert (early["SIS"]["state"], early["SIS"]["clock"]["state"]) == ("raised", "overdue")
    assert set(board(exercise, as_of="2022-06-24T19:30:00Z", overdue=True)) == {"SIS"}

    found = exercise.get("AT", "hits/counts", interpol_hours=11)
    assert found["total"] == 3
    assert found["by_state"] == {"raised": 2, "confirmed": 1}
    assert found["by_database"] == {"SIS": {"confirmed": 1}, "SLTD": {"raised": 1}, "EIS": {"raised": 1}}
    assert found["overdue"] == 1
    assert found["oldest_waiting"] == HOUR.format(8)
    assert exercise.get("AT", "hits/counts", as_of=HOUR.format(7))["by_state"] == {"raised": 1}


def test_a_hit_stood_at_a_time_as_it_had_come_by_then_whenever_that_was_told(exercise: Any) -> None:
    hit = take(exercise, 7, "BA", "hit.raised.v1", database="Nominals")
    exercise.time = HOUR.format(12)
    late = {"occurred": {"from": HOUR.format(8), "precision": "minute"}}
    verified = exercise.take(
        "INTERPOL", "hit.verified.v1", hit=hit["entry"], outcome="confirmed", etag=hit["etag"], **late
    )
    take(exercise, 13, "BA", "hit.actioned.v1", hit=hit["entry"], action="arrested", etag=verified["etag"])

    def state(**query: Any) -> str:
        (shown,) = exercise.get("AT", "hits", **query)["items"]
        return str(shown["state"])

    nine = {"at": HOUR.format(9)}
    assert state() == "actioned"
    assert state(**nine) == "confirmed"
    assert state(at="2022-06-24T07:30:00Z") == "raised"
    assert state(as_of=HOUR.format(11)) == "raised"
    assert state(as_of=HOUR.format(11), **nine) == "raised"
    assert exercise.get("AT", "hits", at="2022-06-24T06:30:00Z")["items"] == []

    # Filters and counts ask for the state of then, and no later step is told.
    assert exercise.get("AT", "hits", state="actioned", **nine)["items"] == []
    (shown,) = exercise.get("AT", "hits", state="confirmed", **nine)["items"]
    assert shown["actioned"] is None
    assert (shown["detail"]["action"], shown["detail"]["verdict"]["outcome"]) == (None, "confirmed")
    assert shown["clock"]["state"] == "met"
    assert exercise.get("AT", "hits/counts", **nine)["by_state"] == {"confirmed": 1}
    one = exercise.get("AT", f"hits/{hit['entry']}", **nine)
    assert (one["state"], one["waits_for"]) == ("confirmed", ["BA"])
    answer = exercise.as_agency("AT").get(f"{exercise.path}/hits/{hit['entry']}", params={"at": "2022-06-24T06:30:00Z"})
    assert answer.status_code == 404


def test_pages_of_the_board_agree_on_the_time(exercise: Any) -> None:
    for hour in (7, 8, 9):
        take(exercise, hour, "BA", "hit.raised.v1", database="SLTD")
    first = exercise.get("AT", "hits", limit=2)
    take(exercise, 23, "BA", "hit.raised.v1", database="SLTD")

    second = exercise.get("AT", "hits", limit=2, cursor=first["next"])

    assert [hit["clock"]["seconds"] for hit in first["items"] + second["items"]] == [0, 3600, 7200]
    assert second["next"] is None


def test_the_queue_of_waiting_hits_is_the_same_by_pages_and_as_a_whole(exercise: Any) -> None:
    exercise.time = HOUR.format(7)
    reports = [exercise.report("hit.raised.v1", database="SLTD", object="document", **exercise.now()) for _ in range(9)]
    answer = exercise.as_agency("BA").post(
        f"{exercise.path}/events", json=reports, headers={"Content-Type": "application/cloudevents-batch+json"}
    )
    receipts = [result["receipt"] for result in answer.json()["results"]]
    for receipt in receipts[::3]:
        verdict = {"hit": receipt["entry"], "outcome": "confirmed", "etag": receipt["etag"]}
        last = take(exercise, 8, "INTERPOL", "hit.verified.v1", **verdict)

    def queue(**query: Any) -> list[str]:
        found: list[str] = []
        following: dict[str, Any] = {}
        while True:
            page = exercise.get("AT", "hits", limit=2, **query, **following)
            found += [hit["thing"] for hit in page["items"]]
            if page["next"] is None:
                return found
            following = {"cursor": page["next"]}

    newest = [hit["thing"] for hit in exercise.get("AT", "hits")["items"]]
    waiting = [thing for thing in newest if thing not in {receipt["entry"] for receipt in receipts[::3]}]
    assert queue() == newest
    assert queue(state="raised") == waiting
    assert queue(state="raised", sort="oldest") == waiting[::-1]
    assert queue(overdue=True, interpol_hours=0.5) == waiting
    assert queue(state="raised", at=HOUR.format(7)) == newest
    assert queue(state="raised", as_of=receipts[-1]["entry"]) == newest
    assert queue(state=["raised", "confirmed"], as_of=last["entry"]) == newest
    assert queue(state="raised", database="SIS") == []


def test_imported_history_says_nothing_of_how_fast_anybody_was(room: Any) -> None:
    members = {"occurred": {"from": "2022-06-24T07:00:00Z", "precision": "minute"}, "audience": {"scope": "all"}}
    for type, more in (
        ("hit.raised.v1", {"database": "SLTD", "object": "document"}),
        ("cross_check.requested.v1", {"target": "EUROPOL"}),
    ):
        report = {**room.report(type, **members, **more), "time": "2022-06-24T07:05:00Z"}
        headers = {"Content-Type": "application/cloudevents+json"}
        answer = room.as_agency("AT").post(
            f"{room.path}/events", json=report, headers=headers, params={"import": "true"}
        )
        assert answer.status_code == 201, answer.text
        room.get("AT", "timeline", after=answer.json()["entry"], limit=1)

    (hit,), (check,) = room.get("AT", "hits")["items"], room.get("AT", "crosschecks")["items"]
    assert (hit["imported"], hit["clock"], check["clock"]) == (True, None, None)
    assert room.get("AT", "hits", overdue=True, interpol_hours=0.001)["items"] == []
    (line,) = room.get("AT", "latency")["items"]
    assert (line["reports"], line["measured"]) == (2, 0)
