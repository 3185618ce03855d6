"""Why two records may be one: evidence of time, place, subject, reference and joint claims, and never of numbers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from schemas.events.duplicate import DuplicateSuggested
from services.crosscheck.weights import weights as engines_weights
from services.gateway.figures.alike import Around, Told, likeness
from services.gateway.figures.weighing import weights
from services.shared.marks import IDENTIFYING, Kind

BEGIN = datetime(2022, 6, 24, 9, tzinfo=UTC)
SMUGGLING = frozenset({"migrant_smuggling"})
OURS = Told(UUID(int=1), "BA", frozenset(), BEGIN, "BA", "BA-1", "case-1", SMUGGLING)
THEIRS = Told(UUID(int=2), "MD", frozenset(), BEGIN + timedelta(minutes=20), "BA", "ba-1", "other-7")
ELSEWHERE: dict[str, Any] = {"place": None, "occurred_at": BEGIN + timedelta(days=2)}
ALL = frozenset(kind << 56 | 7 for kind in IDENTIFYING)
PLATE = Kind.PLATE << 56 | 7
FIRM = Kind.REGISTRATION << 56 | 7


@pytest.mark.parametrize(
    ("theirs", "reasons"),
    [
        (THEIRS, ("same_place", "same_time")),
        (replace(THEIRS, place="BA-2", joint_with=frozenset({"BA"})), ("joint_with", "same_time")),
        (replace(THEIRS, source_ref="case-1", **ELSEWHERE), ("same_source_ref",)),
        (replace(THEIRS, marks=frozenset({PLATE}), **ELSEWHERE), ("same_vehicle",)),
        (replace(THEIRS, marks=frozenset({FIRM}), place=None), ("same_organisation", "same_time")),
        (replace(THEIRS, agency="BA", source_ref="case-1"), ("same_source_ref", "same_place", "same_time")),
    ],
)
def test_what_speaks_for_one_thing_is_said(theirs: Told, reasons: tuple[str, ...]) -> None:
    ours = replace(OURS, marks=frozenset({PLATE, FIRM}))

    alike = likeness(ours, theirs)

    assert alike is not None
    assert alike.reasons == reasons
    assert likeness(theirs, ours) == alike
    assert Around([theirs]).near(ours) == [theirs]
    assert Around([ours]).near(theirs) == [ours]


@pytest.mark.parametrize(
    "theirs",
    [
        replace(THEIRS, place="BA-2"),
        replace(THEIRS, place="BA-2", offences=OURS.offences),
        replace(THEIRS, country="RO"),
        replace(THEIRS, occurred_at=BEGIN + timedelta(hours=3)),
        replace(THEIRS, agency="BA"),
        replace(THEIRS, thing=OURS.thing),
        replace(THEIRS, joint_with=frozenset({"BA"}), place=None, occurred_at=BEGIN + timedelta(days=1)),
    ],
    ids=[
        "elsewhere",
        "elsewhere for the same offence",
        "in another country",
        "later",
        "by the same agency",
        "itself",
        "together on another day",
    ],
)
def test_one_reason_alone_is_not_enough(theirs: Told) -> None:
    assert likeness(OURS, theirs) is None


def test_where_no_place_is_said_the_agencys_country_speaks_against_nothing() -> None:
    ours, theirs = (replace(one, source_ref="case-1", place=None) for one in (OURS, THEIRS))

    alike, of_another_country = likeness(ours, theirs), likeness(ours, replace(theirs, country="MD"))

    assert alike
    assert alike == of_another_country


def test_more_reasons_score_higher_and_never_reach_certainty() -> None:
    one = likeness(OURS, THEIRS)
    more = likeness(OURS, replace(THEIRS, source_ref="case-1", joint_with=frozenset({"BA"})))

    assert one
    assert more
    assert 0.5 <= one.score < more.score < 1


def named(*words: int) -> frozenset[int]:
    return frozenset(Kind.WORD << 56 | word for word in words)


def test_the_bits_of_the_reasons_sum_to_the_score_and_each_is_said_in_words() -> None:
    theirs = replace(THEIRS, offences=SMUGGLING, marks=frozenset({PLATE}), names=named(1))

    alike = likeness(replace(OURS, marks=frozenset({PLATE}), names=named(1, 2)), theirs)

    assert alike is not None
    assert [(reason.feature, reason.level, reason.words) for reason in alike.why] == [
        ("plate", "same", "same plate"),
        ("name", "one_word", "one word of the names in common"),
        ("place", "same", "same place"),
        ("time", "within_hour", "within one hour"),
        ("offence", "same", "an area of crime or a category in common"),
    ]
    assert alike.bits == pytest.approx(sum(reason.bits for reason in alike.why))
    assert (alike.band, alike.bits >= weights().probable) == ("probable", True)


def test_of_several_arrested_together_those_whose_names_differ_are_not_suggested() -> None:
    ours, theirs = replace(OURS, names=named(1, 2)), replace(THEIRS, offences=SMUGGLING)

    assert likeness(ours, replace(theirs, names=named(3, 4))) is None
    one_word = likeness(ours, replace(theirs, names=named(2, 3)))
    several = likeness(ours, replace(theirs, names=named(2, 1)))
    unknown = likeness(ours, theirs)

    assert one_word
    assert several
    assert unknown
    assert unknown.bits < one_word.bits < several.bits


@pytest.mark.parametrize(
    "against",
    [
        {"names": named(9)},
        {"country": "RO"},
        {"offences": frozenset({"firearms"})},
        {"occurred_at": BEGIN + timedelta(hours=9)},
        {"place": "BA-2"},
    ],
    ids=["name", "country", "offence", "time", "place"],
)
def test_what_differs_speaks_against_an_equal_document(against: dict[str, Any]) -> None:
    marks = frozenset({Kind.DOCUMENT << 56 | 7})
    ours = replace(OURS, marks=marks, names=named(1))
    theirs = replace(THEIRS, marks=marks, names=named(1), offences=SMUGGLING)

    agreeing, differing = likeness(ours, theirs), likeness(ours, replace(theirs, **against))

    assert agreeing
    assert differing
    assert differing.bits < agreeing.bits


def test_every_level_has_its_words_and_every_code_of_a_reason_is_one_of_the_event() -> None:
    assert {feature: set(levels) for feature, levels in weights().levels.items()} == {
        feature: set(levels) for feature, levels in weights().words.items()
    }
    ours = replace(OURS, joint_with=frozenset({"MD"}), marks=ALL, names=named(1))
    alike = likeness(ours, replace(THEIRS, source_ref="case-1", offences=SMUGGLING, marks=ALL, names=named(1)))
    assert alike
    event = {**DuplicateSuggested.example(), "reasons": list(alike.reasons), "score": alike.score}
    assert DuplicateSuggested.adapter().validate_python(event).reasons == list(alike.reasons)


def test_numbers_weigh_as_much_as_for_the_engine_where_nobody_says_whose_they_are() -> None:
    for feature in ("document", "vin", "plate", "phone", "registration"):
        engine = engines_weights().levels[feature]
        assert weights().levels[feature]["same"] == engine.get("same_where_unsaid", engine["same"])
