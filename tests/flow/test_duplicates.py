"""Duplicates over HTTP: suggested with reasons, put on record, decided by people, never by the system."""

from typing import Any

import pytest

from tests.flow.test_counted_once import ONLY_BA, confirm, numbers

SPOT = {"country": "BA", "crossing_point": "BA-1"}


def arrest(room: Any, agency: str, minute: int, **members: Any) -> Any:
    occurred = {"from": f"2022-06-24T09:{minute:02}:00+02:00", "precision": "minute"}
    return room.take(agency, "arrest.made.v1", occurred=occurred, **{"place": SPOT, "person": None, **members})


def suggested(room: Any, agency: str, metric: str = "arrests", **query: Any) -> list[tuple[Any, ...]]:
    found, cursor = [], {}
    while True:
        page = room.get(agency, f"figures/{metric}/duplicates", **query, **cursor)
        found += page["items"]
        if page["next"] is None:
            return [(one["a"]["thing"], one["b"]["thing"], tuple(one["reasons"]), one["pair"]) for one in found]
        cursor = {"cursor": page["next"]}


def test_records_of_one_time_and_place_are_suggested_until_somebody_decides(room: Any) -> None:
    ours = arrest(room, "BA", 10)
    theirs = arrest(room, "MD", 30)
    arrest(room, "MD", 31, place={"country": "BA", "crossing_point": "BA-2"})
    why = ("same_place", "same_time")

    for limit in (1, 2, 100):
        assert suggested(room, "AT", limit=limit) == [(ours["entry"], theirs["entry"], why, None)]
    assert numbers(room, "AT", "arrests") == (3, 3, 0)
    assert suggested(room, "AT", as_of=ours["entry"]) == []

    stated = {"a": theirs["entry"], "b": ours["entry"], "reasons": list(why), "score": 0.58}
    pair = room.take("AT", "duplicate.suggested.v1", **stated)
    assert suggested(room, "AT") == [(ours["entry"], theirs["entry"], why, pair["entry"])]
    room.take("BA", "duplicate.rejected.v1", pair=pair["entry"], etag=pair["etag"])
    assert suggested(room, "AT") == []
    assert numbers(room, "AT", "arrests") == (3, 3, 0)


def test_the_same_person_in_reports_of_two_agencies_is_suggested(room: Any) -> None:
    def person(given: str) -> dict[str, Any]:
        names = [{"family": "Inventedname", "given": given}]
        return {"subject_category": "suspect", "names": names, "birth_date": "1961-05-17", "minor": False}

    ours = arrest(room, "BA", 10, person=person("Dagan"))
    arrest(room, "BA", 12, person=person("Other"), place=None)
    next_day = {"from": "2022-06-25T09:00:00+02:00", "precision": "minute"}
    theirs = room.take("MD", "arrest.made.v1", person=person("Dagan"), place=None, occurred=next_day)

    assert suggested(room, "AT") == [(ours["entry"], theirs["entry"], ("same_person",), None)]


def test_of_two_arrested_at_one_time_and_place_only_a_name_in_common_says_that_they_may_be_one(room: Any) -> None:
    def person(given: str, family: str) -> dict[str, Any]:
        names = [{"family": family, "given": given}]
        return {"subject_category": "suspect", "names": names, "birth_date": "1961", "minor": False}

    ours = arrest(room, "BA", 10, person=person("Dagan", "Inventedname"))
    arrest(room, "MD", 20, person=person("Other", "Invention"))
    theirs = arrest(room, "MD", 30, person=person("D.", "Inventedname"))

    (found,) = room.get("AT", "figures/arrests/duplicates")["items"]

    assert (found["a"]["thing"], found["b"]["thing"]) == (ours["entry"], theirs["entry"])
    assert "same_name" in found["reasons"]
    assert sum(one["bits"] for one in found["why"]) == pytest.approx(found["bits"])
    assert {"one word of the names in common", "same place", "within one hour"} <= {
        one["words"] for one in found["why"]
    }
    for agency, entry in (("BA", ours["entry"]), ("MD", theirs["entry"])):
        told = room.get(agency, f"disclosures/{entry}")["given"]
        assert [one["agency"] for one in told if one["act"] == "combination"] == ["AT"]
    stated = {"a": ours["entry"], "b": theirs["entry"], "reasons": found["reasons"], "score": found["score"]}
    room.take("AT", "duplicate.suggested.v1", **stated)


def test_equal_numbers_alone_are_no_evidence(room: Any) -> None:
    day = {"from": "2022-06-24T08:00:00+02:00", "to": "2022-06-24T20:00:00+02:00", "precision": "period"}
    for agency, hour in (("BA", "08"), ("MD", "12")):
        occurred = {**day, "from": f"2022-06-24T{hour}:00:00+02:00"}
        room.take(agency, "arrest.made.v1", count=213, occurred=occurred, place=None, person=None)

    assert suggested(room, "AT") == []


def test_what_a_viewer_does_not_see_is_suggested_to_it_in_no_way(room: Any) -> None:
    arrest(room, "BA", 10)
    before = room.get("EUROPOL", "figures/arrests/duplicates")["items"]
    hidden = arrest(room, "MD", 12, audience=ONLY_BA)

    assert [pair[1] for pair in suggested(room, "BA")] == [hidden["entry"]]
    assert room.get("EUROPOL", "figures/arrests/duplicates")["items"] == before == []


def test_pairs_on_record_are_listed_with_both_claims_and_what_was_decided(room: Any) -> None:
    ours, theirs, third = arrest(room, "BA", 10), arrest(room, "MD", 12), arrest(room, "MD", 50)
    decision, pair = confirm(room, "MD", ours, theirs)
    confirm(room, "AT", third, ours, audience=ONLY_BA)

    (one,) = room.get("EUROPOL", "duplicates", state="confirmed")["items"]

    assert (one["pair"], one["kept"], one["decided_by"], one["decision"]) == (
        pair["entry"],
        ours["entry"],
        "MD",
        decision["entry"],
    )
    assert (one["a"]["agency"], one["b"]["agency"], one["etag"]) == ("BA", "MD", decision["etag"])
    assert room.get("EUROPOL", "duplicates", state="suggested")["items"] == []
    (before,) = room.get("EUROPOL", "duplicates", as_of=pair["entry"])["items"]
    assert (before["state"], before["kept"], before["decided_by"]) == ("suggested", None, None)
    assert len(room.get("BA", "duplicates")["items"]) == 2


@pytest.mark.parametrize("query", [{"state": "merged"}, {"colour": "red"}])
def test_a_filter_of_pairs_that_there_is_not_is_refused(room: Any, query: dict[str, str]) -> None:
    answer = room.as_agency("AT").get(f"{room.path}/duplicates", params=query)

    assert answer.status_code == 400
