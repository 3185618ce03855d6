"""Questions asked at the same time, asked as one: while one round trip is under way, the next gathers."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Key = TypeVar("Key")
Found = TypeVar("Found")


class Together(Generic[Key, Found]):
    """Gathers the keys of concurrent callers into one question to the database; each gets the whole answer."""

    def __init__(self, ask: Callable[[list[Key]], Awaitable[dict[Key, Found]]]) -> None:
        self._ask = ask
        self._gathering: tuple[list[Key], asyncio.Future[dict[Key, Found]]] | None = None
        self._asking = asyncio.Lock()

    async def __call__(self, keys: Sequence[Key]) -> dict[Key, Found]:
        """What is found of these keys, and perhaps of others."""
        if not keys:
            return {}
        if self._gathering is not None:
            gathered, answer = self._gathering
            gathered.extend(keys)
            return await asyncio.shield(answer)
        answer = asyncio.get_running_loop().create_future()
        self._gathering = (list(keys), answer)
        async with self._asking:
            await asyncio.sleep(0)  # Whoever is ready in this turn of the loop asks along.
            gathered, _ = self._gathering
            self._gathering = None
            try:
                found = await self._ask(gathered)
            except BaseException as failed:
                if not answer.done():
                    answer.set_exception(failed)
                    answer.exception()  # Marked as seen: nobody else may be waiting for it.
                raise
            answer.set_result(found)
            return found
