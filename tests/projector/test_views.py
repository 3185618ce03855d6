"""Given a history, when it is projected, then these rows: each view by itself, without a database."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
import pytest

from schemas.event import REGISTER, Event
from schemas.events.arrest import ArrestMade, ArrestUpdated
from schemas.events.border_check import BorderCheckReported
from schemas.events.cross_check import CrossCheckDeclined, CrossCheckRequested, CrossCheckResulted
from schemas.events.deployment import DeploymentReported
from schemas.events.document_fraud import DocumentFraudDetected
from schemas.events.goods import GoodsDetected
from schemas.events.handling import HandlingChanged
from schemas.events.hit import HitActioned, HitRaised, HitVerified
from schemas.events.investigation import InvestigationOpened
from schemas.events.irregular_migration import IrregularMigrationDetected
from schemas.events.judicial_measure import JudicialMeasureExecuted, JudicialMeasureRequested
from schemas.events.notice import NoticeMatched
from schemas.events.operation import OperationArchived, OperationClosed, OperationCreated, OperationReopened
from schemas.events.participant import ParticipantJoined, ParticipantLeft
from schemas.events.record import RecordAcknowledged, RecordCorrected, RecordRetracted
from schemas.events.seizure import SeizureMade, SeizureRevised
from schemas.events.task import TaskAssigned, TaskCompleted
from schemas.events.thb_case import ThbCaseReported, ThbCaseUpdated
from schemas.events.vehicle import VehicleDetected
from services.projector import projection
from services.projector.projection import Row
from services.shared.thing import Thing
from tests.projector.random_log import WrittenLog


@pytest.fixture
def log() -> WrittenLog:
    return WrittenLog()


def rows(log: WrittenLog, table: str) -> list[Row]:
    """The rows of the log's one thing."""
    return [row for row in projection.rows(Thing(tuple(log.lines()))).values() if row.table == table]


def figures(log: WrittenLog) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in rows(log, "facts"):
        quantity = row.values["quantity"]
        metric = row.values["metric"]
        found[metric] = quantity if metric not in found else found[metric] + quantity
    return found


def moved_by(log: WrittenLog) -> dict[str, UUID]:
    return {row.values["metric"]: row.values["entry"] for row in rows(log, "facts")}


def thing(log: WrittenLog) -> dict[str, Any]:
    [row] = rows(log, "things")
    return {**row.values, "detail": msgspec.json.decode(row.values["detail"])}


@pytest.mark.parametrize("event", [event for event in REGISTER.values() if not event.changes])
def test_what_any_event_opens_is_a_thing_and_a_line_of_the_timeline(log: WrittenLog, event: type[Event]) -> None:
    opened = log.post(event)

    assert thing(log)["kind"] == (event.opens or event.type.partition(".")[0])
    assert thing(log)["version"] == opened
    assert [row.key for row in rows(log, "timeline")] == [opened]


def test_an_arrest_counts_with_its_category(log: WrittenLog) -> None:
    log.post(ArrestMade, category="smuggler", count=3)

    assert figures(log) == {"arrests": 3, "arrests.smugglers": 3}


def test_an_arrest_without_category_counts_in_the_total_alone(log: WrittenLog) -> None:
    log.post(ArrestMade, category=None)

    assert figures(log) == {"arrests": 1}


def test_an_arrest_shows_the_custody_of_now_and_nothing_that_is_sealed(log: WrittenLog) -> None:
    arrest = log.post(ArrestMade)
    log.post(ArrestUpdated, thing=arrest, status="charged")

    assert thing(log)["state"] == "charged"
    assert thing(log)["detail"]["person"] == {"subject_category": "suspect", "minor": False}


def test_a_correction_of_an_opening_is_what_counts_and_both_lines_stand(log: WrittenLog) -> None:
    arrest = log.post(ArrestMade, category="smuggler", count=1)
    corrected = {**log.data[arrest], "count": 2}
    correction = log.post(RecordCorrected, thing=arrest, target=str(arrest), corrected=corrected)

    assert figures(log)["arrests"] == 2
    assert moved_by(log)["arrests"] == arrest
    assert {row.key: row.values["state"] for row in rows(log, "timeline")} == {
        arrest: "corrected",
        correction: "in_force",
    }


def test_what_is_retracted_counts_no_more_and_stays_to_be_seen(log: WrittenLog) -> None:
    arrest = log.post(ArrestMade)
    log.post(RecordRetracted, thing=arrest, target=str(arrest))

    assert figures(log) == {}
    assert thing(log)["state"] == "retracted"
    assert rows(log, "timeline")[0].values["state"] == "retracted"


def test_a_retraction_can_be_taken_back(log: WrittenLog) -> None:
    arrest = log.post(ArrestMade, count=2)
    retraction = log.post(RecordRetracted, thing=arrest, target=str(arrest))
    log.post(RecordRetracted, thing=arrest, target=str(retraction))

    assert figures(log)["arrests"] == 2
    assert [row.values["state"] for row in rows(log, "timeline")] == ["in_force", "retracted", "in_force"]


def test_a_retracted_correction_leaves_the_correction_before_it(log: WrittenLog) -> None:
    arrest = log.post(ArrestMade, count=1)
    first = {**log.data[arrest], "count": 2}
    log.post(RecordCorrected, thing=arrest, target=str(arrest), corrected=first)
    second = log.post(RecordCorrected, thing=arrest, target=str(arrest), corrected={**first, "count": 9})
    log.post(RecordRetracted, thing=arrest, target=str(second))

    assert figures(log)["arrests"] == 2


def test_only_what_changes_a_thing_changes_its_version(log: WrittenLog) -> None:
    arrest = log.post(ArrestMade)
    update = log.post(ArrestUpdated, thing=arrest)
    log.post(RecordAcknowledged, thing=arrest, target=str(arrest))

    assert thing(log)["version"] == update
    assert thing(log)["last_position"] == 3


def test_a_change_of_handling_moves_the_audience_and_the_codes(log: WrittenLog) -> None:
    arrest = log.post(ArrestMade, by="FRONTEX", on_behalf_of="BA", audience={"scope": "all"})
    log.post(
        HandlingChanged,
        thing=arrest,
        target=str(arrest),
        new_audience={"scope": "named", "agencies": ["MD"]},
        new_handling={"codes": ["H2"]},
    )

    assert Thing(tuple(log.lines())).audience == ("agency:BA", "agency:FRONTEX", "agency:MD")
    assert [row.values["handling"] for row in rows(log, "timeline")] == [["H2"], ["H2"]]
    assert thing(log)["agency"] == "BA"


def test_a_command_is_found_by_the_country_and_the_category_of_what_it_changes(log: WrittenLog) -> None:
    arrest = log.post(ArrestMade, category="courier", place={"country": "RS"})
    log.post(ArrestUpdated, thing=arrest, by="AT")

    lines = [(row.values["country"], row.values["category"]) for row in rows(log, "timeline")]
    assert lines == [("RS", "courier"), ("RS", "courier")]


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


def test_the_latest_verdict_holds(log: WrittenLog) -> None:
    hit = log.post(HitRaised, database="SLTD")
    log.post(HitVerified, thing=hit, outcome="confirmed")
    log.post(HitVerified, thing=hit, outcome="refuted")

    assert figures(log) == {"interpol_hits.raised": 1}
    assert thing(log)["state"] == "refuted"


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


def test_a_declined_cross_check_and_one_with_another_agency_are_no_cross_checks(log: WrittenLog) -> None:
    check = log.post(CrossCheckRequested, target="EUROPOL")
    log.post(CrossCheckDeclined, thing=check, by="EUROPOL")
    elsewhere = WrittenLog()
    check = elsewhere.post(CrossCheckRequested, target="INTERPOL")
    elsewhere.post(CrossCheckResulted, thing=check, by="INTERPOL")

    assert figures(log) == {"cross_checks.declined": 1}
    assert figures(elsewhere) == {}


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


def test_officers_replace_what_the_agency_said_of_the_place(log: WrittenLog) -> None:
    log.post(DeploymentReported, officers=12, place={"country": "BA", "text": "invented crossing"})

    [officers] = rows(log, "facts")
    assert officers.values["latest_of"] == "officers|BA|BA|||invented crossing"


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


def test_an_operation_is_open_closed_reopened_and_archived(log: WrittenLog) -> None:
    operation = log.post(OperationCreated, by="FRONTEX")
    states = [thing(log)["state"]]

    for event in (OperationClosed, OperationReopened, OperationArchived):
        log.post(event, by="FRONTEX", thing=operation)
        states.append(thing(log)["state"])

    assert states == ["open", "closed", "open", "archived"]
    assert thing(log)["detail"]["window"]["time_zone"]


@pytest.mark.parametrize(
    ("opening", "answer", "outcome"),
    [
        (TaskAssigned, TaskCompleted, "not_possible"),
        (JudicialMeasureRequested, JudicialMeasureExecuted, "refused"),
    ],
)
def test_what_was_refused_is_not_shown_as_done(
    log: WrittenLog, opening: type[Event], answer: type[Event], outcome: str
) -> None:
    opened = log.post(opening, by="FRONTEX")
    log.post(answer, by="BA", thing=opened, outcome=outcome)

    assert thing(log)["state"] == outcome


def test_a_kind_without_a_description_of_its_own_tells_what_followed(log: WrittenLog) -> None:
    task = log.post(TaskAssigned, by="FRONTEX")
    done = log.post(TaskCompleted, by="BA", thing=task)

    assert thing(log)["state"] == "done"
    [followed] = thing(log)["detail"]["followed"]
    assert (followed["entry"], followed["agency"]) == (str(done), "BA")
