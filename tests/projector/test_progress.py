"""How a projection stands, by a clock that the test turns."""

from datetime import UTC, datetime

from services.projector.progress import Progress
from services.projector.status_page import as_page

MOMENT = datetime(2022, 6, 24, tzinfo=UTC)


def test_throughput_is_that_of_the_last_minute() -> None:
    now = [1000.0]
    progress = Progress(clock=lambda: now[0])
    progress.applied("jad-x", 600, MOMENT, entries=600)
    now[0] += 40
    progress.applied("jad-x", 900, MOMENT, entries=300)
    standing = progress.standings["jad-x"]

    assert standing.per_second(now[0]) == 15
    assert standing.per_second(now[0] + 30) == 5
    assert standing.per_second(now[0] + 90) == 0


def test_a_projection_stalls_only_while_something_waits() -> None:
    now = [1000.0]
    progress = Progress(clock=lambda: now[0])
    progress.at("jad-x", 10, MOMENT)
    progress.fell("jad-x", "Invented")
    now[0] += 25
    standing = progress.standings["jad-x"]

    assert standing.stalled_seconds(now[0], behind=3) == 25
    assert standing.stalled_seconds(now[0], behind=0) == 0
    progress.applied("jad-x", 11, MOMENT, entries=1)
    assert standing.stalled_seconds(now[0], behind=2) == 0
    assert (standing.falls, standing.last_error, standing.last_error_at) == (1, "Invented", 1000)


def test_the_page_says_the_last_error_and_what_is_unknown() -> None:
    told = {
        "position": 11,
        "behind": None,
        "stalled_seconds": None,
        "entries": 11,
        "entries_per_second": 0.18,
        "parked": 0,
        "falls": 1,
        "last_error": "Invented<Error>",
        "last_error_seconds_ago": 25,
    }

    page = as_page({"jad-x": told}, ["log: it does not answer"])

    assert "<td>jad-x<td>11<td>unknown<td>unknown<td>0.18" in page
    assert "Invented&lt;Error&gt;, 25 s ago" in page
    assert "<p>log: it does not answer</p>" in page
