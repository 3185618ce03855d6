"""The log on a real nats-server: what is acknowledged is stored once, in one order, and can be read."""

import asyncio
from uuid import uuid4

import msgspec
import nats
import pytest

from schemas.subjects import entry_subject, thing_prefix
from services.shared.bus import (
    Appended,
    BatchRefused,
    Log,
    Record,
    Stored,
    ThingMoved,
)
from services.shared.embedded_nats import EmbeddedNats
from tests.flow.log_records import TYPE, command, first, opening, settings_of


async def test_what_was_appended_is_followed_in_the_same_bytes_and_order(log: Log, operation: str) -> None:
    records = [opening() for _ in range(20)]

    appended = [await log.append(operation, record) for record in records]

    assert appended == [Appended(n, True, record.body) for n, record in enumerate(records, start=1)]
    assert await first(log, operation, 20) == [Stored(n, record.body) for n, record in enumerate(records, start=1)]
    assert await log.tail(operation) == 20


async def test_the_same_entry_twice_gives_the_first_position_and_the_first_body(log: Log, operation: str) -> None:
    record = opening(b"first")
    await log.append(operation, opening())
    await log.append(operation, record)

    again = await log.append(operation, Record(record.thing, record.entry, "BA", TYPE, b"second", 0))

    assert again == Appended(2, False, b"first")
    assert await log.tail(operation) == 2


async def test_the_same_entry_many_times_at_once_is_stored_once(log: Log, operation: str) -> None:
    record = opening()

    answers = await asyncio.gather(*(log.append(operation, record) for _ in range(50)))

    assert sorted(answer.fresh for answer in answers) == [False] * 49 + [True]
    assert {answer.position for answer in answers} == {await log.tail(operation)}


async def test_an_id_used_again_for_another_thing_gives_what_the_log_holds_under_it(log: Log, operation: str) -> None:
    one, other = opening(), opening()
    await log.append(operation, one)
    await log.append(operation, other)
    update = command(one.thing, expected=1)
    await log.append(operation, update)

    again = await log.append(operation, Record(other.thing, update.entry, "BA", TYPE, b"other", 2))

    assert again == Appended(3, False, update.body)
    assert await log.last_of(operation, other.thing) == 2


async def test_an_opening_entry_is_stored_once_even_when_the_server_has_forgotten_its_id(
    nats_server: EmbeddedNats,
) -> None:
    log = await Log.connect(settings_of(nats_server), name="test", duplicate_window=0.1)
    operation = f"op-{uuid4().hex[:12]}"
    await log.create(operation)
    record = opening()
    await log.append(operation, record)
    client = await nats.connect(nats_server.url)
    probe = {"Nats-Msg-Id": "younger than the entry"}
    while (await client.jetstream().publish(f"vcp.{operation}.probe", headers=probe)).seq < 3:
        pass  # once the probe is stored for the second time, the entry's id is forgotten too

    again = await log.append(operation, record)

    assert again == Appended(1, False, record.body)
    await client.close()
    await log.close()


async def test_a_command_that_knows_an_old_version_of_its_thing_is_refused(log: Log, operation: str) -> None:
    arrest = opening()
    await log.append(operation, arrest)
    await log.append(operation, command(arrest.thing, expected=1))

    with pytest.raises(ThingMoved) as refused:
        await log.append(operation, command(arrest.thing, expected=1))

    assert refused.value.position == 2
    assert await log.tail(operation) == 2


async def test_of_many_commands_at_once_on_one_thing_one_is_stored(log: Log, operation: str) -> None:
    arrest = opening()
    await log.append(operation, arrest)

    answers = await asyncio.gather(
        *(log.append(operation, command(arrest.thing, expected=1)) for _ in range(30)), return_exceptions=True
    )

    assert len([answer for answer in answers if isinstance(answer, Appended)]) == 1
    assert len([answer for answer in answers if isinstance(answer, ThingMoved)]) == 29


@pytest.mark.parametrize("durability", ["strict", "standard"])
async def test_many_appends_at_once_all_land_once(nats_server: EmbeddedNats, durability: str) -> None:
    log = await Log.connect(settings_of(nats_server, durability=durability), name="test")
    operation = f"op-{uuid4().hex[:12]}"
    await log.create(operation)
    records = [opening() for _ in range(300)]

    appended = await asyncio.gather(*(log.append(operation, record) for record in records))

    assert sorted(answer.position for answer in appended) == list(range(1, 301))
    in_order = sorted(zip(appended, records, strict=True), key=lambda pair: pair[0].position)
    assert [each.body for each in await first(log, operation, 300)] == [record.body for _, record in in_order]
    await log.close()


async def test_one_bad_record_among_many_spoils_only_itself(log: Log, operation: str) -> None:
    arrest, known = opening(), opening()
    await log.append(operation, arrest)
    await log.append(operation, known)
    records = [opening() for _ in range(60)]
    records[20] = command(arrest.thing, expected=9)
    records[40] = known

    answers = await asyncio.gather(*(log.append(operation, record) for record in records), return_exceptions=True)

    assert isinstance(answers[20], ThingMoved)
    assert answers[40] == Appended(2, False, known.body)
    assert len([each for each in answers if isinstance(each, Appended) and each.fresh]) == 58
    assert await log.tail(operation) == 60


async def test_of_many_at_once_those_stored_before_get_what_the_log_has_and_the_others_land(
    log: Log, operation: str
) -> None:
    arrest = opening()
    await log.append(operation, arrest)
    records = [opening() for _ in range(60)]
    await asyncio.gather(*(log.append(operation, record) for record in records[::2]))
    written_anew = [msgspec.structs.replace(record, body=b'{"other":"bytes"}') for record in records]
    written_anew[7] = command(arrest.thing, expected=9)

    answers = await asyncio.gather(*(log.append(operation, each) for each in written_anew), return_exceptions=True)

    assert [(each.fresh, each.body) for each in answers[::2]] == [(False, record.body) for record in records[::2]]
    assert isinstance(answers.pop(7), ThingMoved)
    assert sum(each.fresh for each in answers) == 29
    assert await log.tail(operation) == 60


async def test_an_atomic_batch_stands_together_in_its_order(log: Log, operation: str) -> None:
    batch = [opening() for _ in range(100)]
    batch.append(command(batch[0].thing, expected=0))

    appended, *_ = await asyncio.gather(
        log.append_all(operation, batch), *(log.append(operation, opening()) for _ in range(100))
    )

    start = appended[0].position
    assert appended == [Appended(start + n, True, record.body) for n, record in enumerate(batch)]
    assert await log.tail(operation) == 201


async def test_an_atomic_batch_with_one_stale_command_stores_nothing_and_says_which(log: Log, operation: str) -> None:
    arrest, known = opening(), opening()
    await log.append(operation, arrest)
    await log.append(operation, known)
    batch = [opening(), command(arrest.thing, expected=7), opening(), known]

    with pytest.raises(BatchRefused) as refused:
        await log.append_all(operation, batch)

    assert {index: type(fault) for index, fault in refused.value.faults.items()} == {
        1: ThingMoved,
        3: Appended,
    }
    assert await log.tail(operation) == 2


async def test_an_atomic_batch_sent_again_is_answered_from_the_log(log: Log, operation: str) -> None:
    batch = [opening() for _ in range(10)]
    before = await log.append_all(operation, batch)

    again = await log.append_all(operation, batch)

    assert again == [Appended(each.position, False, each.body) for each in before]
    assert await log.tail(operation) == 10


async def test_an_entry_and_the_end_of_its_thing_are_found(log: Log, operation: str) -> None:
    arrest = opening()
    await log.append(operation, arrest)
    update = command(arrest.thing, expected=1)
    await log.append(operation, update)

    assert await log.find(operation, thing=arrest.thing, entry=arrest.entry) == Stored(1, arrest.body)
    assert await log.find(operation, thing=arrest.thing, entry=str(uuid4())) is None
    assert await log.last_of(operation, arrest.thing) == 2
    assert await log.last_of(operation, str(uuid4())) == 0
    assert await log.at(operation, 2) == Stored(2, update.body)
    assert await log.at(operation, 0) is None
    assert await log.at(operation, 3) is None


async def test_a_guard_names_its_thing_by_a_literal_prefix() -> None:
    thing, entry = uuid4(), uuid4()

    subject = entry_subject("op-one", thing, entry, agency="BA", type=TYPE)

    assert subject.startswith(thing_prefix("op-one", thing).removesuffix(">"))
