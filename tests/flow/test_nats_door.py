"""The door over NATS: the same answers as over HTTP, and each user of the server kept to its own subjects."""

import asyncio
import json
from typing import Any

import pytest
from nats.aio.client import Client
from nats.errors import NoRespondersError
from nats.errors import TimeoutError as Unanswered

from schemas.subjects import intake_subject, stream_name
from services.shared.bus import Log
from services.shared.nats_rights import ARCHIVIST, CROSSCHECK, GATEWAY, INSTALLER, PROJECTOR
from tests.flow.nats_user import STRANGER, Connects

pytestmark = pytest.mark.own_stack  # they change the server's users

ARREST = "arrest.made.v1"


async def test_a_report_over_nats_and_then_over_http_is_stored_once_and_has_one_receipt(
    room: Any, connect: Connects
) -> None:
    ba = await connect("BA")
    report = room.report(ARREST)

    taken = await ba.ask(intake_subject(room.operation, agency="BA"), report)
    again = room.post("BA", report)
    once_more = await ba.ask(intake_subject(room.operation, agency="BA"), report)

    assert taken["status"] == 201
    assert again.status_code == 200
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json() == taken["receipt"] == once_more["receipt"]
    assert once_more["status"] == 200


async def test_the_headers_of_http_come_with_an_answer_over_nats(room: Any, connect: Connects) -> None:
    ba = await connect("BA")
    report = room.report(ARREST)
    body = json.dumps(report).encode()
    http = room.post("BA", report)

    answer = await ba.client.request(intake_subject(room.operation, agency="BA"), body, timeout=10)

    assert answer.headers == {
        "Location": http.headers["Location"],
        "ETag": http.headers["ETag"],
        "Idempotency-Replayed": "true",
    }


async def test_problems_over_nats_are_those_of_http(room: Any, connect: Connects) -> None:
    ba = await connect("BA")
    subject = intake_subject(room.operation, agency="BA")
    unacceptable = [
        room.report(ARREST, persons="many"),
        {**room.report(ARREST), "type": "arrest.dreamt.v1"},
        room.report("figure.validated.v1"),
        room.report("operation.closed.v1"),
        {"specversion": "1.0"},
    ]

    for report in unacceptable:
        http = room.post("BA", report)
        over_nats = await ba.ask(subject, report)
        assert over_nats == {"status": http.status_code, "problem": http.json()}
        assert http.status_code >= 400

    assert (await ba.ask(subject, b"{"))["status"] == 400
    assert (await ba.ask(subject, b"[]"))["status"] == 422
    assert (await ba.ask(intake_subject("jad-of-nobody", agency="BA"), room.report(ARREST)))["status"] == 404
    assert (await ba.ask(intake_subject("N0T", agency="BA"), room.report(ARREST)))["status"] == 404


async def test_a_batch_over_nats_has_a_result_for_each_report(room: Any, connect: Connects) -> None:
    ba = await connect("BA")
    batch = [room.report(ARREST), room.report(ARREST, persons="many"), room.report(ARREST)]
    media = {"Content-Type": "application/cloudevents-batch+json"}

    answer = await ba.ask(intake_subject(room.operation, agency="BA"), batch)
    http = room.as_agency("BA").post(f"{room.path}/events", json=batch, headers=media)

    assert answer["status"] == http.status_code == 207
    assert [each["status"] for each in answer["results"]] == [201, 422, 201]
    for one, same in zip(answer["results"], http.json()["results"], strict=True):
        assert one.get("receipt") == same.get("receipt")
        assert one.get("problem") == same.get("problem")


async def test_a_batch_over_nats_is_stored_whole_or_not_at_all(room: Any, connect: Connects) -> None:
    ba = await connect("BA")
    subject = intake_subject(room.operation, agency="BA")
    batch = [room.report(ARREST) for _ in range(3)]
    media = {"Content-Type": "application/cloudevents-batch+json"}
    spoilt = [*batch[:2], room.report(ARREST, basis="hunch")]

    refused = await ba.ask(subject, spoilt, Vcp_Atomic="true")
    same = room.as_agency("BA").post(f"{room.path}/events?atomic=true", json=spoilt, headers=media)
    stored = await ba.ask(subject, batch, Vcp_Atomic="true")
    again = room.as_agency("BA").post(f"{room.path}/events?atomic=true", json=batch, headers=media)
    once_more = await ba.client.request(subject, json.dumps(batch).encode(), timeout=10, headers={"vcp-atomic": "true"})

    assert refused == {"status": 422, "problem": same.json()}
    assert refused["problem"]["errors"][0]["pointer"] == "/2/data/basis"
    assert (stored["status"], [each["status"] for each in stored["results"]]) == (201, [201, 201, 201])
    assert again.status_code == 200
    receipts = [each["receipt"] for each in stored["results"]]
    assert [each["receipt"] for each in again.json()["results"]] == receipts
    assert json.loads(once_more.data) == {"status": 200, **again.json()}
    assert once_more.headers == {"Idempotency-Replayed": "true"}


async def test_history_over_nats_is_marked_and_the_leads_to_bring_in(room: Any, connect: Connects) -> None:
    at, ba = await connect("AT"), await connect("BA")
    history = [{**room.report(ARREST, on_behalf_of="BA"), "time": "2019-05-01T12:00:00+02:00"} for _ in range(3)]

    single = await at.ask(intake_subject(room.operation, agency="AT"), history[0], Vcp_Import="true")
    batch = await at.ask(intake_subject(room.operation, agency="AT"), history[1:2], Vcp_Import="true")
    whole = await at.ask(intake_subject(room.operation, agency="AT"), history[2:], Vcp_Import="true", Vcp_Atomic="true")
    refused = await ba.ask(intake_subject(room.operation, agency="BA"), room.report(ARREST), Vcp_Import="true")

    assert (refused["status"], refused["problem"]["type"]) == (403, "/problems/not-yours-to-post")
    receipts = [single["receipt"], batch["results"][0]["receipt"], whole["results"][0]["receipt"]]
    for receipt in receipts:
        assert room.get("AT", f"events/{receipt['entry']}", after=receipt["entry"])["imported"] is True


async def test_a_header_of_ours_that_is_misspelt_or_out_of_place_is_refused_and_others_are_let_be(
    room: Any, connect: Connects
) -> None:
    ba = await connect("BA")
    subject, report = intake_subject(room.operation, agency="BA"), room.report(ARREST)

    misspelt = await ba.ask(subject, [report], Vcp_Atomc="true")
    unclear = await ba.ask(subject, [report], Vcp_Atomic="perhaps")
    single = await ba.ask(subject, report, Vcp_Atomic="true")
    foreign = await ba.ask(subject, report, traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")

    assert [answer["status"] for answer in (misspelt, unclear, single)] == [400, 400, 400]
    assert misspelt["problem"]["detail"] == "Accepted headers are Vcp-Atomic and Vcp-Import, each true or false."
    assert foreign["status"] == 201


async def test_a_command_over_nats_carries_the_version_that_it_saw(room: Any, connect: Connects) -> None:
    ba = await connect("BA")
    subject = intake_subject(room.operation, agency="BA")
    arrest = room.take("BA", ARREST)
    command = room.report("arrest.updated.v1", arrest=arrest["entry"])
    command["data"]["audience"] = room.report(ARREST)["data"]["audience"]

    without = await ba.ask(subject, command)
    stale = await ba.client.request(subject, json.dumps({**command, "ifmatch": '"old"'}).encode(), timeout=10)
    current = (stale.headers or {})["ETag"]
    seen = await ba.ask(subject, {**command, "ifmatch": current})

    assert without["status"] == 428
    assert json.loads(stale.data)["status"] == 412
    assert current == arrest["etag"]
    assert seen["status"] == 201


async def test_an_agency_that_takes_no_part_or_is_not_known_is_refused(room: Any, connect: Connects) -> None:
    hungary, nobody = await connect("HU"), await connect(STRANGER)

    taking_no_part = await hungary.ask(intake_subject(room.operation, agency="HU"), room.report(ARREST))
    unknown = await nobody.ask(intake_subject(room.operation, agency=STRANGER), room.report(ARREST))

    assert taking_no_part["status"] == 404
    assert unknown["status"] == 403


async def test_an_agency_publishes_on_its_own_subjects_and_hears_its_own_answers_alone(
    room: Any, connect: Connects
) -> None:
    ba = await connect("BA")
    stream = stream_name(room.operation)

    assert not await ba.is_refused(intake_subject(room.operation, agency="BA"))
    for subject in (
        intake_subject(room.operation, agency="MD"),
        f"vcp.{room.operation}.a.b.BA.arrest.made.v1",
        f"vcpwake.{room.operation}",
        f"vcpseal.{room.operation}",
        "$JS.API.INFO",
        f"$JS.API.STREAM.DELETE.{stream}",
        f"$JS.API.DIRECT.GET.{stream}",
        "_INBOX_gateway.1",
        "_INBOX_MD.1",
    ):
        assert await ba.is_refused(subject), subject
    for subject in (f"vcp.{room.operation}.>", "vcpin.>", "vcpin.BA.>", "_INBOX_MD.>", "_INBOX.>", ">"):
        assert await ba.cannot_hear(subject), subject


async def test_an_agency_cannot_have_its_answer_written_where_it_may_not_write(room: Any, connect: Connects) -> None:
    ba = await connect("BA")
    subject = intake_subject(room.operation, agency="BA")
    log = await Log.connect(room.stack.settings, name=INSTALLER)
    before = await log.tail(room.operation)
    stranger_heard = asyncio.Event()

    async def heard(_: Any) -> None:
        stranger_heard.set()

    installer = await connect(INSTALLER)
    await installer.client.subscribe("_INBOX_MD.>", cb=heard)
    await installer.client.flush()
    for elsewhere in (f"vcp.{room.operation}.a.b.BA.arrest.made.v1", "_INBOX_MD.1", "_INBOX_BAX.1"):
        await ba.client.publish(subject, json.dumps(room.report(ARREST)).encode(), reply=elsewhere)
    taken = await ba.ask(subject, room.report(ARREST))

    assert taken["status"] == 201
    assert await log.tail(room.operation) == before + 1
    assert not stranger_heard.is_set()
    await log.close()


@pytest.mark.parametrize("name", [GATEWAY, PROJECTOR, CROSSCHECK])
async def test_no_service_can_delete_purge_change_or_restore_a_log(room: Any, connect: Connects, name: str) -> None:
    user = await connect(name)
    stream = stream_name(room.operation)

    for verb in ("DELETE", "PURGE", "UPDATE", "RESTORE", "MSG.DELETE", "LEADER.STEPDOWN"):
        assert await user.is_refused(f"$JS.API.STREAM.{verb}.{stream}"), verb
    assert not await user.is_refused(f"$JS.API.STREAM.INFO.{stream}")
    assert await user.is_refused(f"vcp.{room.operation}.a.b.BA.arrest.made.v1") == (name != GATEWAY)


async def test_the_archivist_changes_a_log_and_neither_writes_nor_deletes_one(room: Any, connect: Connects) -> None:
    archivist = await connect(ARCHIVIST)
    stream = stream_name(room.operation)

    for subject in (f"$JS.API.STREAM.DELETE.{stream}", f"$JS.API.STREAM.PURGE.{stream}", f"vcp.{room.operation}.x"):
        assert await archivist.is_refused(subject), subject


async def test_without_a_key_nobody_is_let_in(room: Any) -> None:
    errors: list[str] = []

    async def note(error: Exception) -> None:
        errors.append(str(error).lower())

    client = Client()
    with pytest.raises(Exception, match=r"(?i)authorization|no servers"):
        await client.connect(room.stack.nats.url, error_cb=note, allow_reconnect=False, max_reconnect_attempts=0)
    await client.close()


async def test_a_key_that_is_removed_lets_nobody_in_and_ends_the_standing_connection(
    room: Any, connect: Connects
) -> None:
    md = await connect("MD")
    users = room.stack.nats_users

    assert users.remove_agency("MD") >= 1
    users.reload()

    async with asyncio.timeout(5):
        while True:
            try:
                await md.client.request(intake_subject(room.operation, agency="MD"), b"{", timeout=1)
            except (Unanswered, NoRespondersError):
                continue
            except Exception:
                break


async def test_an_archived_operations_log_is_sealed_by_the_archivist(room: Any, connect: Connects) -> None:
    at = await connect("AT")
    operation = room.get("AT", "")
    opening = operation["thing"]
    room.take("AT", "operation.closed.v1", etag=operation["etag"], opening=opening)
    closed = room.get("AT", "")

    archived = room.post("AT", room.report("operation.archived.v1", opening=opening), etag=closed["etag"])

    assert archived.status_code == 201, archived.text
    log = await Log.connect(room.stack.settings, name=INSTALLER)
    assert await log.is_sealed(room.operation)
    await log.close()
    refused = await at.ask(intake_subject(room.operation, agency="AT"), room.report(ARREST))
    assert refused["problem"]["type"] == "/problems/operation-closed"
