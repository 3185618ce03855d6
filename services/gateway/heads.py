"""The head of a request, bounded in size and time before anything else looks at it, and refused as problems are."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from services.gateway.problems import CONTENT_TYPE, HeadTooLarge, Malformed, Problem, TooSlow
from services.gateway.rounds import Outgoing

MOST_BYTES = 64 * 1024
SECONDS = 10.0
_LINGER_SECONDS = 1.0
"""Whoever still sends when refused would lose the answer to a reset, were the connection closed at once."""


class BoundedHead(HttpToolsProtocol):
    """uvicorn's protocol, which by itself reads a head of any length for any time, whoever sends it."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.refused = False
        self._in_head = True
        self._in_body = False
        self._bytes = 0
        self._too_slow: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(Outgoing(transport, self.loop))  # type: ignore[arg-type]
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._ends()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.refused:
            return
        super().data_received(data)
        # A head that came as one piece never gets here, so the usual request sets no timer.
        if self._in_head and not self.transport.is_closing():
            self._bytes += len(data)
            if self._bytes > MOST_BYTES:
                self._refuse(HeadTooLarge(f"At most {MOST_BYTES} bytes of address and headers."))
            elif self._too_slow is None:
                self._wait_for_head()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head, self._bytes = True, 0

    def on_headers_complete(self) -> None:
        if self._too_slow is not None:
            self._ends()
        self._in_head, self._in_body = False, True
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        self._refuse(Malformed("This is not HTTP."))

    def _wait_for_head(self) -> None:
        self._too_slow = self.loop.call_later(SECONDS, self._refuse, TooSlow(f"A head takes at most {SECONDS:g} s."))

    def _ends(self) -> None:
        self._in_head = False
        if self._too_slow is not None:
            self._too_slow.cancel()
            self._too_slow = None

    def _refuse(self, problem: Problem) -> None:
        self._ends()
        if self.refused or self.transport.is_closing():
            return
        self.refused = True
        body = problem.body()
        head = f"content-type: {CONTENT_TYPE}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
        self.transport.write(STATUS_LINE[problem.status] + head.encode() + body)
        self.transport.write_eof()
        self.loop.call_later(_LINGER_SECONDS, self.transport.close)
