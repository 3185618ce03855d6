"""The timeline's course: whoever has it can show any moment as the server itself would."""

from typing import Any

Lines = dict[str, dict[str, Any]]


def course(room: Any, agency: str, *, cursor: str | None = None, limit: int = 5000) -> tuple[list[dict[str, Any]], str]:
    """All versions, page by page, and the cursor that asks for what changes after them."""
    rows: list[dict[str, Any]] = []
    while True:
        query = {"limit": limit, **({"cursor": cursor} if cursor else {})}
        page = room.get(agency, "history", **query)
        rows += [dict(zip(page["fields"], row, strict=True)) for row in page["rows"]]
        if page["next"] is None:
            return rows, page["changes"]
        cursor = page["next"]


def known_at(rows: list[dict[str, Any]], moment: str) -> Lines:
    return {
        row["entry"]: {name: value for name, value in row.items() if not name.startswith("known_")}
        for row in rows
        if row["known_from"] <= moment and (row["known_until"] is None or row["known_until"] > moment)
    }


def timeline(room: Any, agency: str, **asked: Any) -> Lines:
    return {item["entry"]: item for item in room.get(agency, "timeline", limit=1000, **asked)["items"]}


def corrected_and_retracted(room: Any) -> list[dict[str, Any]]:
    """Two arrests of which one is corrected and one withdrawn, and one that only its own agency sees."""
    first = room.take("BA", "arrest.made.v1", count=3)
    second = room.take("MD", "arrest.made.v1")
    corrected = room.report("arrest.made.v1", count=2)["data"]
    third = room.take(
        "BA", "record.corrected.v1", etag=first["etag"], target=first["entry"], corrected=corrected, reason="error"
    )
    hidden = room.take("MD", "arrest.made.v1", audience={"scope": "named", "agencies": ["EUROPOL"]})
    fourth = room.take("MD", "record.retracted.v1", etag=second["etag"], target=second["entry"], reason="wrong")
    return [first, second, third, hidden, fourth]


def test_the_course_shows_every_moment_as_the_timeline_does(room: Any) -> None:
    receipts = corrected_and_retracted(room)

    rows, _ = course(room, "AT", limit=3)

    moments = [row["recorded_at"] for row in rows]
    assert len(set(moments)) > 8
    for moment in moments:
        assert known_at(rows, moment) == timeline(room, "AT", as_of=moment)
    states = {row["state"] for row in rows if row["entry"] in (receipts[0]["entry"], receipts[1]["entry"])}
    assert states == {"in_force", "corrected", "retracted"}


def test_who_may_not_see_an_entry_finds_no_trace_of_it_in_the_course(room: Any) -> None:
    hidden = corrected_and_retracted(room)[3]

    assert hidden["entry"] in {row["entry"] for row in course(room, "MD")[0]}
    assert hidden["entry"] not in {row["entry"] for row in course(room, "AT")[0]}
    assert hidden["recorded_at"] not in str(room.get("AT", "history"))


def test_what_changed_since_completes_what_was_read_before(room: Any) -> None:
    early, changes = course(room, "BA")

    corrected_and_retracted(room)
    later, last = course(room, "BA", cursor=changes, limit=2)

    versions = {(row["entry"], row["known_from"]): row for row in [*early, *later]}
    whole = {(row["entry"], row["known_from"]): row for row in course(room, "BA")[0]}
    assert versions == whole
    assert course(room, "BA", cursor=last)[0] == []


def test_a_cursor_of_somebody_else_opens_nothing(room: Any) -> None:
    _, changes = course(room, "BA")

    answer = room.as_agency("MD").get(f"{room.path}/history", params={"cursor": changes})

    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/malformed"


def test_a_token_says_for_whom_it_speaks(room: Any) -> None:
    answer = room.as_agency("BA").get("/v1/me").json()

    assert (answer["agency"], answer["kind"], answer["may_post"]) == ("BA", "national", True)
