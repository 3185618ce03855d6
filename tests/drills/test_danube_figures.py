"""The Danube drill in numbers: its reports add up to what was published, counted in a second, small way."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from services.drill import Drill, published

INTERPOL_DATABASES = {"Nominals", "SLTD", "TDAWN", "SMV", "iARMS", "WoA"}


@pytest.fixture(scope="module")
def in_force(danube: Drill) -> dict[str, list[dict[str, Any]]]:
    """Type -> the data that holds at the end: corrected where it was, and without what was retracted."""
    return _in_force(danube)


def test_the_reports_add_up_to_what_was_published(
    in_force: dict[str, list[dict[str, Any]]], danube_folder: Path
) -> None:
    counted = _counted(in_force)

    assert counted == {figure["metric"]: figure["published"] for figure in published(danube_folder)}


def test_there_is_no_arrest_beside_the_smugglers_and_the_fugitive(
    in_force: dict[str, list[dict[str, Any]]],
) -> None:
    assert {arrest["category"] for arrest in in_force["arrest.made.v1"]} == {"smuggler", "fugitive"}


def test_more_hits_were_raised_than_confirmed(in_force: dict[str, list[dict[str, Any]]]) -> None:
    raised = [hit for hit in in_force["hit.raised.v1"] if hit["database"] in INTERPOL_DATABASES]

    assert len(raised) > 35


def test_the_other_five_red_notice_hits_are_actioned_as_located(danube: Drill) -> None:
    red = {
        one.thing
        for one in danube.postings
        if one.type == "notice.matched.v1" and one.report["data"]["colour"] == "red"
    }
    actions = Counter(
        one.report["data"]["action"] for one in danube.postings if one.type == "hit.actioned.v1" and one.thing in red
    )

    assert actions == {"located": 5, "arrested": 1}


def _in_force(danube: Drill) -> dict[str, list[dict[str, Any]]]:
    data = {str(one.entry): {**one.report["data"], "own": str(one.entry)} for one in danube.postings}
    types = {str(one.entry): one.type for one in danube.postings}
    for one in danube.postings:
        if one.type == "record.corrected.v1":
            target = one.report["data"]["target"]
            data[target] = {**one.report["data"]["corrected"], "own": target}
        if one.type == "record.retracted.v1":
            del data[one.report["data"]["target"]]
    held: dict[str, list[dict[str, Any]]] = {}
    for entry, members in data.items():
        held.setdefault(types[entry], []).append(members)
    return held


def _counted(held: dict[str, list[dict[str, Any]]]) -> dict[str, int | str]:
    """Nothing of the projector's is used."""
    arrests = held["arrest.made.v1"]
    joined = held["participant.joined.v1"]
    databases = {hit["own"]: hit["database"] for hit in held["hit.raised.v1"]}
    confirmed = {
        verdict["hit"]
        for verdict in held["hit.verified.v1"]
        if verdict["outcome"] == "confirmed" and databases[verdict["hit"]] in INTERPOL_DATABASES
    }
    red = {match["hit"] for match in held["notice.matched.v1"] if match["colour"] == "red"}
    results = {result["check"]: result["hits"] for result in held["cross_check.resulted.v1"]}
    victims = [case["victims"] for case in held["thb_case.reported.v1"]]
    stolen = [vehicle for vehicle in held["vehicle.detected.v1"] if vehicle["status"] == "stolen"]
    assert all(set(case) == {"minors"} for case in victims)
    return {
        "participants.countries": len({one["country"] for one in joined if one["kind"] == "national"}),
        "participants.bodies": sum(one["kind"] != "national" for one in joined),
        "arrests.smugglers": sum(one.get("count", 1) for one in arrests if one["category"] == "smuggler"),
        "arrests.fugitives": sum(one.get("count", 1) for one in arrests if one["category"] == "fugitive"),
        "thb_cases": len(victims),
        "thb_victims.minors": sum(case["minors"] for case in victims),
        "interpol_hits.confirmed": len(confirmed),
        "interpol_hits.confirmed.red_notices": len(confirmed & red),
        "cross_checks": len(results),
        "cross_checks.hits": sum(results.values()),
        "vehicles.stolen": _stated([vehicle["count"] for vehicle in stolen]),
        "goods": _stated([goods["quantity"] for goods in held["goods.detected.v1"]]),
    }


def _stated(quantities: list[dict[str, Any]]) -> str:
    assert quantities
    return "not stated" if all(one == {"qualifier": "not_stated"} for one in quantities) else "stated"
