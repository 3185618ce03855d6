"""The rest of an exchange, bounded as its head is: a body that does not come, and an answer that nobody takes."""

import asyncio
from typing import Any

from services.gateway.heads import BoundedHead
from services.gateway.problems import TooSlow

SLOWEST_BYTES_A_SECOND = 1000


class BoundedExchange(BoundedHead):
    """By itself uvicorn waits for a body, or for a reader, for ever, and a connection to the database with it.

    In each period of `patience_seconds` a body must go on by so many bytes. What the gateway itself is slow to read is
    not laid at the sender's door.
    """

    patience_seconds = 30.0

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._came = 0
        self._held_back = False
        self._body_due: asyncio.TimerHandle | None = None
        self._taken_due: asyncio.TimerHandle | None = None

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if not self._in_body or self.refused:
            return
        # A body that came with its head never gets here, so the usual post sets no timer.
        self._came += len(data)
        self._held_back = self._held_back or self.flow.read_paused
        if self._body_due is None and not self.transport.is_closing():
            self._wait()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._in_body = False
        self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        self._in_body = False
        self._stop_waiting()
        self._is_taken()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._taken_due = self.loop.call_later(self.patience_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        self._is_taken()
        super().resume_writing()

    def _is_taken(self) -> None:
        if self._taken_due is not None:
            self._taken_due.cancel()
            self._taken_due = None

    def _wait(self) -> None:
        self._came = 0
        self._held_back = self.flow.read_paused
        self._body_due = self.loop.call_later(self.patience_seconds, self._look)

    def _stop_waiting(self) -> None:
        if self._body_due is not None:
            self._body_due.cancel()
            self._body_due = None

    def _look(self) -> None:
        unread = self.cycle is not None and bool(self.cycle.body)
        if self._held_back or unread or self._came >= self.patience_seconds * SLOWEST_BYTES_A_SECOND:
            self._wait()
        elif self.pipeline or self.cycle is None or self.cycle.response_started:
            # Another answer is under way on this connection, and a second one in its midst would be read as its part.
            self.transport.close()
        else:
            self._refuse(TooSlow(f"A body brings at least {SLOWEST_BYTES_A_SECOND} bytes a second."))


def exchanges(*, patience_seconds: float) -> type[BoundedExchange]:
    """The protocol with a deployment's own patience: uvicorn makes it from a class."""
    return type("Exchange", (BoundedExchange,), {"patience_seconds": patience_seconds})
