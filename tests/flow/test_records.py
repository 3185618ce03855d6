"""Rules over several records: a verdict, a revision or a correction must fit what it is about."""

from typing import Any

import pytest
from sqlalchemy import create_engine, text

from services.shared.database import engine_url

JSON = {"Content-Type": "application/cloudevents+json"}
GROUP = {"scope": "named", "agencies": ["BA", "EUROPOL", "AT", "MD"]}


def refused(answer: Any, status: int) -> list[str]:
    assert answer.status_code == status, answer.text
    return [fault["pointer"] for fault in answer.json().get("errors", [])]


def case_of(room: Any, agency: str, **members: Any) -> dict[str, Any]:
    case: dict[str, Any] = room.take(
        agency, "thb_case.reported.v1", status="suspected", audience=GROUP, place={"country": "BA"}, **members
    )
    return case


def test_only_the_competent_state_confirms_a_trafficking_case(room: Any) -> None:
    case = case_of(room, "EUROPOL")
    confirmed = room.report("thb_case.updated.v1", case=case["entry"], status="confirmed", audience=GROUP)

    for agency in ("EUROPOL", "MD", "AT"):
        refused(room.post(agency, {**confirmed, "id": f"by-{agency}"}, etag=case["etag"]), 403)
    taken = room.post("BA", confirmed, etag=case["etag"])

    assert taken.status_code == 201, taken.text
    room.get("AT", "timeline", after=taken.json()["entry"])
    assert room.figure("AT", "thb_cases.confirmed")["value"] == 1


def test_a_case_is_not_confirmed_by_correcting_it_either(room: Any) -> None:
    case = case_of(room, "EUROPOL")
    report = room.report("thb_case.reported.v1", status="confirmed", audience=GROUP, place={"country": "BA"})

    refused(room.post("EUROPOL", report), 403)
    corrected = room.report("record.corrected.v1", target=case["entry"], corrected=report["data"], audience=GROUP)
    refused(room.post("EUROPOL", corrected, etag=case["etag"]), 403)


def test_the_side_that_is_kept_is_one_of_the_pair(room: Any) -> None:
    one, two, other = (room.take(agency, "arrest.made.v1") for agency in ("BA", "MD", "BA"))
    pair = room.take("MD", "duplicate.suggested.v1", a=one["entry"], b=two["entry"], score=None)
    report = room.report("duplicate.confirmed.v1", pair=pair["entry"], kept=other["entry"])

    assert refused(room.post("BA", report, etag=pair["etag"]), 422) == ["/data/kept"]
    room.take("BA", "duplicate.confirmed.v1", pair=pair["entry"], kept=two["entry"], etag=pair["etag"])


def test_a_pair_is_suggested_by_who_sees_both_sides(room: Any) -> None:
    seen = room.take("MD", "arrest.made.v1")
    hidden = room.take("BA", "arrest.made.v1", audience={"scope": "named", "agencies": ["AT"]})
    report = room.report("duplicate.suggested.v1", a=seen["entry"], b=hidden["entry"], score=None)

    assert refused(room.post("MD", report), 422) == ["/data/b"]


@pytest.mark.parametrize(
    ("audience", "status"),
    [
        ({"scope": "all"}, 422),
        ({"scope": "eu"}, 422),
        ({"scope": "named", "agencies": ["AT", "BA"]}, 422),
        ({"scope": "named", "agencies": ["AT", "MD"], "groups": ["night"]}, 422),
        ({"scope": "named", "agencies": ["AT", "MD"]}, 201),
        ({"scope": "named", "agencies": ["FRONTEX"]}, 201),
    ],
)
def test_a_pair_is_shown_only_to_who_sees_both_its_sides(room: Any, audience: dict[str, Any], status: int) -> None:
    european = room.take(
        "AT", "arrest.made.v1", audience={"scope": "named", "agencies": ["MD"], "roles": ["lead", "participant"]}
    )
    other = room.take("AT", "arrest.made.v1", audience={"scope": "named", "agencies": ["MD", "FRONTEX"]})
    report = room.report("duplicate.suggested.v1", a=european["entry"], b=other["entry"], score=None, audience=audience)

    answer = room.post("MD", report)

    assert answer.status_code == status, answer.text
    assert status == 201 or refused(answer, 422) == ["/data/audience"]


def test_a_pair_is_not_shown_to_more_by_changing_its_handling(room: Any) -> None:
    seen = {"scope": "named", "agencies": ["AT", "BA"]}
    one, two = (room.take("BA", "arrest.made.v1", audience=audience) for audience in ({"scope": "all"}, seen))
    pair = room.take("BA", "duplicate.suggested.v1", a=one["entry"], b=two["entry"], score=None, audience=seen)
    changed = room.report(
        "handling.changed.v1", target=pair["entry"], audience=seen, new_audience={"scope": "all"},
        new_handling={"codes": ["H0"]},
    )  # fmt: skip

    assert refused(room.post("BA", changed, etag=pair["etag"]), 422) == ["/data/new_audience"]


def test_a_pair_is_decided_once_until_the_decision_is_taken_back(room: Any) -> None:
    one, two = (room.take(agency, "arrest.made.v1") for agency in ("BA", "MD"))
    pair = room.take("MD", "duplicate.suggested.v1", a=one["entry"], b=two["entry"], score=None)
    confirmed = room.take("BA", "duplicate.confirmed.v1", pair=pair["entry"], kept=two["entry"], etag=pair["etag"])
    again = room.report("duplicate.rejected.v1", pair=pair["entry"])

    late = room.post("MD", again, etag=confirmed["etag"])
    undone = room.take("BA", "duplicate.undone.v1", pair=pair["entry"], etag=confirmed["etag"])

    assert (late.status_code, late.json()["type"]) == (409, "/problems/already-decided")
    assert room.post("MD", again, etag=undone["etag"]).status_code == 201


def test_a_seizure_is_revised_in_a_unit_of_its_goods(room: Any) -> None:
    seizure = room.take(
        "BA", "seizure.made.v1", category="fuel", quantity={"value": 900, "unit": "LTR"}, value=None
    )  # fmt: skip
    report = room.report("seizure.revised.v1", seizure=seizure["entry"], quantity={"value": 700, "unit": "KGM"})

    assert refused(room.post("BA", report, etag=seizure["etag"]), 422) == ["/data/quantity/unit"]
    worth = {**report, "data": {**report["data"], "quantity": {"value": 7, "unit": "LTR"}}}
    worth["data"]["value"] = {"value": 9, "unit": "LTR"}
    assert refused(room.post("BA", worth, etag=seizure["etag"]), 422) == ["/data/value/unit"]
    room.take("BA", "seizure.revised.v1", seizure=seizure["entry"], quantity={"value": 880, "unit": "LTR"},
              etag=seizure["etag"])  # fmt: skip


def test_the_unit_follows_the_goods_as_they_were_corrected(room: Any) -> None:
    members: dict[str, Any] = {"category": "fuel", "quantity": {"value": 900, "unit": "LTR"}, "value": None}
    seizure = room.take("BA", "seizure.made.v1", **members)
    tobacco = {**room.report("seizure.made.v1")["data"], "category": "tobacco", "value": None}
    corrected = room.take(
        "BA", "record.corrected.v1", target=seizure["entry"], corrected=tobacco, etag=seizure["etag"]
    )  # fmt: skip
    revised = room.report("seizure.revised.v1", seizure=seizure["entry"], quantity={"value": 7, "unit": "LTR"})

    assert refused(room.post("BA", revised, etag=corrected["etag"]), 422) == ["/data/quantity/unit"]
    room.take("BA", "seizure.revised.v1", seizure=seizure["entry"], quantity={"value": 7, "unit": "KGM"},
              etag=corrected["etag"])  # fmt: skip


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"occurred": {"from": "2999-01-01T00:00:00Z", "precision": "minute"}}, "/data/corrected/occurred"),
        ({"on_behalf_of": "MD"}, "/data/corrected/on_behalf_of"),
        ({"audience": {"scope": "eu"}}, "/data/corrected/audience"),
        ({"classification": "eu_secret"}, "/data/corrected/classification"),
        ({"person": {"subject_category": "suspect", "minor": True}}, "/data/corrected/necessity_note"),
    ],
)
def test_a_correction_is_judged_like_a_new_report(room: Any, members: dict[str, Any], pointer: str) -> None:
    arrest = room.take("BA", "arrest.made.v1")
    data = {**room.report("arrest.made.v1")["data"], **members}
    report = room.report("record.corrected.v1", target=arrest["entry"], corrected=data)

    assert refused(room.post("BA", report, etag=arrest["etag"]), 422) == [pointer]


@pytest.mark.parametrize("kind", ["record.corrected.v1", "correction.proposed.v1"])
def test_a_correction_is_not_corrected_but_the_record_is_again(room: Any, kind: str) -> None:
    arrest = room.take("BA", "arrest.made.v1")
    data = room.report("arrest.made.v1")["data"]
    first = room.take("BA", "record.corrected.v1", target=arrest["entry"], corrected=data, etag=arrest["etag"])
    within = {**room.report("record.corrected.v1", target=arrest["entry"], corrected=data)["data"]}
    nested = room.report(kind, target=first["entry"], corrected=within)

    # The person within would be sealed, validated and erased by nobody.
    assert refused(room.post("BA", nested, etag=first["etag"]), 422) == ["/data/target"]
    offered = {one["type"] for one in room.get("BA", f"offers/{first['entry']}")["items"]}
    assert kind not in offered
    assert "record.retracted.v1" in offered
    again = room.report(kind, target=arrest["entry"], corrected={**data, "count": 2})
    assert room.post("BA", again, etag=first["etag"]).status_code == 201


def test_a_verdict_does_not_pass_to_another_authority_by_a_correction(room: Any) -> None:
    members = {"database": "national", "record_owner_country": "MD"}
    hit = room.take("BA", "hit.raised.v1", **members)
    data = room.report("hit.raised.v1", database="Nominals")["data"]
    corrected = room.report("record.corrected.v1", target=hit["entry"], corrected=data)
    verified = room.take("MD", "hit.verified.v1", hit=hit["entry"], outcome="confirmed", etag=hit["etag"])

    assert refused(room.post("BA", corrected, etag=verified["etag"]), 422) == ["/data/corrected"]
    assert room.figure("AT", "interpol_hits.confirmed")["value"] in (0, None)


def test_an_operation_keeps_its_code_and_its_clock(room: Any) -> None:
    opened = room.get("AT", "")
    data = room.report("operation.created.v1", code="jad-other", lead=["AT"], exercise=True)["data"]
    report = room.report("record.corrected.v1", target=opened["thing"], corrected=data)

    assert refused(room.post("AT", report, etag=opened["etag"]), 422) == [
        "/data/corrected/code",
        "/data/corrected/exercise",
    ]


def test_a_proposed_correction_is_read_strictly_and_its_persons_are_sealed(room: Any) -> None:
    arrest = room.take("BA", "arrest.made.v1")
    data = room.report("arrest.made.v1")["data"]
    assert data["person"]["names"][0]["family"] == "Invented"

    wrong = room.report("correction.proposed.v1", target=arrest["entry"], corrected=data | {"count": -1})
    assert set(refused(room.post("MD", wrong), 422)) == {"/data/corrected/count"}
    proposed = room.take("MD", "correction.proposed.v1", target=arrest["entry"], corrected=data)
    bare = room.take("MD", "correction.proposed.v1", target=arrest["entry"], corrected=None)

    body = kept(room, proposed["entry"])
    assert '"sealed":{"/corrected/person"' in body
    assert "Invented" not in body
    assert kept(room, bare["entry"])
    told = room.get("BA", f"events/{proposed['entry']}")
    assert told["report"]["data"]["corrected"]["person"]["names"][0]["family"] == "Invented"


def kept(room: Any, entry: str) -> str:
    """The line of the log, as the read model keeps it."""
    engine = create_engine(engine_url(room.stack.settings.database_url))
    with engine.connect() as connection:
        schema = connection.scalar(text("select schema from desk.live"))
        body = connection.scalar(text(f"select body from {schema}.entries where key = :key"), {"key": entry})
    engine.dispose()
    return str(body)
