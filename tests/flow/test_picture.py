"""The picture over HTTP: figures and their drill-down, corrections, time, what each viewer sees."""

from typing import Any

import pytest

from tests.flow.everything_read import EXPORT

NAMED = {"scope": "named", "agencies": ["BA", "EUROPOL"]}


def test_a_figure_is_the_sum_of_its_lines(room: Any) -> None:
    room.take("BA", "arrest.made.v1", category="smuggler", count=3)
    room.take("MD", "arrest.made.v1", category="smuggler")
    room.take("MD", "arrest.made.v1", category=None, count={"value": 4, "unit": "C62", "qualifier": "over"})

    lines = room.get("AT", "figures/arrests/events")["items"]

    assert sorted(line["contribution"]["value"] for line in lines) == [1, 3, 4]
    assert room.get("AT", "figures/arrests")["deduplicated"] == {"value": 8, "qualifier": "over"}
    assert room.get("AT", "figures/arrests")["unattributed"] == 4
    assert room.figure("AT", "arrests.smugglers") == {"value": 4, "qualifier": "exact"}


def test_a_retraction_moves_the_figure_from_that_moment_on(room: Any) -> None:
    arrest = room.take("BA", "arrest.made.v1", category="smuggler")
    retracted = room.take("BA", "record.retracted.v1", target=arrest["entry"], reason="wrong", etag=arrest["etag"])

    assert room.figure("AT", "arrests.smugglers")["value"] == 0
    assert room.figure("AT", "arrests.smugglers", as_of=arrest["entry"])["value"] == 1
    assert room.figure("AT", "arrests.smugglers", as_of=retracted["entry"])["value"] == 0
    states = {line["entry"]: line["state"] for line in room.get("AT", "timeline")["items"]}
    assert states[arrest["entry"]] == "retracted"
    assert room.get("AT", "arrests")["items"] == []


def test_a_correction_keeps_both_and_moves_the_figure(room: Any) -> None:
    arrest = room.take("BA", "arrest.made.v1", category="smuggler", count=1)
    corrected = {**room.report("arrest.made.v1", category="smuggler", count=5)["data"]}

    room.take("BA", "record.corrected.v1", target=arrest["entry"], corrected=corrected, etag=arrest["etag"])

    assert room.figure("AT", "arrests.smugglers")["value"] == 5
    assert room.figure("AT", "arrests.smugglers", as_of=arrest["entry"])["value"] == 1
    assert room.get("AT", f"events/{arrest['entry']}")["report"]["data"]["count"] == 1


def test_not_stated_survives_to_the_answer(room: Any) -> None:
    room.take("BA", "goods.detected.v1", category="cigarettes", quantity={"qualifier": "not_stated"})

    assert room.figure("AT", "goods") == {"value": None, "qualifier": "not_stated"}


def test_a_confirmed_red_notice_is_one_hit_however_often_it_is_matched(room: Any) -> None:
    hit = room.take("BA", "hit.raised.v1", database="Nominals")
    verified = room.take("INTERPOL", "hit.verified.v1", hit=hit["entry"], outcome="confirmed", etag=hit["etag"])
    room.take("INTERPOL", "notice.matched.v1", hit=hit["entry"], colour="red")
    room.take("INTERPOL", "notice.matched.v1", hit=hit["entry"], colour="red")

    assert room.figure("AT", "interpol_hits.confirmed.red_notices")["value"] == 1
    (shown,) = room.get("AT", "hits")["items"]
    assert shown["etag"] == verified["etag"]
    assert len(shown["detail"]["notices"]) == 2


def test_who_is_not_named_sees_nothing_of_a_named_entry(room: Any) -> None:
    before = room.get("MD", "timeline")
    hidden = room.take("BA", "arrest.made.v1", category="smuggler", audience=NAMED)

    assert room.get("BA", f"events/{hidden['entry']}")["entry"] == hidden["entry"]
    assert room.get("EUROPOL", "arrests")["items"][0]["thing"] == hidden["entry"]
    guessed = room.as_agency("MD").get(f"{room.path}/events/{hidden['entry']}")
    invented = room.as_agency("MD").get(f"{room.path}/events/7c0f3a52-6d0e-5a51-9b7e-2f6f5a9d1c11")
    assert (guessed.status_code, guessed.content) == (invented.status_code, invented.content) == (404, guessed.content)
    assert room.get("MD", "timeline") == before
    assert room.figure("MD", "arrests")["value"] == 0


def test_a_countable_restricted_entry_adds_its_number_and_nothing_else(room: Any) -> None:
    room.take(
        "BA", "arrest.made.v1", category="smuggler", count=2, audience=NAMED, handling={"codes": ["H2"]}, countable=True
    )

    (line,) = room.get("MD", "figures/arrests/events")["items"]

    assert line == {
        "entry": None,
        "agency": None,
        "occurred": None,
        "headline": "restricted",
        "contribution": {"value": 2, "unit": "person", "qualifier": "exact"},
    }
    assert room.figure("MD", "arrests", country="BA")["value"] == 0
    assert room.get("MD", "arrests")["items"] == []


def test_persons_are_opened_for_those_who_see_the_entry_and_sealed_in_the_log(room: Any) -> None:
    suspect = {"subject_category": "suspect", "names": [{"family": "Sealedname"}]}
    arrest = room.take("BA", "arrest.made.v1", audience=NAMED, person=suspect)

    person = room.get("EUROPOL", f"events/{arrest['entry']}")["report"]["data"]["person"]

    assert person["names"][0]["family"] == "Sealedname"
    assert "Sealedname" not in str(room.get("EUROPOL", "arrests")) + str(room.get("EUROPOL", "timeline"))


def test_pages_of_one_cursor_show_one_moment(room: Any) -> None:
    for _ in range(5):
        room.take("BA", "arrest.made.v1", category="smuggler")
    first = room.get("AT", "arrests", limit=2)
    room.take("BA", "arrest.made.v1", category="smuggler")

    seen = [item["thing"] for item in first["items"]]
    following = first["next"]
    while following:
        page = room.get("AT", "arrests", limit=2, cursor=following)
        seen += [item["thing"] for item in page["items"]]
        following = page["next"]

    assert len(seen) == len(set(seen)) == 5


def test_a_cursor_of_another_viewer_is_unknown(room: Any) -> None:
    for _ in range(2):
        room.take("BA", "arrest.made.v1")
    cursor = room.get("AT", "arrests", limit=1)["next"]

    answer = room.as_agency("MD").get(f"{room.path}/arrests", params={"limit": 1, "cursor": cursor})

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_log_can_be_had_whole_and_page_by_page(room: Any) -> None:
    room.take("BA", "arrest.made.v1")
    client = room.as_agency("AT")

    lines = client.get(f"{room.path}/events", headers=EXPORT).text.splitlines()
    first = room.get("AT", "events", limit=3)
    second = room.get("AT", "events", limit=1000, cursor=first["next"])

    assert len(lines) == len(first["items"]) + len(second["items"]) == 7


@pytest.mark.parametrize("as_of", ["1999-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "yesterday"])
def test_a_moment_outside_the_operation_is_refused(room: Any, as_of: str) -> None:
    answer = room.as_agency("AT").get(f"{room.path}/figures", params={"as_of": as_of})

    assert answer.status_code == 400


def test_after_waits_for_an_entry_and_says_when_it_did_not_come(room: Any) -> None:
    answer = room.as_agency("AT").get(
        f"{room.path}/timeline", params={"after": "7c0f3a52-6d0e-5a51-9b7e-2f6f5a9d1c11", "wait": 0.3}
    )

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"


def test_an_agency_that_takes_no_part_finds_nothing(room: Any) -> None:
    foreign = room.as_agency("RS").get(room.path)
    unknown = room.as_agency("RS").get("/v1/operations/there-is-none")

    assert (foreign.status_code, foreign.content) == (unknown.status_code, unknown.content)
    assert foreign.status_code == 404
