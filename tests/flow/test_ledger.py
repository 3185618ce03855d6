"""The disclosure ledger: whoever was shown a person is written down before they see it."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from schemas.subjects import entry_id
from services.shared.bus import Log
from services.shared.connection import Connection
from services.shared.jetstream import call
from services.shared.nats_rights import INSTALLER, LEDGER
from services.stack import Stack
from tests.flow.conftest import SignIn
from tests.flow.everything_read import A_RANDOM_ID, EXPORT
from tests.flow.test_live import entries, frames

pytestmark = pytest.mark.own_stack  # the ledger of the whole deployment is filled up

KNOWN = {
    "subject_category": "suspect",
    "names": [{"family": "Inventedname", "given": "Dagan"}],
    "birth_date": "1961-05-17",
    "minor": False,
}
WHY = {"Vcp-Purpose": "is this the driver of the van?"}


def given(room: Any, entry: str) -> set[tuple[str, str, str]]:
    """By whom, how and why an entry of BA was read, as BA is told."""
    told = room.get("BA", f"disclosures/{entry}")["given"]
    return {(one["agency"], one["act"], one["purpose"]) for one in told}


def test_the_originator_learns_who_read_a_record_when_and_why(room: Any) -> None:
    entry = room.take("BA", "arrest.made.v1")["entry"]
    before = given(room, entry)

    room.as_agency("MD").get(f"{room.path}/events/{entry}", headers=WHY)

    assert given(room, entry) - before == {("MD", "consultation", WHY["Vcp-Purpose"])}


def test_every_way_to_a_person_is_written_down(room: Any) -> None:
    tail = room.get("AT", "events")["tail"]
    entry = room.take("BA", "arrest.made.v1")["entry"]
    client = room.as_agency("AT")
    assert given(room, entry) == set()

    client.get(f"{room.path}/events")
    client.get(f"{room.path}/events", headers=EXPORT)
    client.post(f"{room.path}/search", json={"name": "Invented"}).raise_for_status()
    client.get(f"{room.path}/downloads/events.csv", headers={"Vcp-Purpose": "for the file"}).raise_for_status()
    client.get(f"{room.path}/replay", params={"step": 200}).raise_for_status()
    with client.stream("GET", f"{room.path}/live", params={"cursor": tail}) as answer:
        assert entries(frames(answer), 1)[0][1] == entry

    assert given(room, entry) == {
        ("AT", "consultation", "coordination"),
        ("AT", "export", EXPORT["Vcp-Purpose"]),
        ("AT", "combination", "coordination"),
        ("AT", "export", "for the file"),
        ("AT", "replay", "coordination"),
        ("AT", "live", "coordination"),
    }


def test_that_records_name_the_same_person_is_told_once_it_is_written_down(room: Any) -> None:
    ours = room.take("BA", "arrest.made.v1", person=KNOWN)["entry"]
    theirs = room.take("FRONTEX", "arrest.made.v1", on_behalf_of="MD", person=KNOWN)["entry"]

    for view in ("figures/arrests/duplicates", "entities"):
        (pair,) = room.get("AT", view)["items"]
        assert "written" not in json.dumps(pair)

    for agency, entry in (("BA", ours), ("MD", theirs)):
        told = room.get(agency, f"disclosures/{entry}")["given"]
        assert [(one["agency"], one["act"]) for one in told] == [("AT", "combination")] * 2


def test_a_report_that_combines_persons_is_told_to_their_originators_who_see_it(room: Any, sign_in: SignIn) -> None:
    ours, theirs, other = (room.take(agency, "arrest.made.v1", person=KNOWN) for agency in ("BA", "MD", "MD"))
    nobody = room.take("MD", "arrest.made.v1", person=None)
    a, b = ours["entry"], theirs["entry"]
    pair = room.take("AT", "duplicate.suggested.v1", a=a, b=b, reasons=["same_person"], score=None)
    decision = room.take("AT", "duplicate.confirmed.v1", pair=pair["entry"], kept=a, etag=pair["etag"])
    hidden = {"scope": "named", "agencies": ["AT", "MD"]}
    room.take("AT", "duplicate.suggested.v1", a=a, b=other["entry"], reasons=["same_document"], audience=hidden)
    room.take("AT", "duplicate.suggested.v1", a=a, b=nobody["entry"], reasons=["same_person"])
    room.take("AT", "duplicate.suggested.v1", a=b, b=other["entry"], reasons=["same_time", "same_place"])

    told = {agency: room.get(agency, f"disclosures/{entry}") for agency, entry in (("BA", a), ("MD", b))}
    audited = sign_in("CZ", "--role", "auditor").get(f"{room.path}/disclosures", params={"act": "combination"}).json()

    for said in told.values():
        assert [(one["agency"], one["act"], one["purpose"]) for one in said["given"]] == [
            ("AT", "combination", "coordination")
        ] * 2
        assert said["recipients"] == []
    lines = [(one["originator"], one["about"]) for one in audited["items"]]
    assert len(lines) == 6
    assert {("BA", decision["entry"]), ("MD", decision["entry"])} < set(lines)


@pytest.mark.parametrize(
    "tie",
    [
        lambda target: {"links": [{"rel": "related", "target": target}]},
        lambda target: {"result_of": target},
    ],
    ids=["a link", "what led to it"],
)
def test_a_report_that_ties_its_person_to_another_record_is_a_combination(room: Any, tie: Any) -> None:
    theirs = room.take("MD", "arrest.made.v1", person=KNOWN)["entry"]

    room.take("BA", "arrest.made.v1", person=KNOWN, **tie(theirs))
    room.take("AT", "arrest.made.v1", person=None, warrant=None, **tie(theirs))
    report = room.take("BA", "arrest.made.v1", person=KNOWN)

    told = room.get("MD", f"disclosures/{theirs}", after=report["entry"])
    assert [(one["agency"], one["act"], one["purpose"]) for one in told["given"]] == [("BA", "combination", "conduct")]
    assert told["recipients"] == []


def test_links_that_a_report_or_a_correction_adds_between_others_are_a_combination(room: Any) -> None:
    one, other = (room.take(agency, "arrest.made.v1", person=KNOWN)["entry"] for agency in ("MD", "AT"))
    links = [{"rel": "same_incident", "target": entry} for entry in (one, other)]
    ours = room.take("BA", "arrest.made.v1", person=KNOWN)
    data = {**room.report("arrest.made.v1", person=KNOWN)["data"], "links": links[:1]}

    room.take("BA", "record.corrected.v1", target=ours["entry"], corrected=data, etag=ours["etag"], reason="tied")
    incident = room.take("AT", "incident.reported.v1", links=links)

    given = [room.get(agency, f"disclosures/{entry}")["given"] for agency, entry in (("MD", one), ("AT", other))]
    assert [[(line["agency"], line["act"]) for line in lines] for lines in given] == [
        [("BA", "combination"), ("AT", "combination")],
        [("AT", "combination")],
    ]
    assert room.get("AT", f"disclosures/{other}", after=incident["entry"])["recipients"] == []


def test_a_batch_that_combines_its_own_persons_is_written_down(room: Any) -> None:
    asked = room.report("cross_check.requested.v1", target="EUROPOL", subject=KNOWN)
    question = str(entry_id(room.operation, agency="BA", source=asked["source"], id=asked["id"]))
    hit = room.report("hit.raised.v1", database="national", record_owner_country="MD", result_of=question)

    taken = room.as_agency("BA").post(
        f"{room.path}/events",
        params={"atomic": "true"},
        json=[asked, hit],
        headers={"Content-Type": "application/cloudevents-batch+json"},
    )

    assert taken.status_code == 201, taken.text
    told = room.get("BA", f"disclosures/{question}", after=taken.json()["results"][1]["receipt"]["entry"])["given"]
    assert [(one["agency"], one["act"], one["purpose"]) for one in told] == [("BA", "combination", "conduct")]


def test_what_names_no_person_is_not_written_down(room: Any) -> None:
    entry = room.take("BA", "arrest.made.v1")["entry"]

    for view in ("timeline", "figures", "arrests", f"arrests/{entry}", "map", "history"):
        room.get("AT", view)

    assert given(room, entry) == set()


def test_nobody_but_the_originator_learns_who_read(room: Any) -> None:
    entry = room.take("BA", "arrest.made.v1")["entry"]

    refused = [
        room.as_agency(agency).get(f"{room.path}/disclosures/{one}")
        for agency, one in (("MD", entry), ("AT", entry), ("MD", A_RANDOM_ID), ("BA", A_RANDOM_ID))
    ]

    assert {(one.status_code, one.content) for one in refused} == {(404, refused[0].content)}


def test_the_originator_learns_who_acknowledged(room: Any) -> None:
    entry = room.take("BA", "arrest.made.v1")["entry"]
    room.take("MD", "record.acknowledged.v1", target=entry)

    (told,) = room.get("BA", f"disclosures/{entry}")["acknowledged"]

    assert told["agency"] == "MD"


def test_the_whole_log_is_given_only_for_a_purpose(room: Any) -> None:
    bare = {"Accept": EXPORT["Accept"]}
    assert room.as_agency("AT").get(f"{room.path}/downloads/events.csv").status_code == 400
    answers = [
        room.as_agency("AT").get(f"{room.path}/events", headers=headers)
        for headers in (bare, {**bare, "Vcp-Purpose": "?"}, {**bare, "Vcp-Purpose": "x" * 201})
    ]

    assert {one.status_code for one in answers} == {400}
    assert all("Vcp-Purpose" in one.text or "vcp-purpose" in one.text.lower() for one in answers)


def test_a_file_that_names_persons_is_given_only_for_a_purpose(room: Any) -> None:
    arrest = room.take("BA", "arrest.made.v1")["entry"]
    room.take("BA", "message.sent.v1", to=["AT"], regarding=arrest, text="Invented: the driver is Erasmus.")
    client, file = room.as_agency("AT"), f"{room.path}/downloads/messages.csv"

    refused = client.get(file)
    given_it = client.get(file, headers={"Vcp-Purpose": "for the file of the drill"})

    assert (refused.status_code, "Vcp-Purpose" in refused.json()["detail"]) == (400, True)
    assert "Erasmus" not in refused.text
    assert "Erasmus" in given_it.text
    assert client.get(f"{room.path}/downloads/timeline.csv").status_code == 200


async def test_the_ledger_can_be_made_larger_and_keep_longer_later(stack: Stack, room: Any) -> None:
    entry = room.take("BA", "arrest.made.v1")["entry"]
    room.get("AT", f"events/{entry}")
    otherwise = stack.settings.model_copy(update={"ledger_bytes": 2 * stack.settings.ledger_bytes, "ledger_days": 400})
    log = await Log.connect(otherwise, name=INSTALLER, patience=5)

    ledger = await log.disclosures()
    changed = [await log.adjust_disclosures() for _ in range(2)]
    again = await log.disclosures()

    assert changed == [True, False]
    assert [entry] == [str(one) async for _, line in again.read(room.operation) for one in line.entries]
    assert await ledger.extent() == await again.extent()
    await log.close()


@asynccontextmanager
async def full(stack: Stack) -> AsyncIterator[None]:
    """A ledger that takes no more lines, for a while."""
    seed = stack.settings.nats_seed_file
    assert seed is not None
    connection = await Connection.open(stack.settings.nats_url, name=INSTALLER, patience=5, seed=seed.read_text())
    config = (await call(connection, f"STREAM.INFO.{LEDGER}"))["config"]
    await call(connection, f"STREAM.UPDATE.{LEDGER}", {**config, "max_bytes": 1})
    try:
        yield
    finally:
        await call(connection, f"STREAM.UPDATE.{LEDGER}", config)
        await connection.close()


async def test_nobody_sees_a_person_while_it_cannot_be_written_down(stack: Stack, room: Any) -> None:
    entry = room.take("BA", "arrest.made.v1", person=KNOWN)["entry"]
    client, path = room.as_agency("AT"), f"{room.path}/events/{entry}"
    alike = f"{room.path}/figures/arrests/duplicates"

    async with full(stack):
        refused, uncompared = client.get(path), client.get(alike)
        theirs = room.take("MD", "arrest.made.v1", person=KNOWN)["entry"]
        compared = client.get(alike)
        pair = room.report("duplicate.suggested.v1", a=entry, b=theirs, reasons=["same_person"])
        combined = room.post("AT", pair)
        others = [client.get(f"{room.path}/{view}").status_code for view in ("timeline", "figures", "arrests")]
        posted = room.post("BA", room.report("arrest.made.v1"))

    for answer in (refused, compared, combined):
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/ledger-unavailable")
        assert "Invented" not in answer.text
    assert uncompared.json()["items"] == []
    assert set(others) == {200}
    assert posted.status_code == 201
    assert client.get(path).status_code == 200
    assert room.post("AT", pair).status_code == 201


async def test_a_batch_that_erases_says_that_it_is_stored_while_the_ledger_is_full(stack: Stack, room: Any) -> None:
    made = room.take("BA", "arrest.made.v1")
    erase = room.report("person.erased.v1", target=made["entry"], blocks=None)
    batch = [room.report("arrest.made.v1"), {**erase, "ifmatch": made["etag"]}]

    def post() -> httpx.Response:
        headers = {"Content-Type": "application/cloudevents-batch+json"}
        at: httpx.Client = room.as_agency("BA")
        return at.post(f"{room.path}/events", params={"atomic": "true"}, json=batch, headers=headers)

    async with full(stack):
        first, again = post(), post()

    for answer in (first, again):
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/ledger-unavailable")
        assert answer.json()["detail"].startswith("It is in the log; send it again with the same id")
        assert int(answer.headers["Retry-After"]) > 0
    assert post().status_code == 200


def test_an_auditor_reads_all_of_it(stack: Stack, room: Any) -> None:
    entry = room.take("BA", "arrest.made.v1")["entry"]
    room.get("MD", f"events/{entry}")

    printed = subprocess.run(
        [sys.executable, "-m", "services.cli", "ledger", "--operation", room.operation, "--data", stack.folder],
        check=True,
        capture_output=True,
        text=True,
    )

    (line,) = [json.loads(line) for line in printed.stdout.splitlines()]
    assert (line["agency"], line["originator"], line["entries"]) == ("MD", "BA", [entry])
