"""Ending tasks."""

import asyncio
from collections.abc import Iterable
from typing import Any

_AGAIN_SECONDS = 0.05


async def end(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancels tasks until they have ended, with whatever outcome.

    `asyncio.wait_for` loses a cancellation that meets the answer it waits for (Python before 3.12), and the task goes
    on as if it had never been told: whoever cancels once and waits may wait for ever.
    """
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        done, left = await asyncio.wait(left, timeout=_AGAIN_SECONDS)
        for task in done:
            if not task.cancelled():
                task.exception()
