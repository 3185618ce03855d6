"""What the door refuses, and how it says so: one bad report a rule."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from schemas.event import REGISTER, Event

Read = Callable[..., Event]
Refusal = Callable[..., str]

ARREST, SEIZURE, HIT, CHECK = "arrest.made.v1", "seizure.made.v1", "hit.raised.v1", "cross_check.requested.v1"
CREATED, JOINED = "operation.created.v1", "participant.joined.v1"
NAMED = {"scope": "named", "agencies": ["AT"]}
H2 = {"codes": ["H2"]}
FIRM = {
    "subject_category": "suspect",
    "names": [{"full": "Измислица Транс ООД", "script": "Cyrl"}],
    "registrations": [{"country": "BG", "registration_number": "000111222"}],
}
NOTE = "Invented: no other way to find the child."


def arrested(**person: Any) -> dict[str, Any]:
    return {"person": {"subject_category": "suspect", **person}}


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    # Who may see it, and how it is handled.
    (ARREST, {"handling": H2}, "handling: .*scope named"),
    (ARREST, {"countable": True}, "countable: .*only with the handling code H2"),
    (ARREST, {"show_existence": True}, "show_existence: .*only with the handling code H2"),
    (ARREST, {"handling": {"codes": ["H3"]}}, "handling: .*H3 needs"),
    (ARREST, {"audience": {"scope": "named"}}, "audience: .*lists agencies"),
    (ARREST, {"classification": "eu_restricted"}, "classification: .*basic protection level"),
    ("handling.changed.v1", {"new_audience": {"scope": "all"}, "new_handling": H2}, "new_audience/scope"),
    ("serious_incident.reported.v1", {"audience": {"scope": "all"}}, "audience: .*scope named"),
    (CREATED, {"audience": NAMED}, "audience: .*scope all"),
    (JOINED, {"audience": {"scope": "eu"}}, "audience: .*scope all"),
    ("phase.started.v1", {"audience": NAMED}, "audience: .*scope all"),
    # Times.
    (ARREST, {"occurred": {"from": "2022-06-24T09:40:00"}}, "occurred/from: .*timezone"),
    (ARREST, {"occurred": {"from": 1656056400}}, "occurred/from: "),
    (ARREST, {"occurred": {"from": "2022-06-24T09:40:00Z", "precision": "period"}}, "occurred: .*needs `to`"),
    # Codes: the right one is named.
    (ARREST, {"place": {"country": "EL"}}, "place/country: .*use GR"),
    (ARREST, {"place": {"country": "UK"}}, "place/country: .*use GB"),
    (ARREST, {"place": {"country": "AUT"}}, "place/country: .*use AT"),
    (ARREST, {"crime_areas": ["jaywalking"]}, "crime_areas/0: .*list crime_areas"),
    (ARREST, {"evaluation": {"scheme": "4x4", "source": "D", "information": "1"}}, "evaluation: .*A/B/C/X"),
    (ARREST, {"category": "robber"}, "category: "),
    ("incident.reported.v1", {"kind": "picnic"}, "kind: .*list incident_kinds"),
    ("refusal.reported.v1", {"reasons": ["Z"]}, "reasons/0: .*list refusal_reasons"),
    ("figure.disputed.v1", {"metric": "arrests.poets"}, "metric: .*register of metrics"),
    # Persons: victims and minors need a reason.
    (ARREST, arrested(minor=True), "necessity_note: required"),
    (ARREST, arrested(age_band="14-17"), "necessity_note: required"),
    (ARREST, arrested(birth_date="2005"), "necessity_note: required"),
    (ARREST, arrested(documents=[{"mrz": ["P<UTOINVENTED<<ANA".ljust(44, "<"), f"L898902C36UTO1403099{'<' * 24}"]}]),
     "necessity_note: required"),
    (ARREST, arrested(birth_date="2004-06-25"), "necessity_note: required"),
    ("incident.reported.v1", {"persons": [{"subject_category": "victim"}]}, "necessity_note: required"),
    (ARREST, arrested(birth_date="17.05.1961"), "person/birth_date: "),
    # Quantities.
    (SEIZURE, {"quantity": {"value": 900, "unit": "GRM"}}, "quantity/unit: .*use KGM"),
    (SEIZURE, {"quantity": {"value": 9, "unit": "H87"}}, "quantity/unit: .*use C62"),
    (SEIZURE, {"quantity": {"value": "12.5", "unit": "KGM"}}, "quantity/value: .*not text"),
    (SEIZURE, {"quantity": {"value": float("nan"), "unit": "KGM"}}, "quantity/value: "),
    (SEIZURE, {"quantity": {"value": -1, "unit": "KGM"}}, "quantity/value: "),
    (SEIZURE, {"quantity": {"value": 3, "unit": "KGM", "qualifier": "not_stated"}}, "quantity: .*never both"),
    (SEIZURE, {"quantity": {"qualifier": "exact"}}, "quantity: .*never both"),
    (SEIZURE, {"quantity": {"value": 3}}, "quantity: .*needs `unit`"),
    (SEIZURE, {"category": "cash", "quantity": {"value": 3, "unit": "KGM"}}, "quantity/unit: .*ISO 4217"),
    (SEIZURE, {"category": "fuel", "quantity": {"value": 3, "unit": "KGM"}}, "quantity/unit: .*LTR"),
    (SEIZURE, {"category": "firearm+ammunition"}, "category: .*sorted"),
    (SEIZURE, {"category": "moonshine"}, "category: .*list goods_categories"),
    (SEIZURE, {"value": {"value": 3, "unit": "KGM"}}, "value/unit: .*money"),
    (ARREST, {"count": "3"}, "count"),
    # Hits and checks.
    (HIT, {"database": "SIS", "record_owner_country": None}, "record_owner_country: required"),
    ("hit.actioned.v1", {"action": "discreet_done"}, "audience/scope: "),
    ("sis_alert.matched.v1", {"article": "36", "audience": {"scope": "all"}}, "audience/scope: .*article 36"),
    (CHECK, {"subject_category": "victim", "subject": None}, "subject_category: .*information.requested.v1"),
    (CHECK, {"subject_category": "witness", "subject": None}, "subject_category: .*information.requested.v1"),
    (CHECK, {"target": "HR", "subject_category": "witness"}, "subject_category: .*information.requested.v1"),
    (CHECK, {"target": "INTERPOL", "subject_category": "victim", "subject": None}, "subject_category: .*requested"),
    (CHECK, {"target": "INTERPOL", "subject": {"subject_category": "other"}}, "subject/subject_category: .*requested"),
    (CHECK, {"subject": {"subject_category": "contact"}}, "subject/subject_category: .*information.requested.v1"),
    (CHECK, {"organisation": {"subject_category": "victim"}}, "organisation/subject_category: .*requested.v1"),
    (CHECK, {"organisation": {"subject_category": "suspect", "names": [{"script": "Cyrl"}]}}, "names/0/full: "),
    (CHECK, {"organisation": {"subject_category": "suspect", "registrations": [{"country": "EL"}]}}, "use GR"),
    ("listing.published.v1", {"organisation": {"subject_category": "suspect"}}, "subject: one of .*organisation"),
    ("cross_check.resulted.v1", {"outcome": "no_hit", "hits": 1}, "hits: 0"),
    ("cross_check.resulted.v1", {"outcome": "hit", "hits": 0}, "hits: at least 1"),
    ("border_check.reported.v1", {"lines": []}, "lines: "),
    ("border_check.reported.v1", {"subject": {"subject_category": "other"}}, "subject/subject_category: .*a number"),
    ("border_check.reported.v1", {"vehicle": {"plate": "BG 12 34"}}, "vehicle: only of one check by itself"),
    ("information.answered.v1", {"outcome": "refused"}, "reason: .*states its reason"),
    ("information.requested.v1", {"clock": "agreed"}, "due_at: required"),
    ("message.sent.v1", {"text": None}, "text: required"),
    ("alert.broadcast.v1", {"expires_at": "2020-01-01T00:00:00Z"}, "expires_at: "),
    # The operation.
    (CREATED, {"priorities": ["fraud"]}, "priorities: "),
    (CREATED, {"narrows": {"arrest.invented.v1": ["national"]}}, "narrows: .*does not exist"),
    (CREATED, {"narrows": {"record.corrected.v1": ["national"]}}, "narrows: .*by nobody"),
    (CREATED, {"narrows": {"operation.closed.v1": []}}, "narrows: .*by nobody"),
    (CREATED, {"checks": {"goods.detected.v1": ["EUROPOL"]}}, "checks: names a type that says of nobody"),
    (CREATED, {"checks": {"arrest.made.v1": []}}, "checks/arrest.made.v1: "),
    (CREATED, {"template": "picnic"}, "template: there is no such template"),
    (CREATED, {"phases": [{"phase": "operational", "from": "2022-07-05T00:00:00Z", "to": "2022-06-24T00:00:00Z"}]},
     "phases/0/to: lies before"),
    (CREATED, {"code": "JAD Danube"}, "code: "),
    (JOINED, {"country": None}, "country: required"),
    (JOINED, {"country": "AT"}, "agency: "),
    (JOINED, {"kind": "europol", "country": None}, "agency: .*EUROPOL"),
]  # fmt: skip


@pytest.mark.parametrize(("type_name", "changes", "said"), REFUSED)
def test_the_door_says_what_is_wrong_and_where(
    type_name: str, changes: dict[str, Any], said: str, refusal: Refusal
) -> None:
    assert re.search(said, refusal(type_name, **changes))


def test_a_time_zone_is_one_that_exists(refusal: Refusal) -> None:
    window = {"from": "2022-06-24T00:00:00+02:00", "to": "2022-07-05T00:00:00+02:00", "time_zone": "Europe/Danube"}

    assert "IANA" in refusal(CREATED, window=window)


def test_a_pair_is_two_records(refusal: Refusal) -> None:
    same = "7c0f3a52-6d0e-5a51-9b7e-2f6f5a9d1c11"

    assert refusal("duplicate.suggested.v1", a=same, b=same).startswith("b: a pair")


def test_facts_are_evaluated(refusal: Refusal) -> None:
    assert "evaluation: Field required" in refusal(ARREST, without="evaluation")


ACCEPTED: list[tuple[str, dict[str, Any]]] = [
    (ARREST, {"handling": H2, "audience": NAMED, "countable": True, "show_existence": True}),
    (ARREST, {**arrested(minor=True, age_band="14-17"), "necessity_note": NOTE}),
    (ARREST, arrested(birth_date="2004-06-24")),  # eighteen on that very day
    (ARREST, arrested(birth_date="2004-06")),  # perhaps seventeen: taken to be as old as can be
    (ARREST, arrested(names=[{"family": "לדוגמה", "given": None, "script": "Hebr"}], nationalities=["IL", "XXA"])),
    (ARREST, {"place": {"country": "XK"}, "count": {"value": 276, "unit": "C62", "qualifier": "over"}}),
    (ARREST, {"category": None, "classification": "bpl"}),
    (SEIZURE, {"category": None, "quantity": {"qualifier": "not_stated"}}),
    (SEIZURE, {"category": "ammunition+firearm", "quantity": {"value": 12, "unit": "C62"}}),
    (SEIZURE, {"category": "cash", "quantity": {"value": 0.125, "unit": "RSD", "qualifier": "almost"}}),
    ("border_check.reported.v1", {"mode": "cumulative_to_date"}),
    (CHECK, {"subject": None, "subject_kind": "organisation", "organisation": FIRM}),
    ("listing.published.v1", {"subject": None, "organisation": FIRM}),
    ("incident.reported.v1", {"organisations": [FIRM, {"subject_category": "victim"}]}),
    ("premises.searched.v1", {"organisation": FIRM}),
    (CREATED, {"checks": {"premises.searched.v1": ["EUROPOL"]}}),
]


@pytest.mark.parametrize(("type_name", "changes"), ACCEPTED)
def test_what_must_be_sayable_can_be_said(type_name: str, changes: dict[str, Any], at_door: Read) -> None:
    assert at_door(type_name, _example(type_name) | changes).headline()


def test_an_accredited_deployment_takes_classified_events(at_door: Read) -> None:
    classified = _example(ARREST) | {"classification": "eu_restricted"}

    assert at_door(ARREST, classified, accredited=True)


@pytest.mark.parametrize(
    ("type_name", "changes"),
    [
        (ARREST, {"classification": "eu_restricted"}),
        (ARREST, arrested(minor=True)),
        (CHECK, {"subject_category": "victim"}),
        ("message.sent.v1", {"text": None}),
    ],
)
def test_what_only_the_door_asks_keeps_no_old_entry_from_being_read(
    type_name: str, changes: dict[str, Any], from_log: Read
) -> None:
    assert from_log(type_name, _example(type_name) | changes).headline()


def _example(type_name: str) -> dict[str, Any]:
    return dict(REGISTER[type_name].example())
