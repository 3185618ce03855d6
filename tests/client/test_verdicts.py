"""What people said of the machine's hits: the last word that stands, by band, and nothing of the records."""

from typing import Any

from services.client.verdicts import counted, verdicts

REASON = {"feature": "birth", "level": "same_day", "bits": 7.5, "words": "same date of birth"}


def entry(id: str, type: str, *, thing: str | None = None, **data: Any) -> dict[str, Any]:
    return {"entry": id, "thing": thing or id, "report": {"type": type, "data": data}}


def hit(id: str, band: str = "strong") -> dict[str, Any]:
    matched = {"band": band, "bits": 7.5, "weights": "2", "reasons": [REASON]}
    return entry(id, "hit.raised.v1", matched=matched, record_ref="INVENTED/1")


def verdict(id: str, of: str, outcome: str) -> dict[str, Any]:
    return entry(id, "hit.verified.v1", thing=of, hit=of, outcome=outcome)


def test_the_last_verdict_that_stands_is_the_label() -> None:
    log = [
        hit("a"),
        hit("b", "possible"),
        hit("c"),
        hit("d"),
        verdict("1", "a", "undetermined"),
        verdict("2", "a", "confirmed"),
        verdict("3", "b", "refuted"),
        verdict("4", "c", "confirmed"),
        entry("5", "record.retracted.v1", thing="c", target="4"),
    ]

    found = list(verdicts(log))

    assert {one.hit: one.outcome for one in found} == {"a": "confirmed", "b": "refuted", "c": None, "d": None}
    assert counted(found) == {"strong": {"confirmed": 1, "open": 2}, "possible": {"refuted": 1}}


def test_a_corrected_verdict_says_what_it_says_now_and_a_hit_that_was_taken_back_is_none() -> None:
    log = [
        hit("a"),
        hit("b"),
        verdict("1", "a", "confirmed"),
        entry("2", "record.corrected.v1", thing="a", target="1", corrected={"hit": "a", "outcome": "refuted"}),
        entry("3", "record.retracted.v1", thing="b", target="b"),
    ]

    assert [(one.hit, one.outcome) for one in verdicts(log)] == [("a", "refuted")]


def test_a_hit_that_no_machine_raised_is_no_label_and_a_label_names_no_record() -> None:
    by_hand = entry("a", "hit.raised.v1", record_ref="INVENTED/2")

    (found,) = verdicts([by_hand, hit("b"), verdict("1", "b", "confirmed")])

    assert found.label() == {
        "hit": "b",
        "weights": "2",
        "band": "strong",
        "bits": 7.5,
        "reasons": (("birth", "same_day", 7.5),),
        "outcome": "confirmed",
    }
