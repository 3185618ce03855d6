"""The Danube drill as data: acceptable to the last report, in order, and about nobody."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from schemas.event import REGISTER, By, Event
from services.drill import Drill, Posting
from services.drill.check import faults

INVENTED = ("Invented", "Επινοημένος")


def test_every_report_is_acceptable_at_the_door(danube_folder: Path) -> None:
    assert faults(danube_folder) == []


def test_the_drill_has_about_2500_reports_over_eleven_days(danube: Drill) -> None:
    days = Counter(one.time.date() for one in danube.postings if one.time >= danube.starts)

    assert 2400 <= len(danube.postings) <= 2600
    assert len(days) == 11
    assert min(days.values()) > 100


def test_the_files_stay_small_enough_to_be_read_in_a_review(danube_folder: Path) -> None:
    files = [*danube_folder.glob("*.json"), *danube_folder.glob("reports/*.ndjson")]

    assert sum(file.stat().st_size for file in files) < 600_000


def test_every_report_has_an_id_and_an_entry_of_its_own(danube: Drill) -> None:
    assert len({one.id for one in danube.postings}) == len(danube.postings)
    assert len({one.entry for one in danube.postings}) == len(danube.postings)


def test_reports_stand_in_the_order_of_time_and_nothing_is_told_before_it_happened(danube: Drill) -> None:
    times = [one.time for one in danube.postings]
    told_early = [
        one.id
        for one in danube.postings
        if datetime.fromisoformat(one.report["data"]["occurred"].get("to", _begin(one))) > one.time
    ]

    assert times == sorted(times)
    assert told_early == []


def test_the_first_report_opens_the_operation_as_an_exercise(danube: Drill) -> None:
    first = danube.postings[0]

    assert (first.type, first.agency) == ("operation.created.v1", "FRONTEX")
    assert first.report["data"]["exercise"] is True
    assert first.report["data"]["code"] == danube.operation


def test_every_agency_joins_before_it_reports(danube: Drill) -> None:
    joined = {"FRONTEX"}
    strangers = []
    for one in danube.postings:
        if one.type == "participant.joined.v1":
            joined.add(one.report["data"]["agency"])
        elif one.agency not in joined:
            strangers.append(one.id)

    assert strangers == []
    assert joined == {agency.code for agency in danube.agencies}


def test_every_agency_posts_only_what_it_may(danube: Drill) -> None:
    opened = {one.entry: one for one in danube.postings}
    kinds = {agency.code: agency.kind for agency in danube.agencies}

    trespasses = [one.id for one in danube.postings if not _may_post(one, opened[one.thing], kinds=kinds)]

    assert trespasses == []


def test_a_command_carries_exactly_the_audience_of_its_thing(danube: Drill) -> None:
    opened = {one.entry: one.report["data"] for one in danube.postings}

    betrayals = [one.id for one in danube.postings if one.report["data"]["audience"] != opened[one.thing]["audience"]]

    assert betrayals == []


def test_every_name_says_that_it_is_invented(danube: Drill) -> None:
    names = [name for one in danube.postings for name in _names(one.report["data"])]

    assert len(names) > 300
    assert [name for name in names if not any(marker in name for marker in INVENTED)] == []


def test_every_number_of_a_document_or_plate_says_that_it_is_invented(danube: Drill) -> None:
    numbers = [
        value
        for one in danube.postings
        for member, value in _members(one.report["data"])
        if member in ("number", "plate", "record_ref", "notice_id")
    ]

    assert len(numbers) > 100
    assert [number for number in numbers if not number.startswith("INVENTED")] == []


def test_the_fugitive_is_out_of_scope_and_results_from_a_confirmed_red_notice_hit(danube: Drill) -> None:
    by_id = {one.id: one for one in danube.postings}
    arrest = by_id["fugitive-arrest"]
    hit = by_id["fugitive-hit"]
    told_of_hit = [one.report["data"] for one in danube.postings if one.thing == hit.entry]

    assert (arrest.agency, arrest.time.isoformat()[:10]) == ("BA", "2022-06-24")
    assert arrest.report["data"]["in_scope"] is False
    assert arrest.report["data"]["result_of"] == str(hit.entry)
    assert [data.get("outcome") or data.get("colour") or data.get("action") for data in told_of_hit[1:]] == [
        "confirmed",
        "red",
        "arrested",
    ]


def test_the_childrens_cases_are_named_and_counted_for_all(danube: Drill) -> None:
    cases = [one.report["data"] for one in danube.postings if one.type == "thb_case.reported.v1"]

    assert [case["audience"]["scope"] for case in cases] == ["named", "named"]
    assert all("safeguarding" in case["audience"]["groups"] for case in cases)
    assert all("H2" in case["handling"]["codes"] and case["countable"] for case in cases)


def test_one_incident_touches_the_case_the_document_and_two_children(danube: Drill) -> None:
    incident = next(one for one in danube.postings if one.id == "guardianship")
    touched = {one.type for one in danube.postings if one.report["data"].get("incident") == str(incident.entry)}

    assert {"thb_case.reported.v1", "document_fraud.detected.v1", "victim.safeguarded.v1"} <= touched
    assert "arrest.made.v1" not in touched


def test_a_report_came_late_one_was_corrected_and_one_was_taken_back(danube: Drill) -> None:
    late = next(one for one in danube.postings if one.id == "late-arrest")
    types = Counter(one.type for one in danube.postings)

    assert (late.time - datetime.fromisoformat(_begin(late))).total_seconds() > 24 * 3600
    assert (types["record.corrected.v1"], types["record.retracted.v1"]) == (1, 1)


def test_the_routine_reports_are_those_that_the_generator_composes(danube_folder: Path) -> None:
    composed = subprocess.run(
        [sys.executable, str(danube_folder / "compose"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (composed.returncode, composed.stdout) == (0, "")


def _may_post(one: Posting, opening: Posting, *, kinds: dict[str, str]) -> bool:
    event = REGISTER[one.type]
    allowed = event.posted_by
    owners = {opening.agency, opening.report["data"].get("on_behalf_of")}
    parties = _read(opening).parties()
    if one.agency in ("FRONTEX", "AT") and By.LEAD in allowed:
        return True
    if one.agency in owners and By.OWNER in allowed:
        return True
    if any(one.agency in parties.get(by, ()) or f"country:{one.agency}" in parties.get(by, ()) for by in allowed):
        return True
    return By.ALL in allowed or By(kinds[one.agency]) in allowed


def _read(one: Posting) -> Event:
    return REGISTER[one.type].adapter().validate_python(one.report["data"])


def _begin(one: Posting) -> str:
    return one.report["data"]["occurred"]["from"]


def _names(value: Any) -> Iterator[str]:
    for member, inner in _members(value):
        if member in ("names", "transliterations", "aliases"):
            for name in inner:
                yield " ".join(part for part in (name.get("family"), name.get("given")) if part)


def _members(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for member, inner in value.items():
            yield member, inner
            yield from _members(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _members(inner)
