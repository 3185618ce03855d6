"""Tasks are ended, even where a cancellation is lost."""

import asyncio

from services.shared.ending import end


async def test_a_task_that_loses_a_cancellation_is_ended_all_the_same() -> None:
    lost = 0

    async def forgetful() -> None:
        nonlocal lost
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            lost += 1
        await asyncio.sleep(60)

    task = asyncio.create_task(forgetful())
    await asyncio.sleep(0)
    await end([task])

    assert lost == 1
    assert task.cancelled()


async def test_an_end_waits_for_what_a_task_still_has_to_do_and_takes_its_fault() -> None:
    left = False

    async def tidy() -> None:
        nonlocal left
        try:
            await asyncio.sleep(60)
        finally:
            left = True
            raise ValueError("a fault while it ends")

    task = asyncio.create_task(tidy())
    await asyncio.sleep(0)
    await end([task, asyncio.create_task(asyncio.sleep(0))])

    assert left
    assert isinstance(task.exception(), ValueError)
