"""What must not go further: into another operation, to third countries, and, of a discreet check, to anybody else."""

from typing import Any

import pytest

from tests.flow.conftest import open_room
from tests.flow.everything_read import A_RANDOM_ID

PERSON = {
    "names": [{"family": "Purposely", "given": None, "script": "Latn"}],
    "documents": [{"document_class": "passport", "number": "PU5550011", "issuer": "IL"}],
    "subject_category": "suspect",
    "minor": False,
}
VIEWS = ("events", "timeline", "arrests", "map", "history", "entities", "figures/arrests/events", "replay?step=100")
TWO = {"scope": "named", "agencies": ["AT", "BA"]}


def told(room: Any, agency: str) -> str:
    """All that an agency is told of an operation."""
    client = room.as_agency(agency)
    answers = [client.get(f"{room.path}/{view}") for view in VIEWS]
    answers += [
        client.post(f"{room.path}/search", json=one) for one in ({"name": "Purposely"}, {"document": "PU5550011"})
    ]
    assert {answer.status_code for answer in answers} == {200}
    return "\n".join(answer.text for answer in answers)


def test_what_was_posted_for_one_operation_is_nothing_in_another(room: Any) -> None:
    arrest = room.take("BA", "arrest.made.v1", person=PERSON)
    cursor = room.get("AT", "events")["tail"]

    with open_room(room.stack) as other:
        other.take("BA", "arrest.made.v1")
        everything = told(other, "AT")
        paths = ("events/{}", "things/{}", "arrests/{}", "disclosures/{}", "things/{}/entities", "timeline?as_of={}")
        asked = {one: [_answer(other, "BA", path, one) for path in paths] for one in (arrest["entry"], A_RANDOM_ID)}
        named = [_refusal(other, one) for one in (arrest["entry"], A_RANDOM_ID)]
        followed = other.as_agency("AT").get(f"{other.path}/live", params={"cursor": cursor})

    assert "Purposely" in told(room, "AT")
    assert arrest["entry"] not in everything
    assert "Purposely" not in everything
    assert asked[arrest["entry"]] == asked[A_RANDOM_ID]
    assert named[0] == named[1]
    assert followed.status_code == 400


def _answer(room: Any, agency: str, path: str, entry: str) -> tuple[int, str]:
    answer = room.as_agency(agency).get(f"{room.path}/{path.format(entry)}")
    return answer.status_code, answer.text.replace(entry, "")


def _refusal(room: Any, entry: str) -> list[tuple[int, Any]]:
    """A fact that names an entry, and commands on it."""
    reports = [
        room.report("arrest.made.v1", links=[{"rel": "related", "target": entry}]),
        room.report("record.acknowledged.v1", target=entry),
        room.report("person.erased.v1", target=entry),
    ]
    answers = [room.post("BA", report) for report in reports]
    assert {answer.status_code for answer in answers} == {422}
    return [(answer.status_code, answer.json()["errors"]) for answer in answers]


def test_a_third_country_has_only_what_is_released_to_it(room: Any) -> None:
    room.take("AT", "participant.joined.v1", agency="CH", kind="national", country="CH", role="participant",
              name=None, bound_by_eu_law=True)  # fmt: skip
    for_all = room.take("BA", "arrest.made.v1", person=PERSON)
    of_the_union = room.take("AT", "arrest.made.v1", person=PERSON, audience={"scope": "eu"})
    released = room.take("AT", "arrest.made.v1", person=PERSON, audience={"scope": "named", "agencies": ["MD"]})

    seen = {
        agency: [one["entry"] in told(room, agency) for one in (for_all, of_the_union, released)]
        for agency in ("AT", "MD", "BA", "INTERPOL", "EUROPOL", "FRONTEX", "CH")
    }

    assert seen == {
        "AT": [True, True, True],
        "MD": [True, False, True],
        "BA": [True, False, False],
        "INTERPOL": [True, False, False],
        "EUROPOL": [True, True, False],
        "FRONTEX": [True, True, False],
        "CH": [True, True, False],
    }
    for agency in ("MD", "INTERPOL"):
        client = room.as_agency(agency)
        hidden, random = (client.get(f"{room.path}/events/{one}") for one in (of_the_union["entry"], A_RANDOM_ID))
        assert (hidden.status_code, hidden.text) == (random.status_code, random.text)


@pytest.mark.parametrize("discreet", ["matched", "done"])
def test_a_discreet_check_is_never_on_the_shared_picture(room: Any, discreet: str) -> None:
    hit = room.take("BA", "hit.raised.v1", database="national", record_owner_country="AT", audience=TWO)
    if discreet == "matched":
        room.take("AT", "sis_alert.matched.v1", hit=hit["entry"], article="36", issuing_country="AT", audience=TWO)
    else:
        hit = {**hit, **room.take("BA", "hit.actioned.v1", hit=hit["entry"], action="discreet_done", audience=TWO,
                                  etag=hit["etag"])} | {"entry": hit["entry"]}  # fmt: skip

    def changed(audience: dict[str, Any]) -> Any:
        report = room.report(
            "handling.changed.v1",
            target=hit["entry"],
            audience=TWO,
            new_audience=audience,
            new_handling={"codes": ["H1"]},
        )
        return room.post("BA", report, etag=hit["etag"])

    wide = [changed(one) for one in ({"scope": "all"}, {"scope": "eu"}, {"scope": "named", "roles": ["participant"]})]
    another = changed({"scope": "named", "agencies": ["AT"]})

    assert {(one.status_code, one.json()["errors"][0]["pointer"]) for one in wide} == {(422, "/data/new_audience")}
    assert another.status_code == 201
    for agency in ("MD", "FRONTEX", "INTERPOL"):
        assert hit["entry"] not in room.as_agency(agency).get(f"{room.path}/events").text
        assert room.as_agency(agency).get(f"{room.path}/hits").json()["items"] == []


def test_a_discreet_alert_is_not_told_to_a_role_in_which_everybody_is(room: Any) -> None:
    audience = {"scope": "named", "agencies": ["AT"], "roles": ["participant"]}
    hit = room.take("AT", "hit.raised.v1", database="SIS", record_owner_country="AT", audience=audience)
    report = room.report(
        "sis_alert.matched.v1", hit=hit["entry"], article="36", issuing_country="AT", audience=audience
    )

    refused = room.post("AT", report)
    others = room.post("AT", {**report, "data": {**report["data"], "article": "26"}})

    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/data/audience/roles")
    assert others.status_code == 201


def test_what_is_made_stricter_is_gone_from_the_past_and_the_replay_at_once(room: Any) -> None:
    begin = room.take("BA", "nil_report.filed.v1")["entry"]
    place = {"country": "BA", "latitude": 45.1, "longitude": 16.9}
    arrest = room.take("BA", "arrest.made.v1", person=PERSON, count=3, place=place)
    then = room.take("BA", "arrest.made.v1", count=1)["entry"]
    ways = [
        f"{view}{'&' if '?' in view else '?'}as_of={then}"
        for view in ("events", "timeline", "arrests", "map", "figures/arrests/events")
    ] + ["replay?step=100", "replay?step=100&by=happened", "history", f"diff?from={begin}"]
    narrow = {"new_audience": {"scope": "named", "agencies": ["AT"]}, "new_handling": {"codes": ["H1"]}}

    def shown(agency: str) -> tuple[set[str], int, int]:
        """Where the arrest is told, the figure of then, and what a read of it answers."""
        client = room.as_agency(agency)
        found = {way for way in ways if arrest["entry"] in client.get(f"{room.path}/{way}").text}
        read = client.get(f"{room.path}/events/{arrest['entry']}", params={"as_of": then})
        return found, room.figure(agency, "arrests", as_of=then)["value"], read.status_code

    assert shown("MD") == (set(ways), 4, 200)
    by_lead = room.post("AT", room.report("handling.changed.v1", target=arrest["entry"], **narrow), etag=arrest["etag"])
    changed = room.take("BA", "handling.changed.v1", target=arrest["entry"], etag=arrest["etag"], **narrow)

    assert by_lead.status_code == 403
    assert shown("MD") == (set(), 1, 404)
    assert shown("AT") == (set(ways), 4, 200)

    everybody = {"new_audience": {"scope": "all"}, "new_handling": {"codes": ["H0"]}}
    room.take("BA", "handling.changed.v1", target=arrest["entry"], etag=changed["etag"],
              audience=narrow["new_audience"], **everybody)  # fmt: skip
    assert shown("MD") == (set(ways), 4, 200)
