"""Recall: who was given a record learns what became of it, and its originator learns who has it and who knows."""

from typing import Any

import pytest

from tests.flow.everything_read import EXPORT
from tests.flow.test_live import frames


def corrected(room: Any, arrest: dict[str, Any], *, etag: str | None = None) -> dict[str, Any]:
    data = {**room.report("arrest.made.v1")["data"], "count": 2}
    taken: dict[str, Any] = room.take(
        "BA", "record.corrected.v1", target=arrest["entry"], corrected=data, etag=etag or arrest["etag"]
    )
    return taken


def recalls(room: Any, agency: str) -> dict[str, dict[str, Any]]:
    return {one["entry"]: one for one in room.get(agency, "recalls")["items"]}


def reads(room: Any, agency: str, entry: str) -> None:
    room.get(agency, f"events/{entry}")


def exports(room: Any, agency: str, entry: str) -> None:
    assert entry in room.as_agency(agency).get(f"{room.path}/events", headers=EXPORT).text


def searches(room: Any, agency: str, entry: str) -> None:
    assert entry in room.as_agency(agency).post(f"{room.path}/search", json={"name": "Invented"}).text


def replays(room: Any, agency: str, entry: str) -> None:
    assert entry in room.as_agency(agency).get(f"{room.path}/replay", params={"step": 200}).text


def follows(room: Any, agency: str, entry: str) -> None:
    first = room.get(agency, "timeline", limit=1000, sort="oldest")["items"][0]["entry"]
    cursor = room.get(agency, "timeline", as_of=first, limit=1)["tail"]
    with room.as_agency(agency).stream("GET", f"{room.path}/live", params={"cursor": cursor}) as answer:
        for frame in frames(answer):
            if frame["event"] == "entry" and entry in frame["data"]:
                return


@pytest.mark.parametrize("channel", [reads, exports, searches, replays, follows])
def test_a_correction_reaches_whoever_was_given_the_record_by_whatever_channel(room: Any, channel: Any) -> None:
    arrest = room.take("BA", "arrest.made.v1")
    channel(room, "MD", arrest["entry"])
    correction = corrected(room, arrest)

    (recall,) = room.get("MD", "recalls")["items"]

    assert (recall["entry"], recall["change"], recall["by"]) == (arrest["entry"], "corrected", correction["entry"])
    assert (recall["originator"], recall["to_acknowledge"], recall["acknowledged"]) == ("BA", True, None)
    assert recalls(room, "EUROPOL") == {}


def test_who_acknowledges_has_it_no_longer_to_acknowledge_and_the_originator_knows(room: Any) -> None:
    arrest = room.take("BA", "arrest.made.v1")
    for agency in ("MD", "EUROPOL"):
        reads(room, agency, arrest["entry"])
    room.take("MD", "record.acknowledged.v1", target=arrest["entry"])
    correction = corrected(room, arrest)
    assert recalls(room, "MD")[arrest["entry"]]["to_acknowledge"]

    said = room.take("MD", "record.acknowledged.v1", target=correction["entry"])["entry"]

    recall = recalls(room, "MD")[arrest["entry"]]
    told = room.get("BA", f"disclosures/{arrest['entry']}")
    assert (recall["to_acknowledge"], recall["acknowledged"]) == (False, said)
    assert told["recalled"]["change"] == "corrected"
    assert {one["agency"]: one["acknowledged"] for one in told["recipients"] if one["had_it_before"]} == {
        "EUROPOL": None,
        "MD": said,
    }


def test_an_originator_has_not_to_acknowledge_what_it_changed_itself(room: Any) -> None:
    arrest = room.take("BA", "arrest.made.v1")
    for agency in ("BA", "MD"):
        reads(room, agency, arrest["entry"])
    corrected(room, arrest)

    assert recalls(room, "MD")[arrest["entry"]]["to_acknowledge"]
    assert not recalls(room, "BA")[arrest["entry"]]["to_acknowledge"]


def test_who_was_given_the_record_as_corrected_has_nothing_to_acknowledge(room: Any) -> None:
    arrest = room.take("BA", "arrest.made.v1")
    corrected(room, arrest)

    reads(room, "MD", arrest["entry"])

    told = room.get("BA", f"disclosures/{arrest['entry']}")
    assert recalls(room, "MD") == {}
    assert [(one["agency"], one["had_it_before"]) for one in told["recipients"]] == [("MD", False)]


def test_a_retraction_is_recalled_and_a_retraction_taken_back_is_not(room: Any) -> None:
    arrest = room.take("BA", "arrest.made.v1")
    reads(room, "MD", arrest["entry"])
    retraction = room.take(
        "BA", "record.retracted.v1", target=arrest["entry"], reason="wrong", etag=arrest["etag"]
    )  # fmt: skip
    assert recalls(room, "MD")[arrest["entry"]]["change"] == "retracted"

    room.take("BA", "record.retracted.v1", target=retraction["entry"], reason="wrong", etag=retraction["etag"])

    assert recalls(room, "MD") == {}


def test_what_was_taken_from_somebody_is_recalled_without_a_word_more(room: Any) -> None:
    arrest = room.take("BA", "arrest.made.v1")
    for agency in ("MD", "EUROPOL"):
        reads(room, agency, arrest["entry"])
    named = {"scope": "named", "agencies": ["EUROPOL"]}
    changed = room.take(
        "BA",
        "handling.changed.v1",
        target=arrest["entry"],
        new_audience=named,
        new_handling={"codes": ["H2"]},
        etag=arrest["etag"],
    )
    corrected_data = {**room.report("arrest.made.v1")["data"], "count": 2, "audience": named}
    room.take(
        "BA",
        "record.corrected.v1",
        target=arrest["entry"],
        corrected=corrected_data,
        audience=named,
        etag=changed["etag"],
    )

    recall = recalls(room, "MD")[arrest["entry"]]

    nothing = {"thing": None, "by": None, "recorded_at": None, "to_acknowledge": False}
    assert (recall["change"], recall | nothing) == ("withdrawn", recall)
    assert recalls(room, "EUROPOL")[arrest["entry"]]["change"] == "corrected"


def test_nobody_else_learns_who_was_given_what(room: Any) -> None:
    arrest = room.take("BA", "arrest.made.v1")
    reads(room, "MD", arrest["entry"])
    corrected(room, arrest)

    assert recalls(room, "AT") == {}
    assert room.as_agency("MD").get(f"{room.path}/disclosures/{arrest['entry']}").status_code == 404
