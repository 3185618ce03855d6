"""Following an operation's log from a position: batches of whatever waits, dense, for ever.

A pull consumer of our own with two requests under way and no acknowledgements: nats-py's ordered consumer
loses messages behind a slow reader, and its `fetch` costs four times as much. Where the reader stands is the
reader's business; a consumer that stalls, breaks or leaves a hole is thrown away and made anew from there.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from uuid import uuid4

import msgspec
from nats.aio.msg import Msg

from schemas.subjects import stream_name
from services.shared.connection import Connection
from services.shared.inbox import NotSent
from services.shared.jetstream import NO_SUCH_STREAM, ApiRefused, call, stream_info
from services.shared.records import Stored
from services.shared.refusals import HoleInLog, LogUnavailable, NoSuchOperation

log = logging.getLogger(__name__)

REQUEST_SIZE = 1000
REQUEST_BYTES = 4 * 2**20
REQUEST_SECONDS = 30.0
HEARTBEAT_SECONDS = 2.0
SILENCE_SECONDS = 2 * HEARTBEAT_SECONDS + 0.5  # two heartbeats did not come
FORGET_SECONDS = 60.0  # the server drops a consumer that nobody asked for so long
PAUSE_SECONDS = 0.2
_NANOSECONDS = 1_000_000_000


class _Broken(Exception):
    """This consumer gives no more: make another one."""


async def follow(
    connection: Connection, operation: str, *, after: int, most: int
) -> AsyncGenerator[list[Stored], None]:
    """What comes after a position, as it comes, at most so many at once.

    Raises HoleInLog, NoSuchOperation, and LogUnavailable once the log is closed by this process itself.
    """
    last = after
    hole: HoleInLog | None = None
    while not connection.is_closed:
        consumer = _Consumer(connection, operation, after=last, most=most)
        try:
            await consumer.open()
            while True:
                batch = await consumer.take()
                hole = None
                last = batch[-1].position
                yield batch
        except HoleInLog as found:
            # One reading may be at fault; two that agree are the log.
            if hole is not None and (hole.after, hole.found) == (found.after, found.found):
                raise
            hole = found
            log.warning("hole in the log, reading again", extra={"operation": operation, "after": last})
        except (_Broken, NotSent, LogUnavailable) as broken:
            log.info("following the log anew", extra={"operation": operation, "after": last, "why": str(broken)})
            await asyncio.sleep(PAUSE_SECONDS)
        finally:
            await consumer.close()
    raise LogUnavailable("the log was closed")


class _Consumer:
    """One pull consumer on the server and the messages that it sent."""

    def __init__(self, connection: Connection, operation: str, *, after: int, most: int) -> None:
        self._connection = connection
        self._operation = operation
        self._stream = stream_name(operation)
        self._name = f"follow-{uuid4().hex}"
        self._last = after
        self._most = most
        self._request_size = min(REQUEST_SIZE, most)
        self._epoch = -1
        self._inbox = ""
        self._outstanding = 0
        self._received: deque[Stored] = deque()
        self._came = asyncio.Event()
        self._failure: Exception | None = None
        self._heard_at = 0.0
        self._stop: Callable[[], Awaitable[None]] | None = None

    async def open(self) -> None:
        if not await self._connection.up(within=SILENCE_SECONDS):
            raise _Broken("not connected")
        self._epoch = self._connection.epoch
        self._connection.told.add(self._came)
        tail = (await stream_info(self._connection, self._operation))["state"]["last_seq"]
        if tail < self._last:
            raise HoleInLog(operation=self._operation, after=self._last, found=None)
        self._inbox = self._connection.new_inbox()
        self._stop = await self._connection.listen(self._inbox, self._receive)
        config = {
            "name": self._name,
            "deliver_policy": "by_start_sequence",
            "opt_start_seq": self._last + 1,
            "ack_policy": "none",
            "replay_policy": "instant",
            "mem_storage": True,
            "num_replicas": 1,
            "inactive_threshold": int(FORGET_SECONDS * _NANOSECONDS),
        }
        request = {"stream_name": self._stream, "config": config}
        try:
            await call(self._connection, f"CONSUMER.CREATE.{self._stream}.{self._name}", request)
        except ApiRefused as refused:
            if refused.err_code == NO_SUCH_STREAM:
                raise NoSuchOperation(self._operation) from refused
            raise _Broken(str(refused)) from refused

    async def take(self) -> list[Stored]:
        """What waits, once something does."""
        loop = asyncio.get_running_loop()
        await self._ask_for_more()
        self._heard_at = loop.time()
        while not self._received:
            if self._failure is not None:
                raise self._failure
            if self._connection.epoch != self._epoch or self._connection.is_closed:
                raise _Broken("the connection broke")
            if loop.time() - self._heard_at > SILENCE_SECONDS:
                raise _Broken("no heartbeat")
            self._came.clear()
            try:
                await asyncio.wait_for(self._came.wait(), HEARTBEAT_SECONDS)
            except TimeoutError:
                continue
            await self._ask_for_more()
        if len(self._received) <= self._most:
            batch = list(self._received)
            self._received.clear()
            return batch
        return [self._received.popleft() for _ in range(self._most)]

    async def close(self) -> None:
        self._connection.told.discard(self._came)
        if self._stop is not None:
            await self._stop()
            self._stop = None
        if self._connection.epoch == self._epoch and await self._connection.up(within=0):
            try:
                await call(self._connection, f"CONSUMER.DELETE.{self._stream}.{self._name}", within=1)
            except (ApiRefused, LogUnavailable) as refused:
                # The server forgets it by itself.
                log.debug("consumer not deleted", extra={"why": str(refused)})

    async def _ask_for_more(self) -> None:
        """Keep two requests under way, but only while the reader takes what comes."""
        while self._outstanding + len(self._received) <= self._request_size:
            request = {
                "batch": self._request_size,
                "max_bytes": REQUEST_BYTES,
                "expires": int(REQUEST_SECONDS * _NANOSECONDS),
                "idle_heartbeat": int(HEARTBEAT_SECONDS * _NANOSECONDS),
            }
            subject = f"$JS.API.CONSUMER.MSG.NEXT.{self._stream}.{self._name}"
            await self._connection.publish(subject, msgspec.json.encode(request), reply=self._inbox)
            self._outstanding += self._request_size

    async def _receive(self, message: Msg) -> None:
        self._heard_at = asyncio.get_running_loop().time()
        reply = message.reply
        if reply:
            position = _position(reply)
            self._outstanding -= 1
            if self._failure is None and position == self._last + 1:
                self._last = position
                self._received.append(Stored(position, message.data))
            elif self._failure is None:
                self._failure = HoleInLog(operation=self._operation, after=self._last, found=position)
        else:
            self._note_status(message.headers or {})
        self._came.set()

    def _note_status(self, headers: dict[str, str]) -> None:
        status = headers.get("Status")
        if status == "100":
            return
        left_open = headers.get("Nats-Pending-Messages")
        if left_open is not None:
            # The request ended: it expired, or came to its limit of bytes. The next one goes on.
            self._outstanding -= int(left_open)
        elif self._failure is None:
            self._failure = _Broken(f"{status} {headers.get('Description', '')}")


def _position(reply: str) -> int:
    """The position, out of `$JS.ACK`, perhaps domain and account, stream, consumer, deliveries, position."""
    tokens = reply.split(".")
    return int(tokens[5] if len(tokens) == 9 else tokens[7])
