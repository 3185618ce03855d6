"""The due list: each owner's records that name persons, on the day at which it looks again whether it needs them."""

from datetime import UTC, datetime
from typing import Any

import pytest

PERSON = {
    "names": [{"family": "Invented", "given": None, "script": "Latn"}],
    "nationalities": ["IL"],
    "subject_category": "suspect",
    "minor": False,
}
FAR = "2099-12-31"


def due(room: Any, agency: str, **asked: Any) -> dict[str, str]:
    """The records that are due, each with its day, in their order."""
    return {item["thing"]: item["review_on"] for item in room.get(agency, "reviews", **asked)["items"]}


def arrested(room: Any, **members: Any) -> dict[str, Any]:
    taken: dict[str, Any] = room.take("BA", "arrest.made.v1", **{"person": PERSON, "review_on": None, **members})
    return taken


def test_what_is_due_is_listed_for_its_owner_the_first_day_first(room: Any) -> None:
    later, earlier = (arrested(room, review_on=day)["entry"] for day in ("2024-03-01", "2023-03-01"))
    arrested(room, review_on="2098-03-01")
    room.take("MD", "arrest.made.v1", person=PERSON, review_on="2020-01-01")

    assert list(due(room, "BA").items()) == [(earlier, "2023-03-01"), (later, "2024-03-01")]
    assert due(room, "AT") == {}
    assert due(room, "BA", by="2023-03-01") == {earlier: "2023-03-01"}
    first = room.get("BA", "reviews", limit=1)
    second = room.get("BA", "reviews", limit=1, cursor=first["next"])
    assert [one["items"][0]["thing"] for one in (first, second)] == [earlier, later]


def test_who_says_no_day_looks_again_within_three_years(room: Any) -> None:
    named = arrested(room)["entry"]
    unnamed = arrested(room, person=None, necessity_note=None)["entry"]

    found = due(room, "BA", by=FAR)

    assert found.keys() == {named}
    assert int(found[named][:4]) == datetime.now(UTC).year + 3
    assert unnamed not in found
    assert due(room, "BA") == {}


def test_a_review_moves_the_day_and_none_longer_than_three_years(room: Any) -> None:
    arrest = arrested(room, review_on="2023-03-01")
    said = {"decision": "keep", "reason": "Proceedings are open."}

    first = room.take(
        "BA", "record.reviewed.v1", target=arrest["entry"], etag=arrest["etag"], next_review_on="2024-05-06", **said
    )  # fmt: skip
    moved = due(room, "BA")
    room.take("BA", "record.reviewed.v1", target=arrest["entry"], etag=first["etag"], next_review_on=None, **said)

    assert moved == {arrest["entry"]: "2024-05-06"}
    assert due(room, "BA") == {}
    assert int(due(room, "BA", by=FAR)[arrest["entry"]][:4]) == datetime.now(UTC).year + 3


@pytest.mark.parametrize("blocks", [None, ["/person"]])
def test_what_names_nobody_any_more_is_due_no_more(room: Any, blocks: list[str] | None) -> None:
    arrest = arrested(room, review_on="2023-03-01")
    data = {**room.report("arrest.made.v1")["data"], "person": PERSON, "review_on": "2023-04-01"}
    corrected = room.take(
        "BA", "record.corrected.v1", target=arrest["entry"], corrected=data, etag=arrest["etag"]
    )  # fmt: skip
    before = due(room, "BA")

    room.take("BA", "person.erased.v1", target=arrest["entry"], blocks=blocks, etag=corrected["etag"])

    assert before == {arrest["entry"]: "2023-04-01"}
    assert due(room, "BA", by=FAR) == {}


def test_what_still_names_somebody_stays_due(room: Any) -> None:
    noted = arrested(room, necessity_note="Invented: needed for the drill.", review_on="2023-03-01")
    taken_back = arrested(room, review_on="2023-03-02")

    # The note itself has no place of its own: it lies beside the record's other members.
    room.take("BA", "person.erased.v1", target=noted["entry"], blocks=[""], etag=noted["etag"])
    room.take("BA", "record.retracted.v1", target=taken_back["entry"], reason="wrong", etag=taken_back["etag"])

    assert due(room, "BA") == {noted["entry"]: "2023-03-01", taken_back["entry"]: "2023-03-02"}


def test_a_record_that_a_lead_typed_in_is_reviewed_by_whom_it_is_for(room: Any) -> None:
    typed = room.take("AT", "arrest.made.v1", person=PERSON, review_on="2023-03-01", on_behalf_of="BA")["entry"]

    assert (due(room, "BA"), due(room, "AT")) == ({typed: "2023-03-01"}, {})
