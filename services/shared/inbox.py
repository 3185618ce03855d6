"""Questions to the NATS server and their answers: one wildcard inbox, integer tokens, one sweep of deadlines.

nats-py's own request spends its time on random tokens and a timer for each; this takes less than half.
"""

import asyncio
from typing import NamedTuple

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import ConnectionClosedError, ConnectionDrainingError, OutboundBufferLimitError

ANSWER_SECONDS = 4.0
SWEEP_SECONDS = 0.25

# What nats-py raises when it did not take a message.
NOT_SENT = (ConnectionClosedError, ConnectionDrainingError, OutboundBufferLimitError)


class NotSent(Exception):
    """The question did not leave this process, or nobody was there to receive it: nothing happened."""


class Unanswered(Exception):
    """The question was sent and no answer came: what it asked for may have happened, or may yet."""


class _Waiting(NamedTuple):
    answer: asyncio.Future[Msg]
    deadline: float
    several: list[Msg] | None = None
    """Of a question with several answers: those before the last, which alone has a status."""


class Inbox:
    """Asks over one connection; answers are told apart by the last token of their subject."""

    def __init__(self) -> None:
        self._client: Client | None = None
        self._prefix = ""
        self._waiting: dict[int, _Waiting] = {}
        self._last_token = 0
        self._sweep: asyncio.TimerHandle | None = None

    async def attach(self, client: Client) -> None:
        """Ask over this connection from now on."""
        self.lose()
        prefix = client.new_inbox() + "."
        self._client, self._prefix = client, prefix
        await client.subscribe(prefix + "*", cb=self._answered)

    async def ask(
        self,
        subject: str,
        payload: bytes = b"",
        *,
        headers: dict[str, str] | None = None,
        within: float | None = None,
    ) -> Msg:
        """The answer. Raises NotSent or Unanswered: the difference between 'no' and 'perhaps'."""
        client = self._client
        if client is None or not client.is_connected:
            # nats-py would keep the message and send it after a reconnect, when nobody waits for it any more.
            raise NotSent("not connected")
        token, answer = self._expect(ANSWER_SECONDS if within is None else within)
        try:
            await client.publish(subject, payload, reply=f"{self._prefix}{token}", headers=headers)
            message = await answer
        except NOT_SENT as error:
            raise NotSent(type(error).__name__) from error
        finally:
            self._waiting.pop(token, None)
        if message.headers is not None and message.headers.get("Status") == "503":
            raise NotSent("nobody listens on the subject")
        return message

    async def ask_for_several(self, subject: str, payload: bytes) -> tuple[list[Msg], Msg]:
        """The answers, and the message with a status that says that there are no more. Raises as `ask` does."""
        client = self._client
        if client is None or not client.is_connected:
            raise NotSent("not connected")
        several: list[Msg] = []
        token, last = self._expect(ANSWER_SECONDS, several)
        try:
            await client.publish(subject, payload, reply=f"{self._prefix}{token}")
            return several, await last
        except NOT_SENT as error:
            raise NotSent(type(error).__name__) from error
        finally:
            self._waiting.pop(token, None)

    async def echo(self, *, within: float) -> None:
        """Send a message to ourselves: the only proof that both directions and nats-py's read task live."""
        client = self._client
        if client is None or not client.is_connected:
            raise NotSent("not connected")
        token, answer = self._expect(within)
        try:
            await client.publish(f"{self._prefix}{token}")
            await answer
        finally:
            self._waiting.pop(token, None)

    def lose(self) -> None:
        """The connection broke: no answer under way will come."""
        for waiting in self._waiting.values():
            if not waiting.answer.done():
                waiting.answer.set_exception(Unanswered("the connection broke"))
        self._waiting.clear()

    def close(self) -> None:
        self.lose()
        self._client = None
        if self._sweep is not None:
            self._sweep.cancel()
            self._sweep = None

    def _expect(self, within: float, several: list[Msg] | None = None) -> tuple[int, asyncio.Future[Msg]]:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Msg] = loop.create_future()
        self._last_token += 1
        self._waiting[self._last_token] = _Waiting(answer, loop.time() + within, several)
        if self._sweep is None:
            self._sweep = loop.call_later(SWEEP_SECONDS, self._sweep_deadlines)
        return self._last_token, answer

    async def _answered(self, message: Msg) -> None:
        token = int(message.subject[len(self._prefix) :])
        waiting = self._waiting.get(token)
        if waiting is not None and waiting.several is not None and "Status" not in (message.headers or {}):
            waiting.several.append(message)
            return
        self._waiting.pop(token, None)
        if waiting is not None and not waiting.answer.done():
            waiting.answer.set_result(message)

    def _sweep_deadlines(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        late = [token for token, waiting in self._waiting.items() if waiting.deadline <= now]
        for token in late:
            waiting = self._waiting.pop(token)
            if not waiting.answer.done():
                waiting.answer.set_exception(Unanswered("no answer in time"))
        self._sweep = loop.call_later(SWEEP_SECONDS, self._sweep_deadlines) if self._waiting else None
