"""Erasure: a person's data are gone from every answer, and what was counted stays counted."""

from typing import Any

from sqlalchemy import create_engine, text

from services.shared.database import engine_url

NAME = "Erasmus"
PERSON = {
    "names": [{"family": NAME, "given": None, "script": "Latn"}],
    "nationalities": ["IL"],
    "subject_category": "suspect",
    "minor": False,
}


def arrested(room: Any) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """An arrest, its correction, and a correction that another agency proposed: all three name the person."""
    arrest = room.take("BA", "arrest.made.v1", person=PERSON)
    data = {**room.report("arrest.made.v1")["data"], "person": PERSON, "count": 2}
    corrected = room.take(
        "BA", "record.corrected.v1", target=arrest["entry"], corrected=data, etag=arrest["etag"]
    )  # fmt: skip
    proposed = room.take("MD", "correction.proposed.v1", target=arrest["entry"], corrected=data)
    return arrest, corrected, proposed


def answers(room: Any, *entries: str) -> str:
    """All that is told of these entries, and what a search for the name finds."""
    client = room.as_agency("AT")
    told = [client.get(f"{room.path}/{path}").text for path in ("events?limit=1000", "timeline", "history")]
    told += [client.get(f"{room.path}/events/{entry}").text for entry in entries]
    told.append(client.post(f"{room.path}/search", json={"name": NAME}).text)
    return "\n".join(told)


def test_an_erased_person_is_in_no_answer_and_stays_counted(room: Any) -> None:
    arrest, corrected, proposed = arrested(room)
    entries = [one["entry"] for one in (arrest, corrected, proposed)]
    assert answers(room, *entries).count(NAME) >= len(entries)
    before = room.figure("AT", "arrests")

    room.take("BA", "person.erased.v1", target=arrest["entry"], blocks=None, etag=corrected["etag"])

    assert NAME not in answers(room, *entries)
    assert room.figure("AT", "arrests") == before
    assert room.get("AT", f"events/{arrest['entry']}")["erased"] == ["/person"]
    assert room.get("AT", f"events/{corrected['entry']}")["erased"] == ["/corrected/person"]


def test_the_keys_and_the_marks_are_gone_from_the_database(room: Any) -> None:
    arrest, corrected, proposed = arrested(room)
    entries = [one["entry"] for one in (arrest, corrected, proposed)]

    room.take("BA", "person.erased.v1", target=arrest["entry"], blocks=["/person"], etag=corrected["etag"])

    engine = create_engine(engine_url(room.stack.settings.database_url))
    with engine.connect() as connection:
        query = "select wrapped, marks, erased_at from desk.keys where entry = any(cast(:entries as uuid[]))"
        rows = connection.execute(text(query), {"entries": entries}).all()
    engine.dispose()
    assert len(rows) == len(entries)
    assert {(wrapped, marks) for wrapped, marks, _ in rows} == {(None, None)}
    assert all(erased_at is not None for _, _, erased_at in rows)


def test_another_record_of_the_same_person_stays(room: Any) -> None:
    arrest, corrected, _ = arrested(room)
    other = room.take("MD", "arrest.made.v1", person=PERSON)

    room.take("BA", "person.erased.v1", target=arrest["entry"], blocks=None, etag=corrected["etag"])

    assert NAME in room.as_agency("AT").get(f"{room.path}/events/{other['entry']}").text


def test_a_block_that_the_record_does_not_have_is_refused(room: Any) -> None:
    arrest = room.take("BA", "arrest.made.v1", person=PERSON)
    report = room.report("person.erased.v1", target=arrest["entry"], blocks=["/person", "/persom"])

    answer = room.post("BA", report, etag=arrest["etag"])

    (fault,) = answer.json()["errors"]
    assert (answer.status_code, fault["pointer"], fault["accepted"]) == (422, "/data/blocks/1", ["/person"])
    assert NAME in answers(room, arrest["entry"])


def test_nobody_but_the_owner_erases(room: Any) -> None:
    arrest = room.take("BA", "arrest.made.v1", person=PERSON)
    report = room.report("person.erased.v1", target=arrest["entry"], blocks=None)

    assert room.post("MD", report, etag=arrest["etag"]).status_code == 403
    assert NAME in answers(room, arrest["entry"])


def test_a_report_whose_person_is_erased_is_not_taken_again(room: Any) -> None:
    report = room.report("arrest.made.v1", person=PERSON)
    arrest = room.post("BA", report).json()
    room.get("BA", "timeline", after=arrest["entry"], limit=1)
    erased = room.report("person.erased.v1", target=arrest["entry"], blocks=None)
    first = room.post("BA", erased, etag=arrest["etag"])

    again = room.post("BA", erased, etag=arrest["etag"])

    assert (first.status_code, again.status_code) == (201, 200)
    assert room.post("BA", report).status_code == 409
    assert NAME not in answers(room, arrest["entry"])
