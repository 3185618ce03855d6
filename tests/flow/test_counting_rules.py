"""The ten rules of counting, one test each, in the words of who counts; other tests go further into most of them."""

from typing import Any

import pytest

PERSON_CHECKS = {"covers": ["person"], "level": "first_line", "direction": "entry"}
EVERYBODY = {"audience": {"scope": "all"}}
BA_1 = {"country": "BA", "crossing_point": "BA-1"}


def arrest(room: Any, agency: str = "BA", **members: Any) -> dict[str, Any]:
    taken: dict[str, Any] = room.take(agency, "arrest.made.v1", **{"category": "smuggler", **members})
    return taken


def value(room: Any, metric: str, **query: Any) -> Any:
    return room.figure("AT", metric, **query)["value"]


def hours(first: int, last: int) -> dict[str, str]:
    begin, end = (f"2022-06-24T{hour:02}:00:00+02:00" for hour in (first, last))
    return {"from": begin, "to": end, "precision": "period"}


def checks(room: Any, number: Any, first: int, last: int, **members: Any) -> dict[str, Any]:
    lines = [{**PERSON_CHECKS, "quantity": number}]
    said = {"mode": "increment", "place": BA_1, "occurred": hours(first, last), "lines": lines, **members}
    taken: dict[str, Any] = room.take("BA", "border_check.reported.v1", **said)
    return taken


def test_rule_1_a_figure_sums_what_counts_and_is_four_numbers_and_what_waits_for_a_decision(room: Any) -> None:
    first = arrest(room, phase="preparation", strand="land", in_scope=True, count=2)
    second = arrest(room, "MD", phase="operational", in_scope=False, count=3)
    stated = {"metric": "arrests", "as_of": "2022-06-26T10:00:00Z"}
    five = {"value": 5, "unit": "C62"}
    validated = room.take("AT", "figure.validated.v1", quantity=five, phase=None, strand=None, **stated)
    room.take(
        "AT",
        "figure.released.v1",
        quantity=five,
        released_to="press",
        validation=validated["entry"],
        **{**stated, "phase": None, "strand": None},
    )
    pair = {"a": first["entry"], "b": second["entry"], "reasons": ["same_time", "same_place"], "score": None}
    suggested = room.take("AT", "duplicate.suggested.v1", **pair)

    figure = room.get("AT", "figures/arrests")
    assert (figure["reported"]["value"], figure["deduplicated"]["value"], figure["duplicates_pending"]) == (5, 5, 1)
    assert (figure["validated"]["value"], [one["value"] for one in figure["released"]]) == (5, [5])
    parts = ({"phase": "preparation"}, {"strand": "land"}, {"category": "smuggler"}, {"scope": "in"})
    assert [value(room, "arrests", **part) for part in parts] == [2, 2, 5, 2]
    assert value(room, "arrests", as_of=first["entry"]) == 2
    confirmed = {"pair": suggested["entry"], "kept": first["entry"]}
    room.take("BA", "duplicate.confirmed.v1", etag=suggested["etag"], **confirmed)
    figure = room.get("AT", "figures/arrests")
    assert (figure["reported"]["value"], figure["deduplicated"]["value"], figure["duplicates_pending"]) == (5, 2, 0)
    assert figure["validated"]["value"] == 5


def test_rule_2_arrested_identified_refused_and_detected_persons_are_different_figures(room: Any) -> None:
    arrest(room, category="fugitive", count=1)
    room.take("BA", "suspect.identified.v1", count=2)
    room.take("BA", "refusal.reported.v1", count=4)
    room.take("BA", "irregular_migration.detected.v1", kind="IrregularBorderEntry", count=9)
    room.take("BA", "irregular_migration.detected.v1", kind="IrregularStay", count=3)

    names = ("arrests", "arrests.fugitives", "arrests.smugglers", "suspects_identified", "refusals")
    assert [value(room, name) for name in names] == [1, 1, 0, 2, 4]
    assert (value(room, "irregular_migrants"), value(room, "overstayers")) == (9, 3)


def test_rule_3_a_part_is_told_as_of_which_and_a_countrys_number_is_in_the_total(room: Any) -> None:
    hits = [room.take("BA", "hit.raised.v1", database="Nominals", **EVERYBODY) for _ in range(2)]
    for hit in hits:
        answer = {"hit": hit["entry"], "outcome": "confirmed", "etag": hit["etag"]}
        room.take("INTERPOL", "hit.verified.v1", **answer, **EVERYBODY)
    notice = {"hit": hits[0]["entry"], "colour": "red", **EVERYBODY}
    room.take("INTERPOL", "notice.matched.v1", **notice)
    arrest(room, "MD", place={"country": "MD"})
    arrest(room, "BA", place={"country": "BA"})

    red = room.get("AT", "figures/interpol_hits.confirmed.red_notices")
    whole = room.get("AT", "figures/interpol_hits.confirmed")
    assert (red["part_of"], red["deduplicated"]["value"]) == ("interpol_hits.confirmed", 1)
    assert (whole["parts"], whole["deduplicated"]["value"]) == (["interpol_hits.confirmed.red_notices"], 2)
    assert (value(room, "arrests"), value(room, "arrests", country="MD")) == (2, 1)


def test_rule_4_one_incident_moves_several_figures_and_a_person_is_arrested_once(room: Any) -> None:
    crimes = ["migrant_smuggling", "document_fraud"]
    arrest(room, category="smuggler", crime_areas=crimes)
    room.take("BA", "document_fraud.detected.v1", count=1, crime_areas=crimes)

    assert (value(room, "arrests"), value(room, "documents_fraudulent")) == (1, 1)
    parts = {part: value(room, part) for part in room.get("AT", "figures/arrests")["parts"]}
    assert parts == {"arrests.smugglers": 1}


def test_a_figure_is_narrowed_by_crime_area_and_so_are_its_lines(room: Any) -> None:
    arrest(room, crime_areas=["migrant_smuggling", "document_fraud"], count=2)
    arrest(room, crime_areas=["vehicle_crime"], count=5)
    arrest(room, crime_areas=[], count=11)

    assert value(room, "arrests") == 18
    assert value(room, "arrests", crime_area="document_fraud") == 2
    assert value(room, "arrests", crime_area=["document_fraud", "vehicle_crime"]) == 7
    assert value(room, "arrests", crime_area="financial_crime") == 0
    lines = room.get("AT", "figures/arrests/events", crime_area="vehicle_crime")["items"]
    assert [line["contribution"]["value"] for line in lines] == [5]


def test_rule_5_what_an_aggregate_includes_is_not_added_to_it(room: Any) -> None:
    checks(room, 10, 8, 9)
    checks(room, 50, 0, 23, includes_itemised=True)

    assert value(room, "checks.person") == 50


def test_rule_6_a_number_to_date_replaces_the_one_before_and_increments_add(room: Any) -> None:
    checks(room, 100, 0, 12, mode="cumulative_to_date")
    checks(room, 130, 0, 23, mode="cumulative_to_date")
    other = {"country": "BA", "crossing_point": "BA-2"}
    checks(room, 7, 8, 9, place=other)
    checks(room, 5, 9, 10, place=other)

    assert value(room, "checks.person") == 130 + 7 + 5
    beside = room.report(
        "border_check.reported.v1",
        mode="increment",
        place=BA_1,
        occurred=hours(10, 11),
        lines=[{**PERSON_CHECKS, "quantity": 1}],
    )
    assert room.post("BA", beside).status_code == 422


def test_rule_7_a_composite_stays_one_and_over_goes_into_the_sum(room: Any) -> None:
    both = {**PERSON_CHECKS, "covers": ["person", "vehicle"], "quantity": 40}
    checks(room, {"value": 276, "unit": "C62", "qualifier": "over"}, 8, 9)
    checks(room, 24, 9, 10)
    checks(room, 0, 10, 11, lines=[both])
    room.take("BA", "goods.detected.v1", category=None, quantity={"qualifier": "not_stated"})

    assert room.figure("AT", "checks.person") == {"value": 300, "qualifier": "over"}
    assert value(room, "checks.person+vehicle") == 40
    assert value(room, "checks.vehicle") == 0
    assert room.figure("AT", "goods") == {"value": None, "qualifier": "not_stated"}
    assert room.get("AT", "figures/goods")["not_stated"] == 1


def test_rule_8_what_is_in_no_category_is_said_and_neither_scaled_nor_hidden(room: Any) -> None:
    arrest(room, count=5)
    arrest(room, category=None, count=2)

    figure = room.get("AT", "figures/arrests", by="category")
    assert (figure["deduplicated"]["value"], figure["unattributed"]) == (7, 2)
    broken = figure["breakdown"]
    assert [(one["category"], one["deduplicated"]["value"]) for one in broken["items"]] == [("smuggler", 5)]
    assert broken["unattributed"]["deduplicated"]["value"] == 2


def test_rule_9_what_is_corrected_retracted_merged_or_erased_is_counted_anew_and_the_past_stays(room: Any) -> None:
    first = arrest(room, count=3)
    corrected = room.report("arrest.made.v1", category="smuggler", count=2)["data"]
    change = {"target": first["entry"], "etag": first["etag"]}
    fixed = room.take("BA", "record.corrected.v1", corrected=corrected, reason="miscounted", **change)
    second = arrest(room, "MD")
    pair = room.take("AT", "duplicate.suggested.v1", a=first["entry"], b=second["entry"], reasons=["same_time"])
    merge = {"pair": pair["entry"], "kept": first["entry"], "etag": pair["etag"]}
    merged = room.take("MD", "duplicate.confirmed.v1", **merge)
    erase = {"target": first["entry"], "blocks": None, "etag": fixed["etag"]}
    erased = room.take("BA", "person.erased.v1", **erase)
    gone = {"target": first["entry"], "reason": "wrong", "etag": erased["etag"]}
    retracted = room.take("BA", "record.retracted.v1", **gone)

    entries = (first, fixed, second, merged, erased, retracted)
    assert [value(room, "arrests", as_of=one["entry"]) for one in entries] == [3, 2, 3, 2, 2, 1]
    assert value(room, "arrests") == 1
    moves = room.get("AT", "figures/arrests/history")["items"]
    assert [move["deduplicated"]["value"] for move in moves if move["entry"] != pair["entry"]] == [3, 2, 3, 2, 1]


@pytest.mark.parametrize(
    ("alike", "reason"),
    [
        ({}, None),
        ({"source_ref": "CASE-77"}, "same_source_ref"),
        ({"joint_with": ["MD"]}, "joint_with"),
    ],
)
def test_rule_10_equal_numbers_are_no_evidence_of_a_duplicate(room: Any, alike: Any, reason: str | None) -> None:
    days = ({"from": f"2022-06-2{day}T08:00:00+02:00", "precision": "hour"} for day in (4, 6))
    alone = {"count": 4, "person": None, "warrant": None, "place": None}
    arrest(room, occurred=next(days), **alone, **alike)
    theirs = {name: one for name, one in alike.items() if name != "joint_with"}
    # Days apart a joint claim is not enough.
    joint = {"from": "2022-06-24T08:00:00+02:00", "precision": "hour"}
    occurred = joint if reason == "joint_with" else next(days)
    arrest(room, "MD", occurred=occurred, **alone, **theirs)

    found = room.get("AT", "figures/arrests/duplicates")["items"]
    assert [reason in one["reasons"] for one in found] == ([] if reason is None else [True])
    assert value(room, "arrests") == 8, "nothing is merged that nobody confirmed"
