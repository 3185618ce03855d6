"""Answering what is asked over NATS: each request in a task of its own, and no more at once than can be answered."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple

from nats.aio.msg import Msg
from nats.errors import MaxPayloadError

from services.shared.connection import Connection, Stop
from services.shared.ending import end
from services.shared.inbox import NotSent
from services.shared.nats_rights import inbox

log = logging.getLogger(__name__)

FINISH_SECONDS = 5.0
COMMON_INBOX = "_INBOX."
"""Of clients on a server without users."""


class Reply(NamedTuple):
    """An answer: JSON, and what HTTP would put into its headers."""

    body: bytes
    headers: dict[str, str]


class Request(NamedTuple):
    """What is asked: the subject, the body, and the headers by their names as they were sent."""

    subject: str
    body: bytes
    headers: Mapping[str, str]


Answer = Callable[[Request], Awaitable[Reply]]
"""From a request to its reply. It raises nothing."""


class Requests:
    """Answers requests on a subject, from `start` until `close`, which lets those under way be answered.

    `asker` names, by the subject, the user who alone may ask there.
    """

    def __init__(
        self, connection: Connection, *, answer: Answer, busy: Reply, most: int, asker: Callable[[str], str]
    ) -> None:
        self._connection = connection
        self._asker = asker
        self._answer = answer
        self._busy = busy
        self._most = most
        self._under_way: set[asyncio.Task[None]] = set()
        self._stop: Stop | None = None

    async def start(self, subject: str, *, queue: str) -> None:
        self._stop = await self._connection.listen(subject, self._receive, queue=queue)

    async def close(self) -> None:
        if self._stop is not None:
            await self._stop()
            self._stop = None
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=FINISH_SECONDS)
            await end(late)

    async def _receive(self, message: Msg) -> None:
        # The asker says where the answer goes, and we may publish where it may not: into the log itself.
        if message.reply and not message.reply.startswith((f"{inbox(self._asker(message.subject))}.", COMMON_INBOX)):
            log.warning("a request wanted its answer elsewhere than in its own inbox; it was left alone")
            return
        if len(self._under_way) >= self._most:
            await self._send(message.reply, self._busy)
            return
        task = asyncio.create_task(self._work(message))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _work(self, message: Msg) -> None:
        request = Request(message.subject, message.data, message.headers or {})
        await self._send(message.reply, await self._answer(request))

    async def _send(self, to: str, reply: Reply) -> None:
        if not to:
            return  # nobody wants to know
        try:
            await self._connection.publish(to, reply.body, headers=reply.headers or None)
        except (NotSent, MaxPayloadError) as failed:
            # The asker hears nothing and asks again with the same ids, which is safe.
            log.warning("an answer was not sent", extra={"error": type(failed).__name__})
