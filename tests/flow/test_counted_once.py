"""What counts once: credit, numbers to date, aggregates and confirmed duplicates."""

from typing import Any

ONLY_BA = {"scope": "named", "agencies": ["BA"], "roles": ["lead"]}


def lines(room: Any, agency: str, metric: str, **query: Any) -> list[dict[str, Any]]:
    """All lines behind a figure, page by page."""
    found, cursor = [], {}
    while True:
        page = room.get(agency, f"figures/{metric}/events", **query, **cursor)
        found += page["items"]
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}


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
