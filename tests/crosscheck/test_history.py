"""What of a thing is in force, as the engine reads it, and who may know of what."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.crosscheck.history import Told, in_force
from services.crosscheck.rights import Roster, all_see, is_within, members_of, shared

THING = "t"
ALL, EU = {"scope": "all"}, {"scope": "eu"}


def told(entry: str, type: str, **data: Any) -> Told:
    opening = {"audience": ALL, "handling": {"codes": ["H0"]}}
    moment = datetime(2022, 6, 24, tzinfo=UTC)
    return Told(entry, THING, type, "MD", "system", entry, moment, {**opening, **data})


OPENED = told(THING, "arrest.made.v1", count=1)


def corrected(entry: str, target: str, count: int) -> Told:
    right = {"audience": ALL, "handling": {"codes": ["H0"]}, "count": count}
    return told(entry, "record.corrected.v1", target=target, corrected=right)


def retracted(entry: str, target: str) -> Told:
    return told(entry, "record.retracted.v1", target=target)


@pytest.mark.parametrize(
    ("history", "count"),
    [
        ([OPENED], 1),
        ([OPENED, corrected("a", THING, 2)], 2),
        ([OPENED, corrected("a", THING, 2), corrected("b", THING, 3)], 3),
        ([OPENED, corrected("a", THING, 2), retracted("b", "a")], 1),
        ([OPENED, retracted("a", THING)], None),
        ([OPENED, retracted("a", THING), retracted("b", "a")], 1),
    ],
)
def test_the_last_correction_that_stands_is_what_a_record_says(history: list[Told], count: int | None) -> None:
    found = in_force(history).data.get(THING)

    assert (found["count"] if found else None) == count


def test_the_last_change_of_handling_says_who_may_see() -> None:
    changed = told("a", "handling.changed.v1", new_audience=EU, new_handling={"codes": ["H1"]})

    found = in_force([OPENED, changed])

    assert (found.audience, found.codes) == (EU, ("H1",))


def test_a_correction_of_the_opening_says_how_it_is_handled_and_never_who_sees_it() -> None:
    right = {"audience": EU, "handling": {"codes": ["H2"]}, "show_existence": True}
    mended = told("a", "record.corrected.v1", target=THING, corrected=right)

    found = in_force([OPENED, mended])

    assert (found.audience, found.codes, found.shows_existence) == (ALL, ("H2",), True)


def test_a_correction_that_was_taken_back_handles_nothing() -> None:
    right = {"audience": ALL, "handling": {"codes": ["H1"]}}
    mended = told("a", "record.corrected.v1", target=THING, corrected=right)

    assert in_force([OPENED, mended, retracted("b", "a")]).codes == ("H0",)


def test_a_change_of_handling_outlives_a_correction() -> None:
    changed = told("a", "handling.changed.v1", new_audience=EU, new_handling={"codes": ["H1"]})

    assert in_force([OPENED, changed, corrected("b", THING, 2)]).codes == ("H1",)


@pytest.fixture
def roster() -> Roster:
    made = Roster(leads=("AT",))
    for number, code in enumerate(("BA", "MD", "BG", "EUROPOL")):
        made.join(str(number), {"agency": code, "role": "participant"})
    return made


def named(*agencies: str) -> dict[str, Any]:
    return {"scope": "named", "agencies": list(agencies)}


def test_who_sees_both_is_who_a_hit_is_for(roster: Roster) -> None:
    question = members_of(named("BG", "MD"), posters=["BA"])
    record = members_of(EU, posters=["MD"])

    assert shared(question, record, roster.agencies()) == named("BG", "MD")


def test_a_number_is_told_only_where_all_who_see_the_question_see_the_record(roster: Roster) -> None:
    agencies = roster.agencies()
    question = members_of(named("BG", "EUROPOL"), posters=["AT"])

    assert is_within(question, members_of(EU, posters=["MD"]), agencies)
    assert not is_within(members_of(ALL, posters=["AT"]), members_of(EU, posters=["MD"]), agencies)
    # A group in an agency is not the agency: whether it sees the record is unknown.
    assert not is_within(members_of({"scope": "named", "groups": ["desk"]}, posters=["AT"]), question, agencies)


def test_who_left_sees_nothing_until_they_join_again(roster: Roster) -> None:
    record = members_of(ALL, posters=["MD"])
    roster.leave("0")
    assert not all_see(["BA"], record, roster.agencies())

    roster.join("9", {"agency": "BA", "role": "observer"})
    assert all_see(["BA"], record, roster.agencies())
