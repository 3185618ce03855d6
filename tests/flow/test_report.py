"""The after-action report: its numbers are those of the views, and it says nothing that its reader may not see."""

from hashlib import sha256
from html import unescape
from re import DOTALL, findall, search, sub
from typing import Any

import pytest

PERSON = {
    "names": [{"family": "Unprintable", "given": "Invented", "script": "Latn"}],
    "birth_date": "1961-02-03",
    "nationalities": ["BA"],
    "subject_category": "suspect",
}
HOSTILE = "</style><script>alert(1)</script>{{ 7 * 7 }}"


def report(room: Any, agency: str, **asked: Any) -> str:
    answer = room.as_agency(agency).get(f"{room.path}/report", params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    return str(answer.text)


def rows(page: str, chapter: str) -> list[list[str]]:
    """The cells of a chapter's table, as a reader sees them."""
    found = search(rf"<h2>{chapter}</h2>(.*?)</section>", page, DOTALL)
    assert found, chapter
    lines = findall(r"<tr>(.*?)</tr>", found.group(1), DOTALL)[1:]
    return [[text(cell) for cell in findall(r"<t[dh][^>]*>(.*?)</t[dh]>", line, DOTALL)] for line in lines]


def text(html: str) -> str:
    return " ".join(unescape(sub(r"<[^>]+>", " ", html)).split())


def test_a_report_tells_what_the_figures_tell(room: Any) -> None:
    room.take("BA", "arrest.made.v1", count=3)
    room.take("MD", "arrest.made.v1", count=2)

    arrests = next(row for row in rows(report(room, "AT"), "Figures") if row[0] == "Arrests")

    assert arrests == ["Arrests", "5", "5", "–", "BA 3, MD 2"]


def test_a_released_number_stands_beside_what_the_events_said_then_and_say_now(room: Any) -> None:
    room.take("BA", "arrest.made.v1", count=3)
    three = {"value": 3, "unit": "C62"}
    released = {"metric": "arrests", "quantity": three, "released_to": "press", "as_of": "2022-06-24T09:00:00Z"}
    room.take("AT", "figure.released.v1", **released, wording="3 people arrested")
    room.take("BA", "arrest.made.v1", count=2)

    [line] = rows(report(room, "AT"), "Numbers that were released")

    assert line[1:] == ["Arrests “3 people arrested”", "press by AT", "3", "3", "5", "+2"]


def test_a_correction_is_told_with_what_it_is_about(room: Any) -> None:
    arrest = room.take("BA", "arrest.made.v1", count=3)
    room.take("BA", "record.retracted.v1", etag=arrest["etag"], target=arrest["entry"], reason="duplicate")

    page = report(room, "AT")

    [line] = rows(page, "Corrections, retractions, duplicates, disputes")
    assert line[1:] == ["BA", "Record retracted: duplicate", "3 arrests: fugitive, red notice"]
    assert not [row for row in rows(page, "The course") if "3 arrests" in row[2]]


def test_what_is_hidden_is_in_no_chapter(room: Any) -> None:
    hidden = {"audience": {"scope": "named", "agencies": ["AT"]}, "count": 7}
    room.take("BA", "arrest.made.v1", **hidden)

    assert "7 arrests" in report(room, "AT")
    assert "7 arrests" not in report(room, "MD")


def test_no_person_is_on_paper_and_nothing_is_written_into_the_ledger(room: Any) -> None:
    arrest = room.take("BA", "arrest.made.v1", person=PERSON)

    page = report(room, "AT")

    assert "1 arrest" in page
    assert "Unprintable" not in page
    assert room.get("BA", f"disclosures/{arrest['entry']}")["given"] == []


def test_an_earlier_moment_is_reported_as_it_was_known(room: Any) -> None:
    first = room.take("BA", "arrest.made.v1", count=3)
    room.take("BA", "arrest.made.v1", count=2)

    then = report(room, "AT", as_of=first["entry"])

    assert next(row for row in rows(then, "Figures") if row[0] == "Arrests")[2] == "3"
    assert "2 arrests" not in then


@pytest.mark.parametrize("viewer", ["AT", "MD"])
def test_whoever_may_read_the_log_can_work_out_its_hash(room: Any, viewer: str) -> None:
    room.take("BA", "arrest.made.v1", audience={"scope": "named", "agencies": ["AT"]}, person=PERSON)
    room.take("BA", "arrest.made.v1", count=2)

    page = report(room, viewer)

    seen = room.get(viewer, "events", limit=1000)["items"]
    lines = "".join(f"{one['entry']} {one['digest']}\n" for one in seen)
    assert sha256(lines.encode()).hexdigest() in page
    assert f"{len(seen)} entries of the log" in page


def test_words_of_others_stay_words(room: Any) -> None:
    place = {"country": "BA", "text": HOSTILE, "latitude": 44.0, "longitude": 18.0}
    room.take("BA", "arrest.made.v1", place=place)

    answer = room.as_agency("AT").get(f"{room.path}/report")

    assert "<script" not in answer.text
    assert text(answer.text).count(HOSTILE) == 1
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_report_of_an_operation_that_is_not_ones_own_is_not_found(room: Any) -> None:
    room.take("BA", "arrest.made.v1")

    strange, unknown = (
        room.as_agency("HR").get(f"/v1/operations/{operation}/report") for operation in (room.operation, "no-such-one")
    )

    assert strange.status_code == unknown.status_code == 404
    assert strange.content == unknown.content
