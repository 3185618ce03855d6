"""The report's pages, whatever stands in an operation's own words."""

from datetime import UTC, datetime

import pytest

from services.gateway.after_action.drawing import drawn_bars, drawn_map
from services.gateway.after_action.gathering import AfterAction
from services.gateway.after_action.page import written
from services.gateway.handling import Stamp

HOSTILE = "<script>alert(1)</script>\"'}</style>\u202e & \u0430\u0301"


def report(**said: object) -> AfterAction:
    """Of an operation in which nothing has happened yet."""
    window = {"from": "2022-06-24T00:00:00+02:00", "to": "2022-07-05T00:00:00+02:00"}
    nothing: dict[str, object] = {
        "operation": "jad-invented",
        "name": "Invented",
        "detail": {"window": window, "lead": ["AT"], "priorities": [], "exercise": True, "scope": None, "text": None},
        "state": "open",
        "time_zone": "Europe/Vienna",
        "moment": {"as_of": datetime(2022, 6, 24, 10, tzinfo=UTC), "at": None, "live": True},
        "viewer": "AT",
        **{name: [] for name in ("participants", "figures", "places", "course", "funnel", "latency", "corrections")},
        **{name: {} for name in ("by_day", "by_country")},
        "told": 0,
        "corrected": 0,
        "log": {"entries": 0, "first": None, "last": None, "sha256": "0" * 64},
        "stamp": Stamp(),
    }
    return AfterAction(**{**nothing, **said})  # type: ignore[arg-type]


def test_an_operation_without_any_record_has_a_report() -> None:
    page = written(report())[0].decode()
    assert "No record with a position." in page
    assert "Nothing was corrected or retracted." in page
    assert "<p>24 June 2022 to 04 July 2022,\ntimes in Europe/Vienna</p>" in page


def test_words_of_the_operation_stay_words() -> None:
    detail = {**report().detail, "text": HOSTILE, "scope": HOSTILE}
    page = written(report(name=HOSTILE, detail=detail))[0].decode()
    assert "<script" not in page
    assert page.count("</style>") == 1
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 4


@pytest.mark.parametrize("place", [(16.4, 48.2), (179.9, -16.5), (0, 89.9)], ids=["Vienna", "date line", "far north"])
def test_a_single_place_lies_in_the_middle_of_its_map(place: tuple[float, float]) -> None:
    longitude, latitude = place
    (circle,) = drawn_map([{"longitude": longitude, "latitude": latitude, "records": 3}]).circles
    assert (circle["x"], circle["y"]) == (340, 200)


def test_the_day_with_most_records_has_the_highest_bar() -> None:
    first, second = drawn_bars({"2022-06-24": 10, "2022-06-25": 5})
    assert first.height == 2 * second.height > 0
    assert first.y + first.height == second.y + second.height
