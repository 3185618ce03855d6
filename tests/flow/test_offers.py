"""What a desk is offered is what the door takes from it, no more and no less."""

from typing import Any

import pytest

from schemas.event import REGISTER

SELF_CONTAINED = [name for name, kind in REGISTER.items() if kind.changes is None and name != "operation.created.v1"]


def offered(room: Any, agency: str, about: str = "") -> dict[str, dict[str, Any]]:
    return {one["type"]: one for one in room.get(agency, f"offers/{about}" if about else "offers")["items"]}


OWN_DATABASE = {"EUROPOL": "EIS", "INTERPOL": "Nominals"}
"""Of whose lines each may say what stands on its lists."""


def waiting(room: Any, agency: str, **asked: Any) -> dict[str, str]:
    return {one["thing"]: one["next"]["type"] for one in room.get(agency, "waiting", **asked)["items"]}


def act(room: Any, agency: str, type: str, entry: str, **members: Any) -> dict[str, Any]:
    """Says what was offered, with the version and audience that came with the offer."""
    about = room.get(agency, f"offers/{entry}")
    offer = next(one for one in about["items"] if one["type"] == type)
    members = {offer["member"]: offer["target"], "audience": about["audience"], **members}
    return room.take(agency, type, etag=about["etag"], **members)


@pytest.mark.parametrize("agency", ["AT", "BA", "FRONTEX", "EUROPOL", "INTERPOL"])
def test_the_types_on_offer_are_those_that_the_door_does_not_forbid(room: Any, agency: str) -> None:
    offers = offered(room, agency)

    for type in SELF_CONTAINED:
        own = {"database": OWN_DATABASE[agency]} if type == "listing.published.v1" and agency in OWN_DATABASE else {}
        answer = room.post(agency, room.report(type, **own))
        assert (answer.status_code != 403) == (type in offers and not offers[type]["for_others"]), (type, answer.text)


def test_a_hit_waits_for_its_authority_and_then_for_who_raised_it(room: Any) -> None:
    hit = room.take("BA", "hit.raised.v1", database="SLTD", object="document", record_owner_country=None)["entry"]

    assert waiting(room, "INTERPOL") == {hit: "hit.verified.v1"}
    assert waiting(room, "BA") == waiting(room, "MD") == {}

    verified = act(room, "INTERPOL", "hit.verified.v1", hit, outcome="confirmed")

    assert waiting(room, "INTERPOL") == {}
    assert waiting(room, "BA") == {hit: "hit.actioned.v1"}
    assert waiting(room, "MD") == {}
    assert waiting(room, "INTERPOL", as_of=hit) == {hit: "hit.verified.v1"}

    act(room, "BA", "hit.actioned.v1", verified["entry"], action="seized")

    assert waiting(room, "BA") == {}


def test_what_may_be_said_about_a_record_depends_on_who_asks(room: Any) -> None:
    arrest = room.take("BA", "arrest.made.v1")["entry"]

    owner, other = set(offered(room, "BA", arrest)), set(offered(room, "MD", arrest))

    assert {"arrest.updated.v1", "record.corrected.v1", "record.retracted.v1", "handling.changed.v1"} <= owner
    assert other == {"correction.proposed.v1", "record.acknowledged.v1"}


def test_a_record_that_changed_its_audience_offers_the_new_one(room: Any) -> None:
    arrest = room.take("BA", "arrest.made.v1")
    narrower = {"scope": "named", "agencies": ["MD"]}
    act(room, "BA", "handling.changed.v1", arrest["entry"], new_audience=narrower, new_handling={"codes": ["H1"]})

    assert room.get("MD", f"offers/{arrest['entry']}")["audience"] == narrower
    act(room, "MD", "record.acknowledged.v1", arrest["entry"])


def test_a_hidden_record_offers_nothing_like_one_that_does_not_exist(room: Any) -> None:
    hidden = room.take("BA", "arrest.made.v1", audience={"scope": "named", "agencies": ["MD"]})["entry"]

    answers = [
        room.as_agency("FRONTEX").get(f"{room.path}/offers/{entry}")
        for entry in (hidden, "00000000-0000-5000-8000-000000000000")
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_a_pair_waits_for_the_owners_of_both_sides_and_the_lead(room: Any) -> None:
    first = room.take("BA", "arrest.made.v1")["entry"]
    second = room.take("MD", "arrest.made.v1")["entry"]

    pair = room.take("FRONTEX", "duplicate.suggested.v1", a=first, b=second)["entry"]

    for agency in ("BA", "MD", "AT"):
        assert waiting(room, agency) == {pair: "duplicate.confirmed.v1"}
    assert waiting(room, "EUROPOL") == {}


def test_who_may_only_say_part_of_a_type_is_offered_it(room: Any) -> None:
    seen = {"scope": "named", "agencies": ["BA", "MD"]}
    case = room.take("EUROPOL", "thb_case.reported.v1", status="suspected", place={"country": "BA"}, audience=seen)

    for agency, offers in (("EUROPOL", True), ("BA", True), ("MD", False)):
        assert ("thb_case.updated.v1" in offered(room, agency, case["entry"])) is offers


def test_what_comes_too_late_or_cannot_be_taken_back_is_not_offered(room: Any) -> None:
    one, two = (room.take(agency, "arrest.made.v1")["entry"] for agency in ("BA", "MD"))
    pair = room.take("AT", "duplicate.suggested.v1", a=one, b=two)
    assert {"duplicate.confirmed.v1", "duplicate.rejected.v1"} <= set(offered(room, "BA", pair["entry"]))
    act(room, "BA", "duplicate.confirmed.v1", pair["entry"], kept=one)

    after = set(offered(room, "BA", pair["entry"]))
    operation = set(offered(room, "AT", room.get("AT", "")["thing"]))

    assert "duplicate.undone.v1" in after
    assert not {"duplicate.confirmed.v1", "duplicate.rejected.v1"} & after
    assert {"operation.closed.v1", "record.corrected.v1"} <= operation
    assert "record.retracted.v1" not in operation
