"""The live stream: from a snapshot on, without gap or double, to each exactly what they may see."""

import json
from collections.abc import Iterator
from random import Random
from typing import Any

import httpx
import pytest

NAMED = {"scope": "named", "agencies": ["BA"]}


def frames(answer: httpx.Response) -> Iterator[dict[str, str]]:
    """The frames of a stream of server-sent events, until it says a second time that nothing else happened."""
    frame: dict[str, str] = {}
    silent = 0
    for line in answer.iter_lines():
        if line:
            name, _, value = line.partition(": ")
            frame[name] = value
        else:
            silent += frame["event"] == "now"
            assert silent < 3, "nothing more came"
            yield frame
            frame = {}


def entries(stream: Iterator[dict[str, str]], count: int) -> list[tuple[str, str]]:
    """The next entries of a stream, with their cursors."""
    found = []
    for frame in stream:
        if frame["event"] == "entry":
            found.append((frame["id"], json.loads(frame["data"])["entry"]))
        if len(found) == count:
            break
    return found


def test_the_tail_of_a_snapshot_goes_on_without_gap_or_double(room: Any) -> None:
    client = room.as_agency("AT")
    room.take("BA", "arrest.made.v1")
    snapshot = room.get("AT", "events", limit=1000)
    posted = [room.take("BA", "arrest.made.v1")["entry"] for _ in range(3)]

    with client.stream("GET", f"{room.path}/live", params={"cursor": snapshot["tail"]}) as answer:
        seen = entries(frames(answer), 3)

    assert [entry for _, entry in seen] == posted
    assert not {entry for _, entry in seen} & {item["entry"] for item in snapshot["items"]}


def test_a_stream_resumes_where_it_broke_off(room: Any) -> None:
    client = room.as_agency("AT")
    tail = room.get("AT", "events")["tail"]
    posted = [room.take("BA", "arrest.made.v1")["entry"] for _ in range(4)]
    with client.stream("GET", f"{room.path}/live", params={"cursor": tail}) as answer:
        first = entries(frames(answer), 2)

    with client.stream("GET", f"{room.path}/live", headers={"Last-Event-ID": first[-1][0]}) as answer:
        second = entries(frames(answer), 2)

    assert [entry for _, entry in first + second] == posted


def test_what_is_posted_while_watching_arrives(room: Any) -> None:
    client = room.as_agency("AT")

    with client.stream("GET", f"{room.path}/live") as answer:
        stream = frames(answer)
        assert next(stream)["event"] == "now"
        posted = room.take("BA", "arrest.made.v1")["entry"]
        ((_, seen),) = entries(stream, 1)

    assert seen == posted


def test_hidden_entries_never_come_by(room: Any) -> None:
    tail = room.get("MD", "events")["tail"]
    room.take("BA", "arrest.made.v1", audience=NAMED)
    open_one = room.take("BA", "arrest.made.v1")["entry"]

    with room.as_agency("MD").stream("GET", f"{room.path}/live", params={"cursor": tail}) as answer:
        ((_, seen),) = entries(frames(answer), 1)

    assert seen == open_one


def test_a_stream_of_somebody_else_cannot_be_resumed(room: Any) -> None:
    tail = room.get("AT", "events")["tail"]

    answer = room.as_agency("MD").get(f"{room.path}/live", params={"cursor": tail})

    assert answer.status_code == 400


def live(room: Any, agency: str, count: int, *, cursor: str, **chosen: Any) -> list[tuple[str, dict[str, Any]]]:
    """The next frames of a stream that say something: event and data."""
    found = []
    with room.as_agency(agency).stream("GET", f"{room.path}/live", params={"cursor": cursor, **chosen}) as answer:
        for frame in frames(answer):
            if frame["event"] != "now":
                found.append((frame["event"], json.loads(frame["data"])))
            if len(found) == count:
                return found
    raise AssertionError("the stream ended")


def give(room: Any, receipt: dict[str, Any], audience: dict[str, Any]) -> dict[str, Any]:
    """BA opens its record to others."""
    made: dict[str, Any] = room.take(
        "BA",
        "handling.changed.v1",
        target=receipt["entry"],
        new_audience=audience,
        new_handling={"codes": ["H0"]},
        audience=receipt.get("audience", {"scope": "all"}),
        etag=receipt["etag"],
    )
    return {**made, "entry": receipt["entry"], "by": made["entry"], "audience": audience}


def test_a_correction_and_a_retraction_say_which_entry_they_are_about(room: Any) -> None:
    tail = room.get("AT", "events")["tail"]
    arrest = room.take("BA", "arrest.made.v1", category="smuggler", count=1)
    data = room.report("arrest.made.v1", category="smuggler", count=5)["data"]
    correction = room.take("BA", "record.corrected.v1", target=arrest["entry"], corrected=data, etag=arrest["etag"])
    retraction = room.take("BA", "record.retracted.v1", target=arrest["entry"], reason="wrong", etag=correction["etag"])

    told = [
        (event, data["entry"], data.get("by"))
        for event, data in live(room, "AT", 4, cursor=tail, type=["arrest.made.v1", "record.corrected.v1"])
    ]

    assert told == [
        ("entry", arrest["entry"], None),
        ("corrected", arrest["entry"], correction["entry"]),
        ("entry", correction["entry"], None),
        ("withdrawn", arrest["entry"], retraction["entry"]),
    ]


def test_a_stream_is_narrowed_by_type_country_and_category(room: Any) -> None:
    tail = room.get("AT", "events")["tail"]
    place = {"country": "MD", "text": "invented"}
    smuggler = room.take("BA", "arrest.made.v1", category="smuggler", place=place)
    room.take("BA", "arrest.made.v1", category="fugitive", place=place)
    room.take("BA", "vehicle.detected.v1", place=place)
    update = room.take("BA", "arrest.updated.v1", arrest=smuggler["entry"], etag=smuggler["etag"])
    room.take("BA", "arrest.made.v1", category="smuggler", place={"country": "BA", "text": "invented"})
    last = room.take("BA", "arrest.made.v1", category="smuggler", place=place)

    def seen(count: int, **chosen: Any) -> list[str]:
        return [data["entry"] for _, data in live(room, "AT", count, cursor=tail, **chosen)]

    assert seen(3, country="MD", category="smuggler") == [smuggler["entry"], update["entry"], last["entry"]]
    assert seen(2, country="MD", category="smuggler", type="arrest.made.v1") == [smuggler["entry"], last["entry"]]
    assert seen(1, type=["vehicle.detected.v1", "arrest.updated.v1"], category="smuggler") == [update["entry"]]


def test_what_cannot_be_chosen_is_refused_with_what_can(room: Any) -> None:
    client = room.as_agency("AT")
    for query in ({"type": "arrest.invented.v1"}, {"country": "EL"}, {"colour": "red"}, {"cursor": "invented"}):
        answer = client.get(f"{room.path}/live", params=query)
        assert (answer.status_code, answer.json()["type"]) == (400, "/problems/malformed"), query


def test_who_loses_a_record_is_told_to_take_it_out_and_who_gains_it_gets_all_of_it(room: Any) -> None:
    tails = {agency: room.get(agency, "events")["tail"] for agency in ("MD", "AT", "FRONTEX")}
    arrest = room.take("BA", "arrest.made.v1", audience={"scope": "named", "agencies": ["AT", "MD"]})
    update = room.take(
        "BA",
        "arrest.updated.v1",
        arrest=arrest["entry"],
        audience={"scope": "named", "agencies": ["AT", "MD"]},
        etag=arrest["etag"],
    )
    arrest = {**update, "entry": arrest["entry"], "audience": {"scope": "named", "agencies": ["AT", "MD"]}}
    given = give(room, arrest, {"scope": "named", "agencies": ["AT", "FRONTEX"]})
    marker = room.take("BA", "vehicle.detected.v1")["entry"]

    def told(agency: str, count: int) -> list[tuple[str, str]]:
        return [(event, data["entry"]) for event, data in live(room, agency, count, cursor=tails[agency])]

    both = [("entry", arrest["entry"]), ("entry", update["entry"])]
    assert told("AT", 4) == [*both, ("entry", given["by"]), ("entry", marker)]
    assert told("FRONTEX", 4) == [*both, ("entry", given["by"]), ("entry", marker)]
    # What was open to it at the time is no longer told, but that it must go is.
    assert told("MD", 3) == [("withdrawn", arrest["entry"]), ("withdrawn", update["entry"]), ("entry", marker)]


def test_a_snapshot_of_before_has_what_was_opened_since_and_its_tail_does_not_repeat_it(room: Any) -> None:
    arrest = room.take("BA", "arrest.made.v1", audience=NAMED)
    before = room.take("BA", "vehicle.detected.v1")["entry"]
    given = give(room, {**arrest, "audience": NAMED}, {"scope": "all"})
    marker = room.take("BA", "vehicle.detected.v1")["entry"]

    snapshot = room.get("MD", "events", as_of=before, limit=1000)
    told = live(room, "MD", 2, cursor=snapshot["tail"])

    assert arrest["entry"] in {item["entry"] for item in snapshot["items"]}
    assert [data["entry"] for _, data in told] == [given["by"], marker]


def test_a_heartbeat_says_nothing_of_hidden_entries(room: Any) -> None:
    def heartbeat() -> dict[str, str]:
        with room.as_agency("MD").stream("GET", f"{room.path}/live") as answer:
            return next(frames(answer))

    before = heartbeat()
    room.take("BA", "arrest.made.v1", audience=NAMED)

    assert heartbeat() == before


@pytest.mark.parametrize("seed", [1, 2])
def test_snapshot_and_tail_together_are_the_picture_whatever_happens_between(room: Any, seed: int) -> None:
    """Each viewer keeps a list from its stream; it must end as what the operation's log shows that viewer."""
    random = Random(seed)
    agencies = ("AT", "MD", "FRONTEX", "EUROPOL")
    audiences = [{"scope": "all"}, {"scope": "eu"}, *({"scope": "named", "agencies": [one]} for one in agencies)]
    records: list[dict[str, Any]] = []
    starts = []
    for _ in range(40):
        if random.random() < 0.15:
            starts.append({agency: room.get(agency, "events", limit=1000) for agency in agencies})
        if len(records) > 2 and random.random() < 0.5:
            index = random.randrange(len(records))
            records[index] = give(room, records[index], random.choice(audiences))
        else:
            audience = random.choice(audiences)
            records.append({**room.take("BA", "arrest.made.v1", audience=audience), "audience": audience})
    marker = room.take("BA", "vehicle.detected.v1")["entry"]

    for snapshots in starts:
        for agency, snapshot in snapshots.items():
            wanted = {item["entry"] for item in room.get(agency, "events", limit=1000)["items"]}
            assert followed(room, agency, snapshot, until=marker) == wanted


def followed(room: Any, agency: str, snapshot: dict[str, Any], *, until: str) -> set[str]:
    """What a viewer has who applies every frame to the snapshot; an entry that is there already is a fault."""
    had = {item["entry"] for item in snapshot["items"]}
    with room.as_agency(agency).stream("GET", f"{room.path}/live", params={"cursor": snapshot["tail"]}) as answer:
        for frame in frames(answer):
            entry = json.loads(frame["data"]).get("entry")
            if frame["event"] == "entry":
                assert entry not in had
                had.add(entry)
            elif frame["event"] == "withdrawn":
                had.discard(entry)
            if entry == until:
                return had
    raise AssertionError("the stream ended")


def test_those_who_watch_together_are_each_told_what_is_theirs(room: Any) -> None:
    for_two = {"scope": "named", "agencies": ["AT", "MD"]}
    watching = {agency: room.as_agency(agency) for agency in ("AT", "MD", "FRONTEX")}
    with (
        watching["AT"].stream("GET", f"{room.path}/live") as at,
        watching["MD"].stream("GET", f"{room.path}/live") as md,
        watching["FRONTEX"].stream("GET", f"{room.path}/live") as frontex,
    ):
        streams = {"AT": frames(at), "MD": frames(md), "FRONTEX": frames(frontex)}
        for stream in streams.values():
            assert next(stream)["event"] == "now"
        hidden = room.take("BA", "arrest.made.v1", audience=NAMED)["entry"]
        arrest = {**room.take("BA", "arrest.made.v1", audience=for_two), "audience": for_two}
        given = give(room, arrest, {"scope": "named", "agencies": ["AT", "FRONTEX"]})
        marker = room.take("BA", "vehicle.detected.v1")["entry"]

        told: dict[str, list[tuple[str, str]]] = {}
        for agency, stream in streams.items():
            told[agency] = []
            while ("entry", marker) not in told[agency]:
                frame = next(stream)
                if frame["event"] != "now":
                    told[agency].append((frame["event"], json.loads(frame["data"])["entry"]))

    first, change, last = ("entry", arrest["entry"]), ("entry", given["by"]), ("entry", marker)
    assert told["AT"] == told["FRONTEX"] == [first, change, last]
    # It is told both, or neither, by how soon the change came after it; in the end it has none of it.
    assert told["MD"] in ([first, ("withdrawn", arrest["entry"]), last], [("withdrawn", arrest["entry"]), last])
    assert hidden not in {entry for found in told.values() for _, entry in found}
