"""What the centre watches over HTTP: who is silent, how late reports come, the ledger, the funnel."""

from typing import Any

EVERYONE = {"audience": {"scope": "all"}}
HOUR = "2022-06-24T{:02}:00:00Z"


def take(room: Any, hour: int, agency: str, type: str, /, **members: Any) -> dict[str, Any]:
    """Something that is reported on the hour, at once unless it says otherwise."""
    room.time = HOUR.format(hour)
    receipt: dict[str, Any] = room.take(agency, type, **{**room.now(), **EVERYONE, **members})
    return receipt


def between(begin: int, end: int) -> dict[str, Any]:
    return {"occurred": {"from": HOUR.format(begin), "to": HOUR.format(end), "precision": "period"}}


def test_silence_is_told_from_nothing_to_report(exercise: Any) -> None:
    take(exercise, 7, "BA", "arrest.made.v1")
    take(exercise, 8, "MD", "nil_report.filed.v1", topics=[], **between(6, 8))
    hidden = {"audience": {"scope": "named", "agencies": ["AT"]}}
    take(exercise, 12, "BA", "arrest.made.v1", **hidden)
    take(exercise, 14, "AT", "arrest.made.v1")

    def states(agency: str, **query: Any) -> dict[str, tuple[str, int]]:
        items = exercise.get(agency, "participants/silence", **query)["items"]
        return {item["agency"]: (item["state"], item["silent_seconds"] // 3600) for item in items}

    assert states("AT") == {
        "BA": ("reporting", 2),
        "MD": ("nil", 6),
        "AT": ("reporting", 0),
        "FRONTEX": ("never", 8),
        "EUROPOL": ("never", 8),
        "INTERPOL": ("never", 8),
    }
    assert states("MD")["BA"] == ("reporting", 7)
    assert states("MD", silent_after_hours=6.5)["BA"] == ("silent", 7)
    assert states("AT", silent_after_hours=5)["MD"] == ("silent", 6)
    assert states("AT", as_of=HOUR.format(7))["MD"] == ("never", 1)
    assert states("AT", at=HOUR.format(11))["BA"] == ("reporting", 4)
    first, *_, last = exercise.get("AT", "participants/silence")["items"]
    assert (first["silent_seconds"], last["agency"]) == (8 * 3600, "AT")
    nil = next(one for one in exercise.get("AT", "participants/silence")["items"] if one["agency"] == "MD")
    assert (nil["last_nil_report"]["from"], nil["last_report"]) == (HOUR.format(6), None)


def test_latency_measures_what_is_known_to_the_minute(exercise: Any) -> None:
    for hour in (8, 9, 12):
        take(exercise, hour, "BA", "arrest.made.v1", occurred={"from": HOUR.format(7), "precision": "minute"})
    take(exercise, 12, "BA", "arrest.made.v1", occurred={"from": "2022-06-20T00:00:00Z", "precision": "day"})
    take(exercise, 13, "MD", "seizure.made.v1", category="cannabis")
    wrong = take(exercise, 13, "MD", "arrest.made.v1", occurred={"from": HOUR.format(6), "precision": "minute"})
    take(exercise, 14, "MD", "record.retracted.v1", target=wrong["entry"], reason="wrong", etag=wrong["etag"])

    lines = {line["agency"]: line for line in exercise.get("AT", "latency")["items"]}
    assert lines["BA"] == {
        "agency": "BA",
        "reports": 4,
        "measured": 3,
        "median_seconds": 2 * 3600,
        "p90_seconds": round(4.4 * 3600),
    }
    assert (lines["MD"]["reports"], lines["MD"]["median_seconds"]) == (1, 0)
    early = exercise.get("AT", "latency", as_of=HOUR.format(9), by=["agency", "type"])["items"]
    assert [(line["type"], line["median_seconds"]) for line in early] == [("arrest.made.v1", 1.5 * 3600)]


def test_the_ledger_never_adds_kilograms_to_pieces(exercise: Any) -> None:
    kilograms = {"quantity": {"value": 12.5, "unit": "KGM"}, "value": None, "status": "pending_inventory"}
    pieces = {"quantity": {"value": 40, "unit": "C62"}, "value": {"value": 900, "unit": "EUR"}, "status": "final"}
    pieces["place"] = {"country": "MD"}
    first = take(exercise, 7, "BA", "seizure.made.v1", category="cannabis", **kilograms)
    take(exercise, 8, "MD", "seizure.made.v1", category="ecstasy", **pieces)
    weighed = {"quantity": {"value": 11.75, "unit": "KGM"}, "reason": "weighed"}
    take(exercise, 9, "BA", "seizure.revised.v1", seizure=first["entry"], etag=first["etag"], **weighed)

    def lines(**query: Any) -> dict[tuple[str, str], tuple[Any, int]]:
        items = exercise.get("AT", "seizures/ledger", **query)["items"]
        return {
            (line["category"], line["unit"]): (line["deduplicated"]["value"], line["pending_inventory"])
            for line in items
        }

    assert lines() == {("cannabis", "KGM"): (11.75, 0), ("ecstasy", "C62"): (40, 0)}
    assert lines(as_of=HOUR.format(8)) == {("cannabis", "KGM"): (12.5, 1), ("ecstasy", "C62"): (40, 0)}
    assert lines(country="MD") == {("ecstasy", "C62"): (40, 0)}
    assert exercise.get("AT", "seizures/ledger", as_of=HOUR.format(8))["pending_inventory"] == 1
    # What was weighed later had been seized by then; that its inventory was done had not happened.
    assert lines(at=HOUR.format(8)) == {("cannabis", "KGM"): (11.75, 1), ("ecstasy", "C62"): (40, 0)}
    (seized,) = exercise.get("AT", "seizures", at=HOUR.format(8), category="cannabis")["items"]
    assert (seized["detail"]["quantity"]["value"], seized["detail"]["status"]) == (11.75, "pending_inventory")
    (ecstasy,) = exercise.get("AT", "seizures/ledger", category="ecstasy")["items"]
    assert [(value["unit"], value["deduplicated"]["value"]) for value in ecstasy["values"]] == [("EUR", 900)]
    assert exercise.figure("AT", ecstasy["figure"])["value"] == 40


def test_the_funnel_goes_from_searches_to_arrests(exercise: Any) -> None:
    searched = {"covers": ["document"], "level": "database_search", "system": "SLTD", "quantity": 500}
    take(exercise, 7, "BA", "border_check.reported.v1", lines=[searched], mode="increment", **between(6, 7))
    hits = [take(exercise, 8, "BA", "hit.raised.v1", database="SLTD", object="document") for _ in range(3)]
    for hit, hour, outcome in ((hits[0], 9, "confirmed"), (hits[1], 9, "confirmed"), (hits[2], 9, "refuted")):
        answer = {"hit": hit["entry"], "outcome": outcome, "etag": hit["etag"]}
        hit |= take(exercise, hour, "INTERPOL", "hit.verified.v1", **answer) | {"entry": hit["entry"]}
    take(exercise, 10, "BA", "hit.actioned.v1", hit=hits[0]["entry"], action="arrested", etag=hits[0]["etag"])
    take(exercise, 10, "BA", "hit.actioned.v1", hit=hits[1]["entry"], action="none", reason="-", etag=hits[1]["etag"])
    take(exercise, 11, "BA", "arrest.made.v1", result_of=hits[0]["entry"])
    take(exercise, 11, "BA", "arrest.made.v1", result_of=hits[0]["entry"])

    def line(**query: Any) -> dict[str, Any]:
        (found,) = [one for one in exercise.get("AT", "funnel", **query)["items"] if one["database"] == "SLTD"]
        return {name: value for name, value in found.items() if name != "database"}

    assert line() == {
        "searches": {"value": 500, "qualifier": "exact"},
        "raised": 3,
        "confirmed": 2,
        "refuted": 1,
        "undetermined": 0,
        "actioned": 1,
        "confirmed_without_action": 1,
        "led_to_arrest": 1,
        "arrests": 2,
    }
    before = line(as_of=HOUR.format(8))
    assert (before["raised"], before["confirmed"], before["arrests"]) == (3, 0, 0)
    assert line(at=HOUR.format(9))["confirmed_without_action"] == 2
