"""Given a history, when it is projected, then these counts: each metric by itself, without a database."""

from decimal import Decimal

from schemas.events.arrest import ArrestMade
from schemas.events.border_check import BorderCheckReported
from schemas.events.cross_check import CrossCheckRequested, CrossCheckResulted
from schemas.events.document_fraud import DocumentFraudDetected
from schemas.events.goods import GoodsDetected
from schemas.events.hit import HitActioned, HitRaised, HitVerified
from schemas.events.investigation import InvestigationOpened
from schemas.events.irregular_migration import IrregularMigrationDetected
from schemas.events.notice import NoticeMatched
from schemas.events.participant import ParticipantJoined, ParticipantLeft
from schemas.events.record import RecordCorrected
from schemas.events.seizure import SeizureMade, SeizureRevised
from schemas.events.thb_case import ThbCaseReported, ThbCaseUpdated
from schemas.events.vehicle import VehicleDetected
from tests.projector.projected import figures, moved_by, rows, thing
from tests.projector.random_log import WrittenLog


def test_an_arrest_counts_with_its_category(log: WrittenLog) -> None:
    log.post(ArrestMade, category="smuggler", count=3)

    assert figures(log) == {"arrests": 3, "arrests.smugglers": 3}


def test_an_arrest_without_category_counts_in_the_total_alone(log: WrittenLog) -> None:
    log.post(ArrestMade, category=None)

    assert figures(log) == {"arrests": 1}


def test_a_hit_counts_as_raised_confirmed_and_acted_upon_each_with_its_entry(log: WrittenLog) -> None:
    hit = log.post(HitRaised, database="Nominals")
    verdict = log.post(HitVerified, thing=hit, by="INTERPOL", outcome="confirmed")
    action = log.post(HitActioned, thing=hit, action="located")

    assert moved_by(log) == {
        "interpol_hits.raised": hit,
        "interpol_hits.confirmed": verdict,
        "interpol_hits.actioned": action,
    }
    assert thing(log)["state"] == "actioned"
    assert thing(log)["detail"]["verdict"]["outcome"] == "confirmed"
    assert thing(log)["detail"]["action"]["action"] == "located"


def test_a_hit_with_two_red_notices_is_one_red_notice_match_once_it_is_confirmed(log: WrittenLog) -> None:
    hit = log.post(HitRaised, database="Nominals")
    log.post(NoticeMatched, thing=hit, colour="red")
    log.post(NoticeMatched, thing=hit, colour="red")
    assert "interpol_hits.confirmed.red_notices" not in figures(log)

    verdict = log.post(HitVerified, thing=hit, outcome="confirmed")

    assert figures(log)["interpol_hits.confirmed.red_notices"] == 1
    assert moved_by(log)["interpol_hits.confirmed.red_notices"] == verdict
    assert len(thing(log)["detail"]["notices"]) == 2


def test_hits_of_other_databases_are_counted_apart(log: WrittenLog) -> None:
    hit = log.post(HitRaised, database="SIS", record_owner_country="IT")
    log.post(HitActioned, thing=hit, action="none", reason="not there any more")

    assert figures(log) == {"hits.SIS.raised": 1}


def test_a_cross_check_counts_with_its_result(log: WrittenLog) -> None:
    check = log.post(CrossCheckRequested, by="AT", target="EUROPOL")
    assert figures(log) == {"cross_checks.open": 1}

    result = log.post(CrossCheckResulted, thing=check, by="EUROPOL", outcome="hit", hits=2)

    assert figures(log) == {"cross_checks": 1, "cross_checks.hits": 2}
    assert set(moved_by(log).values()) == {result}
    assert {row.values["agency"] for row in rows(log, "facts")} == {"AT"}
    assert thing(log)["state"] == "resulted"


def test_a_case_and_its_victims_are_two_counts(log: WrittenLog) -> None:
    log.post(ThbCaseReported, status="suspected", victims={"minors": 2, "adults": 1})

    assert figures(log) == {
        "thb_cases": 1,
        "thb_victims": 3,
        "thb_victims.minors": 2,
        "thb_victims.adults": 1,
    }


def test_an_update_of_a_case_changes_only_what_it_says(log: WrittenLog) -> None:
    case = log.post(ThbCaseReported, status="suspected", victims={"minors": 2})
    update = log.post(ThbCaseUpdated, thing=case, status="confirmed", victims=None)

    assert figures(log) == {"thb_cases": 1, "thb_cases.confirmed": 1, "thb_victims": 2, "thb_victims.minors": 2}
    assert moved_by(log)["thb_cases.confirmed"] == update
    assert thing(log)["detail"]["victims"] == {"minors": 2}


def test_a_refuted_case_counts_nowhere(log: WrittenLog) -> None:
    case = log.post(ThbCaseReported, status="confirmed", victims={"minors": 2})
    log.post(ThbCaseUpdated, thing=case, status="refuted", victims=None)

    assert figures(log) == {}
    assert thing(log)["state"] == "refuted"


def test_victims_that_nobody_counted_are_not_stated(log: WrittenLog) -> None:
    log.post(ThbCaseReported, status="suspected", victims={})

    [victims] = [row.values for row in rows(log, "facts") if row.values["metric"] == "thb_victims"]
    assert (victims["quantity"], victims["qualifier"]) == (None, "not_stated")


def test_a_seizure_counts_with_its_latest_quantity(log: WrittenLog) -> None:
    heavy = {"value": 12.5, "unit": "KGM", "qualifier": "about"}
    seizure = log.post(SeizureMade, category="cannabis", quantity=heavy, value=None)
    log.post(SeizureRevised, thing=seizure, quantity={"value": 11.94, "unit": "KGM"}, value=None)

    assert figures(log) == {"seizures.cannabis.KGM": Decimal("11.94")}
    assert thing(log)["detail"]["quantity"]["value"] == 11.94

    corrected = {**log.data[seizure], "category": "hashish"}
    log.post(RecordCorrected, thing=seizure, target=str(seizure), corrected=corrected)

    assert figures(log) == {"seizures.hashish.KGM": Decimal("12.5")}


def test_what_is_counted_again_later_had_happened_when_it_was_found(log: WrittenLog) -> None:
    found, weighed = ({"from": f"2022-06-{day}T09:00:00Z", "precision": "minute"} for day in (24, 26))
    seizure = log.post(SeizureMade, occurred=found)
    log.post(SeizureRevised, thing=seizure, occurred=weighed, value={"value": 50000, "unit": "EUR"})
    of_seizure = [row.values for row in rows(log, "facts")]
    cases = WrittenLog()
    case = cases.post(ThbCaseReported, occurred=found, victims={"minors": 1})
    cases.post(ThbCaseUpdated, thing=case, occurred=weighed, status=None, victims={"minors": 3})
    of_case = [row.values for row in rows(cases, "facts") if row.values["metric"] == "thb_victims.minors"]

    assert [str(values["quantity"]) for values in of_seizure + of_case] == ["11.94", "50000", "3"]
    assert {values["occurred_at"].day for values in of_seizure + of_case} == {24}


def test_goods_and_vehicles_without_a_number_are_detected_with_no_quantity_stated(log: WrittenLog) -> None:
    log.post(GoodsDetected, category="smuggled_goods", quantity={"qualifier": "not_stated"})
    vehicles = WrittenLog()
    vehicles.post(VehicleDetected, status="stolen", category="car", count={"qualifier": "not_stated"})

    assert figures(log) == {"goods": None, "goods.smuggled_goods.not_stated": None}
    assert [row.values["qualifier"] for row in rows(log, "facts")] == ["not_stated", "not_stated"]
    assert figures(vehicles) == {"vehicles.stolen": None}


def test_stolen_boats_stand_beside_vehicles_and_others_are_not_stolen(log: WrittenLog) -> None:
    log.post(VehicleDetected, status="stolen", category="boat", count=2)
    smuggling = WrittenLog()
    smuggling.post(VehicleDetected, status="used_for_smuggling", category="car")

    assert figures(log) == {"vehicles.stolen.boats": 2}
    assert figures(smuggling) == {}


def test_false_documents_count_by_class_and_by_type(log: WrittenLog) -> None:
    log.post(DocumentFraudDetected, document_class="passport", fraud_type="forged", count=4)

    assert figures(log) == {
        "documents_fraudulent": 4,
        "documents_fraudulent.class.passport": 4,
        "documents_fraudulent.type.forged": 4,
    }


def test_who_has_left_took_part_all_the_same(log: WrittenLog) -> None:
    joined = log.post(ParticipantJoined, by="FRONTEX")
    log.post(ParticipantLeft, by="FRONTEX", thing=joined)

    [country] = rows(log, "facts")
    assert (country.values["metric"], country.values["distinct_on"]) == ("participants.countries", "BA")
    assert thing(log)["state"] == "left"


def test_a_body_is_no_country(log: WrittenLog) -> None:
    log.post(ParticipantJoined, by="FRONTEX", agency="EUROPOL", kind="europol", country=None)

    assert figures(log) == {"participants.bodies": 1}


def test_checks_stay_composite_and_searches_are_no_checks(log: WrittenLog) -> None:
    person = {"covers": ["person"], "quantity": 40, "level": "first_line"}
    both = {"covers": ["vehicle", "person"], "quantity": 10, "level": "first_line"}
    search = {"covers": ["document"], "quantity": 900, "level": "database_search", "system": "SLTD"}
    log.post(BorderCheckReported, lines=[person, both, search], mode="increment")

    assert figures(log) == {"checks.person": 40, "checks.person+vehicle": 10, "searches.SLTD": 900}


def test_a_cumulative_report_says_what_it_replaces(log: WrittenLog) -> None:
    line = {"covers": ["person"], "quantity": 40, "level": "first_line"}
    log.post(BorderCheckReported, lines=[line], mode="cumulative_to_date", place={"country": "BA"})

    [row] = rows(log, "facts")
    assert row.values["latest_of"].startswith("checks.person|first_line||BA|BA")


def test_overstayers_are_counted_apart(log: WrittenLog) -> None:
    log.post(IrregularMigrationDetected, kind="IrregularStay", count=3)

    assert figures(log) == {"overstayers": 3}


def test_investigations_have_no_total(log: WrittenLog) -> None:
    log.post(InvestigationOpened, kind="against_network", count=1)

    assert figures(log) == {"investigations.networks": 1}
