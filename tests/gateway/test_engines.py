"""Engines share the operations of their agency: about as many each, and those of one that is gone are taken over."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

from services.gateway.engines import Engines
from services.shared.database import pool
from services.shared.settings import Settings

FOUR = ["jad-a", "jad-b", "jad-c", "jad-d"]


@pytest.fixture
async def engines(settings: Settings) -> AsyncIterator[Engines]:
    opened: AsyncConnectionPool = pool(settings.gateway_database_url)
    await opened.open(wait=True, timeout=30)
    yield Engines(opened)
    await opened.close()


def silent_too_long(settings: Settings, engine: UUID) -> None:
    with psycopg.connect(settings.database_url, autocommit=True) as connection:
        connection.execute(
            "update desk.engines set until = clock_timestamp() - interval '1 ms' where engine = %s", (engine,)
        )


async def test_one_engine_attends_everything_and_two_attend_half_each_and_nothing_twice(engines: Engines) -> None:
    first, second = uuid4(), uuid4()
    alone = await engines.share("EUROPOL", first, FOUR)

    came = await engines.share("EUROPOL", second, FOUR)
    gave_back = await engines.share("EUROPOL", first, FOUR)
    took = await engines.share("EUROPOL", second, FOUR)

    assert (alone.operations, alone.engines) == (FOUR, 1)
    assert (came.operations, came.engines) == ([], 2)
    assert gave_back.operations == ["jad-a", "jad-b"]
    assert took.operations == ["jad-c", "jad-d"]


async def test_what_an_engine_attends_it_goes_on_attending(engines: Engines) -> None:
    first, second = uuid4(), uuid4()
    await engines.share("EUROPOL", first, ["jad-c", "jad-d"])
    await engines.share("EUROPOL", second, FOUR)

    shares = [(await engines.share("EUROPOL", engine, FOUR)).operations for engine in (first, second, first)]

    assert shares == [["jad-c", "jad-d"], ["jad-a", "jad-b"], ["jad-c", "jad-d"]]


async def test_what_a_silent_engine_attended_is_taken_over_and_it_gets_other_work_when_it_comes_back(
    engines: Engines, settings: Settings
) -> None:
    first, second = uuid4(), uuid4()
    await engines.share("EUROPOL", first, FOUR)
    await engines.share("EUROPOL", second, FOUR)
    silent_too_long(settings, first)

    taken_over = await engines.share("EUROPOL", second, FOUR)
    back = await engines.share("EUROPOL", first, FOUR)

    assert (taken_over.operations, taken_over.engines) == (FOUR, 1)
    assert (back.operations, back.engines) == ([], 2)


async def test_what_an_engine_leaves_is_free_at_once(engines: Engines) -> None:
    first, second = uuid4(), uuid4()
    await engines.share("EUROPOL", first, FOUR)

    await engines.leave("EUROPOL", first)

    assert (await engines.share("EUROPOL", second, FOUR)).operations == FOUR


async def test_agencies_share_nothing_with_each_other(engines: Engines) -> None:
    engine = uuid4()
    await engines.share("EUROPOL", engine, FOUR)

    assert (await engines.share("INTERPOL", uuid4(), FOUR)).operations == FOUR
    await engines.leave("INTERPOL", engine)
    assert (await engines.share("EUROPOL", engine, FOUR)).operations == FOUR


async def test_an_operation_that_is_there_no_more_is_given_back(engines: Engines) -> None:
    engine = uuid4()
    await engines.share("EUROPOL", engine, FOUR)

    assert (await engines.share("EUROPOL", engine, FOUR[1:])).operations == FOUR[1:]
    assert (await engines.share("EUROPOL", uuid4(), FOUR)).operations == ["jad-a"]
