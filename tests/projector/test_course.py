"""How a thing's state came about, by when it is due, and what belongs to it: given a history, then these rows."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from schemas.events.arrest import ArrestMade, ArrestUpdated
from schemas.events.hit import HitActioned, HitRaised, HitVerified
from schemas.events.information import InformationRequested
from schemas.events.message import MessageSent
from schemas.events.record import RecordAcknowledged, RecordCorrected, RecordRetracted
from schemas.events.seizure import SeizureMade, SeizureRevised
from services.projector import projection
from services.projector.projection import Row
from services.shared.thing import Thing
from tests.projector.random_log import BEGIN, WrittenLog

INCIDENT = UUID("5f0f3a52-6d0e-5a51-9b7e-2f6f5a9d1c11")
HIT = UUID("6f0f3a52-6d0e-5a51-9b7e-2f6f5a9d1c11")


def rows(log: WrittenLog, table: str) -> list[Row]:
    found = [row for row in projection.rows(Thing(tuple(log.lines()))).values() if row.table == table]
    return sorted(found, key=lambda row: (row.key, row.line))


def thing(log: WrittenLog) -> dict[str, Any]:
    [row] = rows(log, "things")
    return {**row.values, "steps": msgspec.json.decode(row.values["steps"])}


def at(hours: float) -> dict[str, Any]:
    moment: datetime = BEGIN + timedelta(hours=hours)
    return {"from": moment.isoformat(), "precision": "minute"}


def states(log: WrittenLog) -> list[str]:
    return [step["state"] for step in thing(log)["steps"]]


def test_what_was_only_opened_has_no_steps(log: WrittenLog) -> None:
    log.post(HitRaised)

    assert thing(log)["steps"] == []


def test_the_steps_are_those_that_moved_the_state_each_with_who_and_when(log: WrittenLog) -> None:
    hit = log.post(HitRaised, by="BA", occurred=at(1))
    log.post(RecordAcknowledged, by="MD", thing=hit, target=str(hit))
    verified = log.post(HitVerified, by="HR", thing=hit, occurred=at(2), outcome="confirmed")
    log.post(HitActioned, by="BA", thing=hit, occurred=at(3))

    assert states(log) == ["raised", "confirmed", "actioned"]
    step = thing(log)["steps"][1]
    assert (step["entry"], step["agency"], step["verb"]) == (str(verified), "HR", "verified")
    assert datetime.fromisoformat(step["occurred_at"]) == BEGIN + timedelta(hours=2)


def test_a_late_report_of_an_earlier_step_stands_where_it_happened(log: WrittenLog) -> None:
    arrest = log.post(ArrestMade, occurred=at(1), custody="detained")
    log.post(ArrestUpdated, thing=arrest, occurred=at(5), status="charged")
    log.post(ArrestUpdated, thing=arrest, occurred=at(3), status="handed_over")

    assert states(log)[:2] == ["detained", "handed_over"]
    assert states(log)[-1] == thing(log)["state"]


def test_a_corrected_time_moves_a_step_and_a_retracted_command_is_none(log: WrittenLog) -> None:
    hit = log.post(HitRaised, occurred=at(1))
    verified = log.post(HitVerified, thing=hit, occurred=at(2))
    corrected = {**log.data[verified], "occurred": at(4)}
    log.post(RecordCorrected, thing=hit, target=str(verified), corrected=corrected)

    assert datetime.fromisoformat(thing(log)["steps"][1]["occurred_at"]) == BEGIN + timedelta(hours=4)

    log.post(RecordRetracted, thing=hit, target=str(verified))

    assert thing(log)["steps"] == []


def test_a_seizure_that_was_weighed_was_pending_before(log: WrittenLog) -> None:
    seizure = log.post(SeizureMade, occurred=at(1), status="pending_inventory")
    log.post(SeizureRevised, thing=seizure, occurred=at(2))

    assert states(log) == ["pending_inventory", "final"]


@pytest.mark.parametrize(
    ("clock", "due"),
    [("8h", timedelta(hours=8)), ("3d", timedelta(days=3)), ("7d", timedelta(days=7))],
)
def test_a_request_is_due_from_when_it_was_recorded(log: WrittenLog, clock: str, due: timedelta) -> None:
    log.post(InformationRequested, clock=clock, occurred=at(-24), at=BEGIN)

    assert thing(log)["due_at"] == BEGIN + due


def test_an_agreed_clock_and_a_sis_hit_are_due_and_others_are_not(log: WrittenLog) -> None:
    log.post(InformationRequested, clock="agreed", due_at=(BEGIN + timedelta(hours=1)).isoformat())
    assert thing(log)["due_at"] == BEGIN + timedelta(hours=1)

    log = WrittenLog()
    log.post(HitRaised, database="SIS", record_owner_country="IT", at=BEGIN)
    assert thing(log)["due_at"] == BEGIN + timedelta(hours=12)

    log = WrittenLog()
    log.post(HitRaised, database="SLTD")
    assert thing(log)["due_at"] is None


def test_a_record_is_tied_to_what_it_names_by_what_it_calls_it(log: WrittenLog) -> None:
    other = UUID("7f0f3a52-6d0e-5a51-9b7e-2f6f5a9d1c11")
    tie = {"rel": "part_of", "target": str(other)}
    arrest = log.post(ArrestMade, incident=str(INCIDENT), result_of=str(HIT), links=[tie])
    log.post(ArrestUpdated, thing=arrest)

    ties = {(row.values["rel"], row.values["target"]) for row in rows(log, "links")}
    assert ties == {("incident", INCIDENT), ("result_of", HIT), ("part_of", other)}
    assert {row.values["thing"] for row in rows(log, "links")} == {arrest}


def test_a_tie_goes_with_a_correction_and_with_a_retraction(log: WrittenLog) -> None:
    message = log.post(MessageSent, regarding=str(HIT))
    corrected = {**log.data[message], "regarding": str(INCIDENT)}
    log.post(RecordCorrected, thing=message, target=str(message), corrected=corrected)

    assert [row.values["target"] for row in rows(log, "links")] == [INCIDENT]

    log.post(RecordRetracted, thing=message, target=str(message))

    assert rows(log, "links") == []
