"""Answers leave together, once in each round of the loop: a write by itself is a system call, and wakes a reader.

By itself uvicorn writes head and body of an answer one after the other, each at once.
"""

import asyncio
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

_MOST_HELD_BYTES = 64 * 1024
"""What is longer goes at once, so that the transport's own limits are felt by who writes."""


class _Round:
    """Those that have something to write in this round."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._call_soon = loop.call_soon
        self._waiting: list[Outgoing] = []

    def join(self, one: "Outgoing") -> None:
        if not self._waiting:
            self._call_soon(self._ends)
        self._waiting.append(one)

    def _ends(self) -> None:
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            one.release()


_rounds: WeakKeyDictionary[asyncio.AbstractEventLoop, _Round] = WeakKeyDictionary()


class Outgoing:
    """A transport that writes at the end of the round; all else it leaves to the one behind it."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._round = _rounds.get(loop) or _rounds.setdefault(loop, _Round(loop))
        self._held: list[bytes] = []
        self._bytes = 0
        self.is_closing: Callable[[], bool] = transport.is_closing

    def write(self, data: bytes) -> None:
        if not self._held:
            self._round.join(self)
        self._held.append(data)
        self._bytes += len(data)
        if self._bytes > _MOST_HELD_BYTES:
            self.release()

    def release(self) -> None:
        if self._held:
            held, self._held, self._bytes = self._held, [], 0
            self._transport.writelines(held)

    def write_eof(self) -> None:
        self.release()
        self._transport.write_eof()

    def close(self) -> None:
        self.release()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
