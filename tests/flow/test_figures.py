"""Figures over HTTP: counted, and stated by leads beside the count."""

from typing import Any

import pytest

ONLY_BA = {"scope": "named", "agencies": ["BA"], "roles": ["lead"]}
NOON = "2022-06-24T12:00:00+02:00"


@pytest.fixture
def two_leads(room: Any) -> Any:
    """AT leads, and HR with it."""
    room.take("AT", "participant.joined.v1", agency="HR", kind="national", country="HR", role="co_lead", name=None)
    return room


def persons(value: int) -> dict[str, Any]:
    return {"value": value, "unit": "C62"}


def test_two_leads_stand_by_different_numbers_and_the_released_one_is_marked(two_leads: Any) -> None:
    room = two_leads
    arrest = room.take("BA", "arrest.made.v1", category="smuggler", count=50)
    ours = room.take("AT", "figure.validated.v1", metric="arrests", quantity=persons(50), as_of=NOON)
    theirs = room.take("HR", "figure.validated.v1", metric="arrests", quantity=persons(47), as_of=NOON)
    released = room.take(
        "AT",
        "figure.released.v1",
        metric="arrests",
        quantity=persons(50),
        released_to="press",
        validation=ours["entry"],
    )

    figure = room.get("MD", "figures/arrests")

    assert figure["deduplicated"] == {"value": 50, "qualifier": "exact"}
    assert (figure["validated"]["value"], figure["validated"]["agency"]) == (47, "HR")
    stand = [(one["agency"], one["value"], one["entry"], one["released_to"]) for one in figure["validations"]]
    assert stand == [("HR", 47, theirs["entry"], []), ("AT", 50, ours["entry"], ["press"])]
    assert figure["validations_differ_by"] == 3
    assert [one["difference"] for one in figure["validations"]] == [3, 0]
    (out,) = figure["released"]
    assert (out["released_to"], out["agency"], out["value"], out["validation"]) == ("press", "AT", 50, ours["entry"])
    before = room.get("MD", "figures/arrests", as_of=arrest["entry"])
    assert (before["validated"], before["validations_differ_by"], before["released"]) == (None, None, [])
    assert room.get("MD", "figures/arrests", as_of=released["entry"])["released"] == figure["released"]


def test_a_release_stands_when_what_it_rests_on_is_retracted_and_says_by_how_much(room: Any) -> None:
    room.take("BA", "arrest.made.v1", category="smuggler", count=4)
    wrong = room.take("BA", "arrest.made.v1", category="smuggler")
    room.take("AT", "figure.released.v1", metric="arrests", quantity=persons(5), released_to="press")

    room.take("BA", "record.retracted.v1", target=wrong["entry"], reason="wrong", etag=wrong["etag"])

    figure = room.get("AT", "figures/arrests")
    assert figure["deduplicated"]["value"] == 4
    assert (figure["released"][0]["value"], figure["released"][0]["difference"]) == (5, -1)


def test_a_corrected_validation_is_not_newer_than_the_one_after_it(room: Any) -> None:
    first = room.take("AT", "figure.validated.v1", metric="arrests", quantity=persons(5), as_of=NOON)
    second = room.take("AT", "figure.validated.v1", metric="arrests", quantity=persons(6), as_of=NOON)
    corrected = room.report("figure.validated.v1", metric="arrests", quantity=persons(4), as_of=NOON)["data"]
    room.take("AT", "record.corrected.v1", target=first["entry"], corrected=corrected, etag=first["etag"])

    assert room.get("AT", "figures/arrests")["validated"]["value"] == 6
    room.take("AT", "record.retracted.v1", target=second["entry"], reason="wrong", etag=second["etag"])
    assert room.get("AT", "figures/arrests")["validated"]["value"] == 4


def test_a_dispute_is_shown_beside_the_number_that_it_disputes(room: Any) -> None:
    out = room.take("AT", "figure.released.v1", metric="arrests", quantity=persons(82), released_to="press")
    room.take(
        "BA", "figure.disputed.v1", metric="arrests", own_value=persons(83), disputed=out["entry"], reason="one more"
    )

    (dispute,) = room.get("MD", "figures/arrests")["disputed"]

    assert (dispute["agency"], dispute["value"], dispute["disputed"]) == ("BA", 83, out["entry"])


def test_each_public_has_its_own_release(room: Any) -> None:
    for public, value in (("press", 80), ("council", 82), ("press", 81)):
        room.take("AT", "figure.released.v1", metric="arrests", quantity=persons(value), released_to=public)

    released = room.get("AT", "figures/arrests")["released"]

    assert [(one["released_to"], one["value"], one["latest"]) for one in released] == [
        ("press", 81, True),
        ("council", 82, True),
    ]


def test_a_number_of_one_phase_is_never_shown_as_that_of_the_whole(room: Any) -> None:
    room.take("AT", "figure.validated.v1", metric="arrests", quantity=persons(32), as_of=NOON, phase="preparation")

    assert room.get("AT", "figures/arrests")["validated"] is None
    assert room.get("AT", "figures/arrests", country="BA")["validated"] is None
    assert room.get("AT", "figures/arrests", phase="operational")["validated"] is None
    assert room.get("AT", "figures/arrests", phase="preparation")["validated"]["value"] == 32


def test_a_statement_that_the_viewer_may_not_see_changes_nothing_for_it(room: Any) -> None:
    before = room.get("MD", "figures/arrests")
    room.take("AT", "figure.validated.v1", metric="arrests", quantity=persons(5), as_of=NOON, audience=ONLY_BA)

    assert room.get("BA", "figures/arrests")["validated"]["value"] == 5
    assert room.get("MD", "figures/arrests") == before


def test_who_is_named_has_credit_and_the_number_counts_once(room: Any) -> None:
    room.take("BA", "arrest.made.v1", category="smuggler", count=2, joint_with=["MD"])
    room.take("MD", "arrest.made.v1", category="smuggler", credit_only=True)

    figure = room.get("AT", "figures/arrests")

    assert figure["reported"]["value"] == figure["deduplicated"]["value"] == 2
    assert figure["credit"] == [
        {"agency": "BA", "value": 2, "qualifier": "exact"},
        {"agency": "MD", "value": 3, "qualifier": "exact"},
    ]


def test_only_what_was_stated_in_a_comparable_unit_is_compared(room: Any) -> None:
    room.take("BA", "seizure.made.v1", category="cannabis", quantity={"value": 12, "unit": "KGM"})
    room.take(
        "AT", "figure.validated.v1", metric="seizures.cannabis.KGM", quantity={"value": 5, "unit": "C62"}, as_of=NOON
    )

    assert room.get("AT", "figures/seizures.cannabis.KGM")["validated"]["difference"] is None


CHECKED = {"covers": ["person"], "level": "first_line"}


def period(first: str, last: str) -> dict[str, str]:
    return {"from": f"2022-06-{first}:00+02:00", "to": f"2022-06-{last}:00+02:00", "precision": "period"}


def check(room: Any, value: int, first: str, last: str, **members: Any) -> Any:
    lines = [{**CHECKED, "quantity": value}]
    stated = {"mode": "increment", "place": {"country": "BA", "crossing_point": "BA-1"}, **members}
    return room.take("BA", "border_check.reported.v1", lines=lines, occurred=period(first, last), **stated)


def test_of_cumulative_numbers_the_one_to_the_latest_date_counts(room: Any) -> None:
    check(room, 300, "24T00:00", "26T00:00", mode="cumulative_to_date")
    early = check(room, 100, "24T00:00", "25T00:00", mode="cumulative_to_date")
    corrected = room.report(
        "border_check.reported.v1",
        mode="cumulative_to_date",
        place={"country": "BA", "crossing_point": "BA-1"},
        lines=[{**CHECKED, "quantity": 120}],
        occurred=period("24T00:00", "25T00:00"),
    )["data"]
    room.take("BA", "record.corrected.v1", target=early["entry"], corrected=corrected, etag=early["etag"])

    assert room.figure("AT", "checks.person")["value"] == 300
    assert room.figure("AT", "checks.person", at="2022-06-25T12:00:00+02:00")["value"] == 120
    assert [line["contribution"]["value"] for line in room.get("AT", "figures/checks.person/events")["items"]] == [300]


def test_what_an_aggregate_includes_is_not_added_to_it(room: Any) -> None:
    check(room, 10, "24T08:00", "24T09:00")
    check(room, 7, "25T08:00", "25T09:00")
    check(room, 3, "24T08:00", "24T09:00", place={"country": "BA", "crossing_point": "BA-2"})
    aggregate = check(room, 50, "24T00:00", "25T00:00", includes_itemised=True)

    assert room.figure("AT", "checks.person")["value"] == 60
    lines = room.get("AT", "figures/checks.person/events")["items"]
    assert sorted(line["contribution"]["value"] for line in lines) == [3, 7, 50]
    room.take("BA", "record.retracted.v1", target=aggregate["entry"], reason="wrong", etag=aggregate["etag"])
    assert room.figure("AT", "checks.person")["value"] == 20


def test_a_hidden_aggregate_takes_nothing_away_from_what_is_seen(room: Any) -> None:
    check(room, 10, "24T08:00", "24T09:00")
    check(room, 50, "24T00:00", "25T00:00", includes_itemised=True, audience=ONLY_BA)

    assert room.figure("MD", "checks.person")["value"] == 10
    assert room.figure("AT", "checks.person")["value"] == 50
