"""That a restricted record exists is known where its provider says so: by which country, and not one thing more."""

from typing import Any

from tests.flow.everything_read import EXPORT

ONLY_AT = {"scope": "named", "agencies": ["AT"]}
H2 = {"codes": ["H2"]}


def hidden(room: Any, agency: str = "BA", /, **members: Any) -> dict[str, Any]:
    said = {"audience": ONLY_AT, "handling": H2, "show_existence": True, **members}
    taken: dict[str, Any] = room.take(agency, "arrest.made.v1", **said)
    return taken


def restricted(room: Any, agency: str, /, **query: Any) -> Any:
    return room.get(agency, "timeline", **query).get("restricted")


def test_others_know_that_there_are_restricted_records_and_by_whom(room: Any) -> None:
    for agency in ("BA", "BA", "MD"):
        hidden(room, agency)

    told = restricted(room, "INTERPOL", country="AT", limit=1)

    assert told == [{"by": "BA", "records": 2}, {"by": "MD", "records": 1}]
    assert restricted(room, "BA") == [{"by": "MD", "records": 1}]
    assert restricted(room, "AT") is None


def test_nothing_is_known_of_a_record_whose_provider_does_not_say_so(room: Any) -> None:
    hidden(room, show_existence=False)

    assert restricted(room, "MD") is None


def test_a_record_that_is_shown_to_exist_shows_nothing_else(room: Any) -> None:
    before = answers(room)

    entry = hidden(room, countable=False)["entry"]

    assert restricted(room, "MD") == [{"by": "BA", "records": 1}]
    assert answers(room) == before
    assert room.as_agency("MD").get(f"{room.path}/events/{entry}").status_code == 404


def answers(room: Any) -> list[str]:
    """What else there is to be had, without the moment and what stands in for it."""
    client = room.as_agency("MD")
    found = [client.get(f"{room.path}/{path}").json() for path in ("arrests", "map", "figures", "timeline/counts")]
    lines = client.get(f"{room.path}/timeline").json()["items"]
    return [str(one.get("items") or one.get("features") or one.get("total")) for one in found] + [
        str(lines),
        client.get(f"{room.path}/events", headers=EXPORT).text,
    ]


def test_what_is_retracted_or_opened_to_all_is_restricted_no_longer(room: Any) -> None:
    first, second = hidden(room), hidden(room)
    last = room.take("AT", "arrest.made.v1")["entry"]

    room.take(
        "BA", "record.retracted.v1", target=first["entry"], reason="wrong", audience=ONLY_AT, etag=first["etag"]
    )  # fmt: skip
    room.take(
        "BA",
        "handling.changed.v1",
        target=second["entry"],
        audience=ONLY_AT,
        new_audience={"scope": "all"},
        new_handling={"codes": ["H0"]},
        etag=second["etag"],
    )

    assert restricted(room, "MD") is None
    assert restricted(room, "MD", as_of=last) == [{"by": "BA", "records": 1}]
