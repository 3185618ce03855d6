"""Erasure: a person's data are gone from every answer, and what was counted stays counted."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, create_engine, text

from services.shared.database import engine_url
from tests.flow.conftest import SignIn
from tests.flow.test_live import frames
from tests.flow.test_non_interference import served

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


def test_what_a_court_ordered_a_lead_erases_too_and_nobody_else(room: Any, sign_in: SignIn) -> None:
    arrest, corrected, proposed = arrested(room)
    said = {"target": arrest["entry"], "blocks": None}
    ordered = {**said, "ground": "ordered", "order": "INVENTED 12/2026"}

    def post(agency: str, **members: Any) -> httpx.Response:
        answer: httpx.Response = room.post(agency, room.report("person.erased.v1", **members), etag=corrected["etag"])
        return answer

    refused = [post("AT", **said), post("MD", **ordered), post("AT", **{**ordered, "order": None})]
    erased = post("AT", **ordered)

    assert [one.status_code for one in refused] == [403, 403, 422]
    assert refused[-1].json()["errors"][0]["pointer"] == "/data/order"
    assert erased.status_code == 201, erased.text
    entries = {one["entry"] for one in (arrest, corrected, proposed)}
    assert NAME not in answers(room, *entries)
    (line,) = (
        sign_in("CZ", "--role", "auditor").get(f"{room.path}/disclosures", params={"act": "erasure"}).json()["items"]
    )
    assert (line["agency"], line["originator"], line["purpose"]) == ("AT", "BA", "ordered")
    assert set(line["entries"]) == entries


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


def reviewed(room: Any, arrest: dict[str, Any], decision: str) -> dict[str, Any]:
    """The arrest with its new version, once its owner has decided on a review."""
    members = {"decision": decision, "reason": "Proceedings are open.", "next_review_on": None}
    receipt = room.take("BA", "record.reviewed.v1", target=arrest["entry"], etag=arrest["etag"], **members)
    return {**arrest, "etag": receipt["etag"]}


def test_what_is_held_as_evidence_is_not_erased_until_a_later_review_lets_it_go(room: Any) -> None:
    arrest = room.take("BA", "arrest.made.v1", person=PERSON)
    erasure = room.report("person.erased.v1", target=arrest["entry"], blocks=None)

    held = reviewed(room, arrest, "restrict")
    refused = room.post("BA", erasure, etag=held["etag"])
    told = answers(room, arrest["entry"])
    let_go = reviewed(room, held, "erase")
    erased = room.post("BA", erasure, etag=let_go["etag"])

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/on-hold")
    assert NAME in told
    assert '"held"' not in room.as_agency("BA").get(f"{room.path}/arrests/{arrest['entry']}").text
    assert erased.status_code == 201
    assert NAME not in answers(room, arrest["entry"])


def test_a_hold_whose_review_was_taken_back_holds_nothing(room: Any) -> None:
    arrest = room.take("BA", "arrest.made.v1", person=PERSON)
    members = {"decision": "restrict", "reason": None, "next_review_on": None}
    review = room.take("BA", "record.reviewed.v1", target=arrest["entry"], etag=arrest["etag"], **members)
    back = room.take("BA", "record.retracted.v1", target=review["entry"], reason="wrong", etag=review["etag"])

    erased = room.post(
        "BA", room.report("person.erased.v1", target=arrest["entry"], blocks=None), etag=back["etag"]
    )  # fmt: skip

    assert erased.status_code == 201


def test_an_erasure_is_a_line_of_the_ledger_and_gives_nobody_anything(room: Any, sign_in: SignIn) -> None:
    arrest, corrected, proposed = arrested(room)
    auditor = sign_in("AT", "--role", "auditor", "--operation", room.operation)

    erasure = room.take("BA", "person.erased.v1", target=arrest["entry"], blocks=None, etag=corrected["etag"])

    (line,) = auditor.get(f"{room.path}/disclosures", params={"act": "erasure"}).json()["items"]
    assert (line["agency"], line["originator"], line["purpose"]) == ("BA", "BA", "request")
    assert (line["about"], set(line["entries"])) == (
        erasure["entry"],
        {one["entry"] for one in (arrest, corrected, proposed)},
    )
    assert room.get("BA", f"disclosures/{arrest['entry']}")["given"] == []


@dataclass
class Backup:
    """The keys of an operation, as they were when it was taken."""

    engine: Engine
    operation: str
    rows: list[dict[str, Any]] = field(default_factory=list)

    def standing(self) -> list[dict[str, Any]]:
        query = "select id, entry, wrapped, marks from desk.keys where operation = :operation and wrapped is not null"
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(text(query), {"operation": self.operation}).mappings()]

    def restore(self, *entries: str) -> None:
        """Brings back the keys, or those of these entries alone."""
        back = "update desk.keys set wrapped = :wrapped, marks = :marks, erased_at = null where id = :id"
        with self.engine.begin() as connection:
            for row in self.rows:
                if not entries or str(row["entry"]) in entries:
                    connection.execute(text(back), row)


@pytest.fixture
def take_backup(room: Any) -> Iterator[Callable[[], Backup]]:
    engine = create_engine(engine_url(room.stack.settings.gateway_database_url))

    def take() -> Backup:
        # The stack's gateway looks for erasures before it shows the first person, and so not after this.
        assert NAME in room.as_agency("AT").get(f"{room.path}/events?limit=1000").text
        made = Backup(engine, room.operation)
        made.rows = made.standing()
        return made

    yield take
    engine.dispose()


def made_up_for(room: Any, caplog: pytest.LogCaptureFixture) -> list[str]:
    """The erasures of which the gateway said so, by their entries."""
    said = [one.__dict__ for one in caplog.records if one.msg == "an erasure was made up for"]
    return [one["entry"] for one in said if one["operation"] == room.operation]


def test_of_a_part_that_was_erased_in_time_the_gateway_says_nothing(
    room: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    arrest = room.take("BA", "arrest.made.v1", person=PERSON, necessity_note="He was named by others.")
    erased = room.take("BA", "person.erased.v1", target=arrest["entry"], blocks=["/person"], etag=arrest["etag"])

    with served(room.stack.settings) as url:
        headers = {"Authorization": room.as_agency("AT").headers["Authorization"]}
        told = httpx.get(f"{url}{room.path}/events/{arrest['entry']}", headers=headers, timeout=30).json()

    assert (told["erased"], told["erasures"][0]["entry"]) == (["/person"], erased["entry"])
    assert told["report"]["data"]["necessity_note"] == "He was named by others."
    assert made_up_for(room, caplog) == []


def test_keys_that_a_backup_brought_back_are_destroyed_before_anybody_is_answered(
    room: Any, take_backup: Callable[[], Backup], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    arrest, corrected, _ = arrested(room)
    backup = take_backup()
    erased = room.take("BA", "person.erased.v1", target=arrest["entry"], blocks=None, etag=corrected["etag"])
    headers = {"Authorization": room.as_agency("AT").headers["Authorization"]}
    for _ in range(2):  # The room's own gateway looks through the picture now and then too, but at each entry once.
        backup.restore()
        shown = NAME in answers(room, arrest["entry"])
        with served(room.stack.settings) as url:
            told = httpx.get(f"{url}{room.path}/events/{arrest['entry']}", headers=headers, timeout=30)
        assert (told.status_code, told.json()["erased"]) == (200, ["/person"])
        if shown and made_up_for(room, caplog):
            break

    assert shown
    assert made_up_for(room, caplog) == [erased["entry"]]
    assert NAME not in answers(room, arrest["entry"], corrected["entry"])
    assert backup.standing() == []


@pytest.mark.parametrize("named_at_first", [False, True])
@pytest.mark.parametrize("by", ["BA", "MD"])
def test_the_key_of_a_correction_alone_is_destroyed_as_well(
    room: Any, take_backup: Callable[[], Backup], named_at_first: bool, by: str
) -> None:
    arrest = room.take("BA", "arrest.made.v1", person=PERSON if named_at_first else None)
    said = {"target": arrest["entry"], "corrected": {**room.report("arrest.made.v1")["data"], "person": PERSON}}
    if by == "BA":
        correction = room.take("BA", "record.corrected.v1", etag=arrest["etag"], **said)
        etag = correction["etag"]
    else:
        correction, etag = room.take("MD", "correction.proposed.v1", **said), arrest["etag"]
    backup = take_backup()
    room.take("BA", "person.erased.v1", target=arrest["entry"], blocks=None, etag=etag)
    backup.restore(correction["entry"])
    assert NAME in answers(room, correction["entry"])

    with served(room.stack.settings) as url:
        assert httpx.get(f"{url}/health/ready").status_code == 200

    assert NAME not in answers(room, correction["entry"])
    assert backup.standing() == []


def test_what_is_said_of_the_person_after_the_erasure_stands_until_it_is_erased_itself(room: Any) -> None:
    arrest, corrected, _ = arrested(room)
    erased = room.take("BA", "person.erased.v1", target=arrest["entry"], blocks=None, etag=corrected["etag"])
    data = {**room.report("arrest.made.v1")["data"], "person": PERSON}
    again = room.take(
        "BA", "record.corrected.v1", target=arrest["entry"], corrected=data, etag=erased["etag"]
    )  # fmt: skip

    with served(room.stack.settings) as url:
        assert httpx.get(f"{url}/health/ready").status_code == 200

    assert NAME in answers(room, again["entry"])


def test_whoever_looks_at_what_is_missing_is_told_when_and_why_it_was_erased(room: Any) -> None:
    tail = room.get("MD", "events")["tail"]
    arrest, corrected, _ = arrested(room)
    before = room.take("BA", "arrest.made.v1")["entry"]

    erased = room.take("BA", "person.erased.v1", target=arrest["entry"], blocks=None, etag=corrected["etag"])

    told = {"entry": erased["entry"], "ground": "request"}
    client = room.as_agency("MD")
    for entry in (arrest["entry"], corrected["entry"]):
        now, then = (room.get("MD", f"events/{entry}", **query)["erasures"] for query in ({}, {"as_of": before}))
        assert now == then == [{**now[0], **told}]
    listed = {item["entry"]: item.get("erasures") for item in room.get("MD", "events", limit=100)["items"]}
    replayed = client.get(f"{room.path}/replay", params={"step": 100}).text
    with client.stream("GET", f"{room.path}/live", params={"cursor": tail}) as answer:
        live = "".join(frame["data"] for frame in islice(frames(answer), 6))
    assert listed[arrest["entry"]] == now
    assert listed[before] is None
    for streamed in (replayed, live):
        assert streamed.count('"erasures":[{"entry":"' + erased["entry"]) == len(("arrest", "correction", "proposal"))
    assert NAME not in replayed + live


def test_an_erasure_cannot_be_taken_back(room: Any) -> None:
    arrest = room.take("BA", "arrest.made.v1", person=PERSON)
    erased = room.take("BA", "person.erased.v1", target=arrest["entry"], blocks=None, etag=arrest["etag"])

    back = room.post(
        "BA", room.report("record.retracted.v1", target=erased["entry"], reason="wrong"), etag=erased["etag"]
    )  # fmt: skip

    assert (back.status_code, back.json()["errors"][0]["pointer"]) == (422, "/data/target")
