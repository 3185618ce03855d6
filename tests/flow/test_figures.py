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


def test_a_claim_of_credit_enters_no_total(room: Any) -> None:
    hit = room.take("BA", "hit.raised.v1", database="SLTD", audience={"scope": "all"})
    kilograms = {"value": 12, "unit": "KGM"}
    room.take("BA", "arrest.made.v1", category="smuggler", count=2, joint_with=["MD"], result_of=hit["entry"])
    room.take("BA", "seizure.made.v1", category="cannabis", quantity=kilograms, value=None)

    def totals() -> list[Any]:
        wanted = ("arrests", "arrests.smugglers", "interpol_hits.raised", "seizures.cannabis.KGM")
        listed = {one["metric"]: one for one in room.get("AT", "figures")["items"]}
        found: list[Any] = [(listed[name]["reported"], listed[name]["deduplicated"]) for name in wanted]
        for by in ("country", "agency", "day", "category", "phase"):
            broken = room.get("AT", "figures/arrests", by=by)["breakdown"]
            found.append([[part["reported"] for part in broken["items"]], broken["unattributed"], broken["restricted"]])
        found += [room.get("AT", "figures/arrests/events", number=one)["items"] for one in ("reported", "deduplicated")]
        found += [room.get("AT", view)["items"] for view in ("funnel", "seizures/ledger")]
        return found

    before = totals()
    claimed = {"credit_only": True, "audience": {"scope": "all"}}
    theirs = room.take("MD", "hit.raised.v1", database="SLTD", **claimed)
    room.take("MD", "arrest.made.v1", category="smuggler", count=5, result_of=theirs["entry"], **claimed)
    room.take("MD", "arrest.made.v1", category="smuggler", result_of=hit["entry"], **claimed)
    room.take("MD", "seizure.made.v1", category="cannabis", quantity=kilograms, value=None, **claimed)

    assert totals() == before
    credit = room.get("AT", "figures/arrests")["credit"]
    assert [(one["agency"], one["value"]) for one in credit] == [("BA", 2), ("MD", 8)]


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


def test_an_increment_is_not_taken_beside_a_number_to_date_nor_that_beside_increments(room: Any) -> None:
    check(room, 100, "24T00:00", "25T00:00", mode="cumulative_to_date")
    check(room, 10, "24T08:00", "24T09:00", place={"country": "BA", "crossing_point": "BA-2"})

    def report(value: int, spot: str, **members: Any) -> dict[str, Any]:
        lines = [{**CHECKED, "covers": ["vehicle"], "quantity": 1}, {**CHECKED, "quantity": value}]
        stated = {"mode": "increment", "place": {"country": "BA", "crossing_point": spot}, **members}
        made: dict[str, Any] = room.report(
            "border_check.reported.v1", lines=lines, occurred=period("25T00:00", "26T00:00"), **stated
        )
        return made

    def refused(report: dict[str, Any]) -> list[str]:
        answer = room.post("BA", report)
        assert answer.status_code == 422, answer.text
        return [f"{one['pointer']} {one['detail'].partition('. ')[2]}" for one in answer.json()["errors"]]

    assert refused(report(5, "BA-1")) == ["/data/lines/1 Post the new number to date, or retract those that there are."]
    assert refused(report(300, "BA-2", mode="cumulative_to_date")) == [
        "/data/lines/1 Go on in increments, say includes_itemised, or retract those that there are."
    ]
    assert room.figure("AT", "checks.person")["value"] == 110
    for other in ({"phase": "preparation"}, {"audience": ONLY_BA}, {"credit_only": True}, {"place": {"country": "BA"}}):
        assert room.post("BA", report(5, "BA-1", **other)).status_code == 201
    batch = [report(7, "BA-3"), report(9, "BA-3", mode="cumulative_to_date"), report(8, "BA-3")]
    answers = room.as_agency("BA").post(
        f"{room.path}/events", json=batch, headers={"Content-Type": "application/cloudevents-batch+json"}
    )
    assert [one["status"] for one in answers.json()["results"]] == [201, 422, 201]
    included = report(400, "BA-2", mode="cumulative_to_date", includes_itemised=True)
    assert room.post("BA", included).status_code == 201


def test_an_increment_that_was_taken_is_a_replay_whatever_came_since(room: Any) -> None:
    increment = room.report("border_check.reported.v1", mode="increment")
    first = room.post("BA", increment)
    etag = first.json()["etag"]
    room.take("BA", "record.retracted.v1", target=first.json()["entry"], reason="wrong", etag=etag)
    room.take("BA", "border_check.reported.v1", mode="cumulative_to_date")

    assert room.post("BA", increment).status_code == 200
    assert room.post("BA", {**increment, "id": "another"}).status_code == 422


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


def confirm(room: Any, by: str, kept: Any, other: Any, **members: Any) -> Any:
    """A pair suggested by AT and confirmed by another; the receipt of the confirmation, and the pair."""
    stated = {"a": kept["entry"], "b": other["entry"], "reasons": ["same_time", "same_place"], "score": None}
    pair = room.take("AT", "duplicate.suggested.v1", **stated, **members)
    decision = room.take(
        by, "duplicate.confirmed.v1", pair=pair["entry"], kept=kept["entry"], etag=pair["etag"], **members
    )
    return decision, pair


def numbers(room: Any, agency: str, metric: str, **query: Any) -> tuple[int, int, int]:
    figure = room.get(agency, f"figures/{metric}", **query)
    return figure["reported"]["value"], figure["deduplicated"]["value"], figure["duplicates_pending"]


def test_a_confirmed_duplicate_counts_once_and_both_keep_their_credit(room: Any) -> None:
    ours = room.take("BA", "arrest.made.v1", category="smuggler")
    theirs = room.take("MD", "arrest.made.v1", category="smuggler")
    assert numbers(room, "AT", "arrests") == (2, 2, 0)

    decision, pair = confirm(room, "MD", ours, theirs)

    assert numbers(room, "AT", "arrests") == (2, 1, 0)
    assert numbers(room, "AT", "arrests.smugglers") == (2, 1, 0)
    assert numbers(room, "AT", "arrests", as_of=pair["entry"]) == (2, 2, 1)
    credit = [(one["agency"], one["value"]) for one in room.get("AT", "figures/arrests")["credit"]]
    assert credit == [("BA", 1), ("MD", 1)]
    lines = room.get("AT", "figures/arrests/events")["items"]
    assert [line["entry"] for line in lines] == [ours["entry"]]
    room.take("MD", "duplicate.undone.v1", pair=pair["entry"], etag=decision["etag"])
    assert numbers(room, "AT", "arrests") == (2, 2, 1)
    assert numbers(room, "AT", "arrests", as_of=decision["entry"]) == (2, 1, 0)


def test_the_history_of_a_part_moves_with_the_record_that_stood_for_one_of_it(room: Any) -> None:
    kept = room.take("BA", "arrest.made.v1", category="fugitive")
    other = room.take("MD", "arrest.made.v1", category="smuggler")
    confirm(room, "MD", kept, other)

    retracted = room.take("BA", "record.retracted.v1", target=kept["entry"], reason="wrong", etag=kept["etag"])

    moves = room.get("AT", "figures/arrests.smugglers/history")["items"]
    assert [move["deduplicated"]["value"] for move in moves] == [1, 0, 1]
    assert moves[-1]["entry"] == retracted["entry"]


def test_pairs_that_would_close_a_circle_are_not_confirmed(room: Any) -> None:
    a, b, c = (room.take(agency, "arrest.made.v1") for agency in ("BA", "MD", "BA"))
    confirm(room, "MD", a, b)
    confirm(room, "MD", b, c)
    stated = {"a": c["entry"], "b": a["entry"], "reasons": ["same_time"], "score": None}
    pair = room.take("AT", "duplicate.suggested.v1", **stated)

    circle = room.report("duplicate.confirmed.v1", pair=pair["entry"], kept=c["entry"])
    refused = room.post("BA", circle, etag=pair["etag"])

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/circle-of-pairs")
    assert numbers(room, "AT", "arrests") == (3, 1, 1)
    room.take("BA", "duplicate.confirmed.v1", pair=pair["entry"], kept=a["entry"], etag=pair["etag"])
    assert numbers(room, "AT", "arrests") == (3, 1, 0)


def test_a_rejected_pair_takes_nothing_away(room: Any) -> None:
    ours = room.take("BA", "arrest.made.v1")
    theirs = room.take("MD", "arrest.made.v1")
    stated = {"a": ours["entry"], "b": theirs["entry"]}
    pair = room.take("AT", "duplicate.suggested.v1", **stated)
    room.take("BA", "duplicate.rejected.v1", pair=pair["entry"], etag=pair["etag"])

    assert numbers(room, "AT", "arrests") == (2, 2, 0)


def test_when_the_kept_side_is_retracted_the_other_counts_again(room: Any) -> None:
    ours = room.take("BA", "arrest.made.v1")
    theirs = room.take("MD", "arrest.made.v1")
    confirm(room, "MD", ours, theirs)

    retracted = room.take("BA", "record.retracted.v1", target=ours["entry"], reason="wrong", etag=ours["etag"])

    assert numbers(room, "AT", "arrests", as_of=retracted["entry"]) == (1, 1, 0)


def test_a_pair_that_the_viewer_does_not_see_changes_nothing_for_it(room: Any) -> None:
    ours = room.take("BA", "arrest.made.v1")
    theirs = room.take("MD", "arrest.made.v1", audience=ONLY_BA)
    before = room.get("EUROPOL", "figures")["items"]

    confirm(room, "AT", theirs, ours, audience=ONLY_BA)

    assert numbers(room, "BA", "arrests") == (2, 1, 0)
    assert [{**one, "moment": None} for one in room.get("EUROPOL", "figures")["items"]] == [
        {**one, "moment": None} for one in before
    ]


def test_a_cumulative_number_that_is_a_duplicate_still_replaces_the_one_before_it(room: Any) -> None:
    check(room, 100, "24T00:00", "25T00:00", mode="cumulative_to_date")
    last = check(room, 300, "24T00:00", "26T00:00", mode="cumulative_to_date")
    lines = [{**CHECKED, "quantity": 300}]
    other = room.take(
        "MD",
        "border_check.reported.v1",
        lines=lines,
        mode="increment",
        place={"country": "BA", "crossing_point": "BA-1"},
    )

    confirm(room, "AT", other, last)

    assert numbers(room, "AT", "checks.person") == (600, 300, 0)


def lines(room: Any, agency: str, metric: str, **query: Any) -> list[dict[str, Any]]:
    """All lines behind a figure, page by page."""
    found, cursor = [], {}
    while True:
        page = room.get(agency, f"figures/{metric}/events", **query, **cursor)
        found += page["items"]
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}


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


def test_small_numbers_of_children_are_not_told_by_country(room: Any) -> None:
    for country, minors in (("BA", 2), ("MD", 6), ("RO", 9)):
        case = {"victims": {"minors": minors}, "audience": {"scope": "all"}, "place": {"country": country}}
        room.take("BA", "thb_case.reported.v1", **case)

    broken = room.get("AT", "figures/thb_victims.minors", by="country")["breakdown"]

    assert [(one["country"], one["deduplicated"]["value"]) for one in broken["items"]] == [("RO", 9)]
    assert (broken["withheld"]["parts"], broken["withheld"]["deduplicated"]["value"]) == (2, 8)
    assert parts(room, "AT", "arrests", "country") == {"unattributed": 0}


def by_place(room: Any, agency: str, metric: str, *by: str) -> list[tuple[Any, ...]]:
    broken = room.get(agency, f"figures/{metric}", by=list(by))["breakdown"]
    return [(*(one[name] for name in by), one["deduplicated"]["value"]) for one in broken["items"]]


def test_small_numbers_of_victims_are_told_of_the_operation_and_to_who_safeguards_them(room: Any) -> None:
    room.as_agency("FRONTEX", groups=["safeguarding"])
    for agency, adults, minors in (("BA", 10, 2), ("MD", 6, 0), ("AT", 9, 7)):
        room.take(
            agency,
            "thb_case.reported.v1",
            victims={"adults": adults, "minors": minors},
            phase="operational",
            audience={"scope": "all"},
            place={"country": agency},
        )
    room.take(
        "AT",
        "thb_case.reported.v1",
        victims={"adults": 5},
        phase="preparation",
        audience={"scope": "all"},
        place={"country": "AT"},
    )

    assert room.figure("EUROPOL", "thb_victims.minors") == {"value": 9, "qualifier": "exact"}
    assert by_place(room, "EUROPOL", "thb_victims.minors", "country") == [("MD", 0)]
    assert by_place(room, "EUROPOL", "thb_victims.adults", "country") == [("MD", 6)]
    # Where the children of a country are few, its victims together, less the adults, would tell of them.
    assert by_place(room, "EUROPOL", "thb_victims", "country") == [("MD", 6)]
    assert by_place(room, "EUROPOL", "thb_victims", "agency", "phase") == [("MD", "operational", 6)]
    assert by_place(room, "FRONTEX", "thb_victims.minors", "country") == [("AT", 7), ("BA", 2), ("MD", 0)]
    assert by_place(room, "EUROPOL", "thb_victims.minors", "phase") == [("operational", 9)]


def test_as_many_places_are_withheld_as_it_takes(room: Any) -> None:
    for agency, minors in (("BA", 1), ("MD", 2), ("AT", 6)):
        room.take(
            agency,
            "thb_case.reported.v1",
            victims={"adults": 9, "minors": minors},
            audience={"scope": "all"},
            place={"country": agency},
        )

    # Two countries with three children together would be told apart by a guess.
    broken = room.get("EUROPOL", "figures/thb_victims.minors", by="country")["breakdown"]
    assert (broken["items"], broken["withheld"]["parts"]) == ([], 3)
    assert [each["agency"] for each in room.get("EUROPOL", "figures/thb_victims.adults")["credit"]] == []
    assert room.figure("EUROPOL", "thb_victims") == {"value": 36, "qualifier": "exact"}


def take_cases(room: Any, *cases: tuple[str, str, int, int]) -> None:
    for agency, phase, adults, minors in cases:
        room.take(
            agency,
            "thb_case.reported.v1",
            victims={"adults": adults, "minors": minors},
            phase=phase,
            audience={"scope": "all"},
            place={"country": agency},
        )


def test_a_country_is_withheld_beside_one_that_has_no_such_victims(room: Any) -> None:
    take_cases(room, ("BA", "operational", 10, 2), ("MD", "operational", 6, 0), ("AT", "operational", 9, 0))

    # Were only BA withheld, what is withheld of all victims, less the adults, would be its two children.
    for metric in ("thb_victims", "thb_victims.adults"):
        assert by_place(room, "EUROPOL", metric, "country") == [("AT", 9)]
    assert by_place(room, "EUROPOL", "thb_victims.minors", "country") == [("AT", 0)]
    quiet = room.get("EUROPOL", "figures/thb_victims", country="BA")
    assert (quiet["reported"]["qualifier"], quiet["parts"]) == ("withheld", [])


def test_what_a_filter_leaves_out_of_a_country_is_not_small_either(room: Any) -> None:
    take_cases(room, ("BA", "operational", 5, 0), ("BA", "preparation", 2, 0), ("AT", "operational", 9, 0))
    withheld = {"value": None, "qualifier": "withheld"}

    def said(**query: Any) -> Any:
        return room.get("EUROPOL", "figures/thb_victims.adults", **query)["deduplicated"]

    assert said(country="BA") == {"value": 7, "qualifier": "exact"}
    assert said(country="BA", phase="preparation") == withheld
    assert said(country="BA", phase="operational") == withheld  # Less what is told of all, it would tell of the two.
    assert said(country="AT", phase="operational") == withheld
    assert said(phase="preparation") == {"value": 2, "qualifier": "exact"}


def test_a_country_that_is_withheld_is_so_whatever_is_asked_of_it(room: Any) -> None:
    take_cases(room, ("BA", "operational", 3, 0), ("MD", "operational", 8, 0), ("AT", "preparation", 9, 0))

    assert by_place(room, "EUROPOL", "thb_victims", "country") == [("AT", 9)]
    narrowed = room.get("EUROPOL", "figures/thb_victims", country="MD", phase="operational")
    assert narrowed["deduplicated"]["qualifier"] == "withheld"


def test_a_small_number_is_not_told_either_where_just_its_place_is_asked_for(room: Any) -> None:
    room.as_agency("FRONTEX", groups=["safeguarding"])
    for agency, minors in (("BA", 2), ("MD", 6), ("AT", 9)):
        room.take(
            agency,
            "thb_case.reported.v1",
            victims={"minors": minors},
            audience={"scope": "all"},
            place={"country": agency},
        )
    not_told = {"value": None, "qualifier": "withheld"}

    def said(viewer: str, **query: Any) -> list[Any]:
        one = room.get(viewer, "figures/thb_victims.minors", **query)
        listed = {each["metric"]: each for each in room.get(viewer, "figures", **query)["items"]}
        assert (listed["thb_victims.minors"]["reported"], listed["thb_victims.minors"]["credit"]) == (
            one["reported"],
            one["credit"],
        )
        return [one["reported"], one["deduplicated"], [each["agency"] for each in one["credit"]], one.get("breakdown")]

    assert said("EUROPOL")[1:3] == [{"value": 17, "qualifier": "exact"}, ["AT"]]
    assert said("EUROPOL", country="BA") == said("EUROPOL", agency="MD") == [not_told, not_told, [], None]
    assert said("EUROPOL", country=["AT", "BA"])[0] == not_told
    assert "breakdown" not in room.get("EUROPOL", "figures/thb_victims.minors", country="BA", by="phase")
    assert said("EUROPOL", country="AT")[1:3] == [{"value": 9, "qualifier": "exact"}, ["AT"]]
    assert said("EUROPOL", country="RO")[1] == {"value": 0, "qualifier": "exact"}
    assert said("FRONTEX", country="BA")[1:3] == [{"value": 2, "qualifier": "exact"}, ["BA"]]
    moves = room.get("EUROPOL", "figures/thb_victims.minors/history", country="BA")["items"]
    assert [move["deduplicated"] for move in moves] == [not_told]
    assert room.figure("EUROPOL", "thb_cases", country="BA") == {"value": 1, "qualifier": "exact"}


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
