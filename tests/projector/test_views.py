"""Given a history, when it is projected, then these rows: each view by itself, without a database."""

import pytest

from schemas.event import REGISTER, Event
from schemas.events.arrest import ArrestMade, ArrestUpdated
from schemas.events.cross_check import CrossCheckDeclined, CrossCheckRequested, CrossCheckResulted
from schemas.events.deployment import DeploymentReported
from schemas.events.handling import HandlingChanged
from schemas.events.hit import HitRaised, HitVerified
from schemas.events.judicial_measure import JudicialMeasureExecuted, JudicialMeasureRequested
from schemas.events.operation import OperationArchived, OperationClosed, OperationCreated, OperationReopened
from schemas.events.record import RecordAcknowledged, RecordCorrected, RecordRetracted
from schemas.events.task import TaskAssigned, TaskCompleted
from services.shared.thing import Thing
from tests.projector.projected import figures, moved_by, rows, thing
from tests.projector.random_log import WrittenLog


@pytest.mark.parametrize("event", [event for event in REGISTER.values() if not event.changes])
def test_what_any_event_opens_is_a_thing_and_a_line_of_the_timeline(log: WrittenLog, event: type[Event]) -> None:
    opened = log.post(event)

    assert thing(log)["kind"] == (event.opens or event.type.partition(".")[0])
    assert thing(log)["version"] == opened
    assert [row.key for row in rows(log, "timeline")] == [opened]


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


def test_the_latest_verdict_holds(log: WrittenLog) -> None:
    hit = log.post(HitRaised, database="SLTD")
    log.post(HitVerified, thing=hit, outcome="confirmed")
    log.post(HitVerified, thing=hit, outcome="refuted")

    assert figures(log) == {"interpol_hits.raised": 1}
    assert thing(log)["state"] == "refuted"


def test_a_declined_cross_check_and_one_with_another_agency_are_no_cross_checks(log: WrittenLog) -> None:
    check = log.post(CrossCheckRequested, target="EUROPOL")
    log.post(CrossCheckDeclined, thing=check, by="EUROPOL")
    elsewhere = WrittenLog()
    check = elsewhere.post(CrossCheckRequested, target="INTERPOL")
    elsewhere.post(CrossCheckResulted, thing=check, by="INTERPOL")

    assert figures(log) == {"cross_checks.declined": 1}
    assert figures(elsewhere) == {}


def test_officers_replace_what_the_agency_said_of_the_place(log: WrittenLog) -> None:
    log.post(DeploymentReported, officers=12, place={"country": "BA", "text": "invented crossing"})

    [officers] = rows(log, "facts")
    assert officers.values["latest_of"] == "officers|BA|BA|||invented crossing"


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
