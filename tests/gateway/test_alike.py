"""Why two records may be one: evidence of time, place, subject, reference and joint claims, and never of numbers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.gateway.figures.alike import Around, Told, likeness
from services.shared.marks import Kind

BEGIN = datetime(2022, 6, 24, 9, tzinfo=UTC)
OURS = Told(UUID(int=1), "BA", frozenset(), BEGIN, "BA", "BA-1", "case-1")
THEIRS = Told(UUID(int=2), "MD", frozenset(), BEGIN + timedelta(minutes=20), "BA", "ba-1", "other-7")
ELSEWHERE: dict[str, Any] = {"place": None, "occurred_at": BEGIN + timedelta(days=2)}
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
        replace(THEIRS, country="RO"),
        replace(THEIRS, occurred_at=BEGIN + timedelta(hours=3)),
        replace(THEIRS, agency="BA"),
        replace(THEIRS, thing=OURS.thing),
        replace(THEIRS, joint_with=frozenset({"BA"}), place=None, occurred_at=BEGIN + timedelta(days=1)),
    ],
    ids=["elsewhere", "in another country", "later", "by the same agency", "itself", "together on another day"],
)
def test_one_reason_alone_is_not_enough(theirs: Told) -> None:
    assert likeness(OURS, theirs) is None


def test_more_reasons_score_higher_and_never_reach_certainty() -> None:
    one = likeness(OURS, THEIRS)
    more = likeness(OURS, replace(THEIRS, source_ref="case-1", joint_with=frozenset({"BA"})))

    assert one
    assert more
    assert 0.5 <= one.score < more.score < 1
