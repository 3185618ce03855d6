"""Figures over HTTP: stated by leads beside the count, followed to their lines, broken down."""

from typing import Any

import pytest

from tests.flow.test_counted_once import ONLY_BA, confirm, lines, numbers

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


def test_only_what_was_stated_in_a_comparable_unit_is_compared(room: Any) -> None:
    room.take("BA", "seizure.made.v1", category="cannabis", quantity={"value": 12, "unit": "KGM"})
    room.take(
        "AT", "figure.validated.v1", metric="seizures.cannabis.KGM", quantity={"value": 5, "unit": "C62"}, as_of=NOON
    )

    assert room.get("AT", "figures/seizures.cannabis.KGM")["validated"]["difference"] is None


def test_the_lines_come_in_pages_and_still_sum_to_the_figure(room: Any) -> None:
    hidden = {"audience": ONLY_BA, "handling": {"codes": ["H2"]}, "countable": True}
    for number in range(5):
        room.take("BA", "arrest.made.v1", category="smuggler", count=number + 1)
        room.take("BA", "arrest.made.v1", category="smuggler", count=10, **hidden)

    for limit in (1, 2, 3, 7, 100):
        seen = lines(room, "MD", "arrests", limit=limit)
        assert sum(line["contribution"]["value"] for line in seen) == 65
        assert [line["headline"] == "restricted" for line in seen] == [False] * 5 + [True] * 5
    assert len(lines(room, "BA", "arrests", limit=3)) == 10


def test_each_number_has_lines_of_its_own(room: Any) -> None:
    ours = room.take("BA", "arrest.made.v1", joint_with=["EUROPOL"])
    theirs = room.take("MD", "arrest.made.v1")
    claim = room.take("MD", "arrest.made.v1", credit_only=True)
    confirm(room, "MD", ours, theirs)

    def entries(**query: Any) -> set[str]:
        return {line["entry"] for line in lines(room, "AT", "arrests", limit=1, **query)}

    assert entries() == {ours["entry"]}
    assert entries(number="reported") == {ours["entry"], theirs["entry"]}
    assert entries(credit="MD") == {theirs["entry"], claim["entry"]}
    assert entries(credit="EUROPOL") == {ours["entry"]}


def test_a_cursor_of_one_figure_is_unknown_to_another(room: Any) -> None:
    for _ in range(2):
        room.take("BA", "arrest.made.v1", category="smuggler")
    cursor = room.get("AT", "figures/arrests/events", limit=1)["next"]

    answer = room.as_agency("AT").get(
        f"{room.path}/figures/arrests.smugglers/events", params={"limit": 1, "cursor": cursor}
    )

    assert answer.status_code == 400


def parts(room: Any, agency: str, metric: str, *by: str, **query: Any) -> dict[Any, Any]:
    """What a breakdown counts; its parts and what is left are checked to sum to the figure, and each to its lines."""
    figure = room.get(agency, f"figures/{metric}", by=list(by), **query)
    broken = figure["breakdown"]
    rest = [broken[name] for name in ("unattributed", "restricted", "withheld") if name in broken]
    for number in ("reported", "deduplicated"):
        assert sum(one[number]["value"] or 0 for one in [*broken["items"], *rest]) == figure[number]["value"]
    for part in [*broken["items"], broken["unattributed"]]:
        if part["events"] is not None:
            answer = room.as_agency(agency).get(part["events"])
            stated = [line["contribution"]["value"] for line in answer.json()["items"]]
            assert sum(stated) == part["deduplicated"]["value"], (part, answer.text)
    found = {tuple(one[name] for name in by): one["deduplicated"]["value"] for one in broken["items"]}
    found["unattributed"] = broken["unattributed"]["deduplicated"]["value"]
    return found


def test_a_figure_is_broken_down_and_what_is_left_is_said(room: Any) -> None:
    night = {"from": "2022-06-23T23:30:00+00:00", "precision": "minute"}
    preparatory = room.take("BA", "arrest.made.v1", category="smuggler", count=32, phase="preparation", strand="land")
    room.take("BA", "arrest.made.v1", category="fugitive", count=148, phase="operational", occurred=night)
    room.take("MD", "arrest.made.v1", category=None, count=4, in_scope=True, place={"country": "RO"})
    theirs = room.take("MD", "arrest.made.v1", category="smuggler", count=32, phase="preparation")
    confirm(room, "MD", preparatory, theirs)

    assert parts(room, "AT", "arrests", "phase") == {("preparation",): 32, ("operational",): 148, "unattributed": 4}
    assert parts(room, "AT", "arrests", "strand") == {("land",): 32, "unattributed": 152}
    assert parts(room, "AT", "arrests", "country") == {("BA",): 180, ("RO",): 4, "unattributed": 0}
    assert parts(room, "AT", "arrests", "agency") == {("BA",): 180, ("MD",): 4, "unattributed": 0}
    assert parts(room, "AT", "arrests", "category") == {("smuggler",): 32, ("fugitive",): 148, "unattributed": 4}
    assert parts(room, "AT", "arrests", "scope") == {("in",): 4, ("out",): 180, "unattributed": 0}
    assert parts(room, "AT", "arrests", "day") == {("2022-06-24",): 184, "unattributed": 0}
    both = parts(room, "AT", "arrests", "country", "category")
    assert both == {("BA", "smuggler"): 32, ("BA", "fugitive"): 148, "unattributed": 4}
    assert parts(room, "AT", "arrests", "phase", country="BA", as_of=preparatory["entry"]) == {
        ("preparation",): 32,
        "unattributed": 0,
    }


def test_a_hidden_number_is_in_no_part_of_a_breakdown(room: Any) -> None:
    hidden = {"audience": ONLY_BA, "handling": {"codes": ["H2"]}, "countable": True}
    room.take("BA", "arrest.made.v1", category="smuggler", count=7, **hidden)
    room.take("BA", "arrest.made.v1", category="smuggler", count=2)

    assert parts(room, "MD", "arrests", "country") == {("BA",): 2, "unattributed": 0}
    restricted = room.get("MD", "figures/arrests", by="country")["breakdown"]["restricted"]
    assert restricted["reported"] == {"value": 7, "qualifier": "exact"}
    assert parts(room, "BA", "arrests", "country") == {("BA",): 9, "unattributed": 0}


def test_what_a_lead_states_of_a_phase_stands_beside_the_phase(room: Any) -> None:
    room.take("BA", "arrest.made.v1", count=32, phase="preparation")
    room.take("AT", "figure.validated.v1", metric="arrests", quantity=persons(31), as_of=NOON, phase="preparation")

    (part,) = room.get("MD", "figures/arrests", by="phase")["breakdown"]["items"]

    assert (part["validated"]["value"], part["validated"]["difference"]) == (31, 1)


def test_an_unknown_breakdown_says_what_is_possible(room: Any) -> None:
    answer = room.as_agency("AT").get(f"{room.path}/figures/arrests", params={"by": "colour"})

    assert answer.status_code == 400
    assert "'phase', 'strand', 'country'" in answer.json()["errors"][0]["detail"]


@pytest.mark.parametrize("below", ["", "/events", "/history", "/duplicates"])
def test_an_unknown_metric_is_answered_with_the_names_near_to_it(room: Any, below: str) -> None:
    def refused(name: str, agency: str = "AT") -> tuple[int, str]:
        answer = room.as_agency(agency).get(f"{room.path}/figures/{name}{below}")
        return answer.status_code, answer.json()["detail"]

    status, said = refused("arrest.smuggler")
    assert (status, "arrests.smugglers" in said) == (404, True)
    assert "hits.SIS.confirmed" in refused("hits.sis.confirmed")[1]
    assert "seizures.cannabis.KGM" in refused("seizures.canabis.KGM")[1]
    assert "interpol_hits.raised" in refused("interpol_hits")[1]
    assert refused("invented-word")[1].startswith("All that are listed: GET .../figures.")
    assert refused("arrest.smuggler", "HR") == (404, "It does not exist, or it is not for you.")


def test_the_history_says_when_a_figure_moved_and_by_which_entry(room: Any) -> None:
    hidden = {"audience": ONLY_BA, "handling": {"codes": ["H2"]}, "countable": True}
    first = room.take("BA", "arrest.made.v1", category="smuggler")
    room.take("BA", "arrest.updated.v1", arrest=first["entry"], status="charged", etag=first["etag"])
    room.take("BA", "arrest.made.v1", category="smuggler", count=5, **hidden)
    second = room.take("MD", "arrest.made.v1", category="smuggler")
    decision, pair = confirm(room, "MD", first, second)
    validated = room.take("AT", "figure.validated.v1", metric="arrests", quantity=persons(6), as_of=NOON)
    undone = room.take("MD", "duplicate.undone.v1", pair=pair["entry"], etag=decision["etag"])
    retracted = room.take("MD", "record.retracted.v1", target=second["entry"], reason="wrong", etag=second["etag"])

    def moves(viewer: str, **query: Any) -> list[tuple[Any, ...]]:
        found, cursor = [], {}
        while True:
            page = room.get(viewer, "figures/arrests/history", **query, **cursor)
            found += page["items"]
            if page["next"] is None:
                break
            cursor = {"cursor": page["next"]}
        return [
            (one["entry"], one["reported"]["value"], one["deduplicated"]["value"], one["duplicates_pending"])
            for one in found
        ]

    expected = [
        (first["entry"], 1, 1, 0),
        (None, 6, 6, 0),
        (second["entry"], 7, 7, 0),
        (pair["entry"], 7, 7, 1),
        (decision["entry"], 7, 6, 0),
        (validated["entry"], 7, 6, 0),
        (undone["entry"], 7, 7, 1),
        (retracted["entry"], 6, 6, 0),
    ]
    for limit in (1, 3, 100):
        assert moves("MD", limit=limit) == expected
    assert moves("MD", as_of=second["entry"]) == expected[:3]
    assert moves("MD", agency="MD")[0][:3] == (second["entry"], 1, 1)
    for entry, reported, deduplicated, _ in expected:
        if entry:
            assert numbers(room, "MD", "arrests", as_of=entry)[:2] == (reported, deduplicated)
    restricted = room.get("MD", "figures/arrests/history")["items"][1]
    assert (restricted["recorded_at"], restricted["headline"]) == (None, "restricted")
    assert room.as_agency("MD").get(f"{room.path}/figures/arrested/history").status_code == 404
