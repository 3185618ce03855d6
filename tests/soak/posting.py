"""Clients that post through every outage: each body is sent again, byte for byte, until all of it is acknowledged."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx

from schemas.event import REGISTER

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
LINES = "application/x-ndjson"
PAUSE_SECONDS = 0.1
LARGEST_BATCH = 30
_UNKNOWN = 503
_ACCEPTED = (200, 201)


class Broken(Exception):
    """The gateway answered something that an outage does not explain."""


@dataclass
class Ledger:
    """What clients sent, and every receipt that they were given for it, by entry id."""

    sent: dict[str, dict[str, Any]] = field(default_factory=dict)
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    repeated: int = 0
    came: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def keep(self, report: dict[str, Any], receipt: dict[str, Any]) -> None:
        """Keeps an acknowledgement. Raises Broken when an earlier one said something else."""
        entry = receipt["entry"]
        if self.receipts.setdefault(entry, receipt) != receipt or self.sent.setdefault(entry, report) is not report:
            raise Broken("two answers for one report differ")
        async with self.came:
            self.came.notify_all()

    async def grown_to(self, size: int) -> None:
        async with self.came:
            await self.came.wait_for(lambda: len(self.receipts) >= size)


@dataclass
class Client:
    """One system of an agency. `chosen` makes its choices; they differ between clients and not between runs."""

    http: httpx.AsyncClient
    path: str
    number: int
    chosen: Random
    ledger: Ledger
    idle_seconds: float = 0.0
    made: int = 0

    async def post_until(self, done: asyncio.Event) -> None:
        while not done.is_set():
            await self.chosen.choice((self.single, self.batch, self.whole, self.lines, self.change))()
            await asyncio.sleep(self.chosen.uniform(0, self.idle_seconds))

    async def single(self) -> dict[str, Any]:
        """One report; its receipt."""
        return await self._one(self._arrest())

    async def change(self) -> None:
        """An arrest, and two commands on it, each on the version that the answer before told."""
        opened = await self.single()
        etag = opened["etag"]
        for _ in range(2):
            command = self._report("arrest.updated.v1", arrest=opened["entry"])
            etag = (await self._one(command, etag=etag))["etag"]

    async def batch(self) -> None:
        reports = self._many()
        await self._all(reports, _array(reports), media=BATCH)

    async def whole(self) -> None:
        """A batch of which all is stored, or nothing."""
        reports = self._many()
        await self._all(reports, _array(reports), media=BATCH, query={"atomic": "true"})

    async def lines(self) -> None:
        reports = self._many()
        await self._all(reports, b"\n".join(_encoded(one) for one in reports), media=LINES)

    async def _one(self, report: dict[str, Any], *, etag: str | None = None) -> dict[str, Any]:
        headers = {"Content-Type": STRUCTURED, **({"If-Match": etag} if etag else {})}
        answer = await self._answer(_encoded(report), headers=headers)
        receipt: dict[str, Any] = answer.json()
        await self.ledger.keep(report, receipt)
        return receipt

    async def _all(
        self, reports: list[dict[str, Any]], body: bytes, *, media: str, query: dict[str, str] | None = None
    ) -> None:
        """The whole body again while any report of it is without a receipt."""
        waiting = True
        while waiting:
            answer = await self._answer(body, headers={"Content-Type": media}, query=query)
            waiting = False
            results = list(_results(answer, media=media))
            for report, result in zip(reports, results, strict=True):
                if result["status"] in _ACCEPTED:
                    await self.ledger.keep(report, result["receipt"])
                elif result["status"] == _UNKNOWN:
                    waiting = True
                else:
                    raise Broken(f"a report was refused with {result['status']}: {result['problem']}")
            if waiting:
                await self._pause()

    async def _answer(
        self, body: bytes, *, headers: dict[str, str], query: dict[str, str] | None = None
    ) -> httpx.Response:
        """The first whole answer that is none of an outage."""
        while True:
            try:
                answer = await self.http.post(self.path, content=body, headers=headers, params=query or {})
            except httpx.TransportError:
                await self._pause()
                continue
            if answer.status_code in (200, 201, 207):
                return answer
            if answer.status_code != _UNKNOWN:
                raise Broken(f"a post was answered with {answer.status_code}: {answer.text}")
            if "retry-after" not in answer.headers:
                raise Broken("a 503 came without Retry-After")
            await self._pause()

    async def _pause(self) -> None:
        self.ledger.repeated += 1
        await asyncio.sleep(PAUSE_SECONDS)

    def _many(self) -> list[dict[str, Any]]:
        return [self._arrest() for _ in range(self.chosen.randint(2, LARGEST_BATCH))]

    def _arrest(self) -> dict[str, Any]:
        """Half of them with a person, who is sealed on the way to the log."""
        named = {} if self.chosen.random() < 0.5 else {"person": None, "warrant": None}
        return self._report("arrest.made.v1", count=self.chosen.randint(1, 4), **named)

    def _report(self, type: str, /, **members: Any) -> dict[str, Any]:
        self.made += 1
        data = {**REGISTER[type].example(), **members}
        source = f"/invented/system-{self.number}"
        return {"specversion": "1.0", "id": f"r{self.made}", "source": source, "type": type, "data": data}


def _results(answer: httpx.Response, *, media: str) -> Iterator[dict[str, Any]]:
    if media == LINES:
        yield from (json.loads(line) for line in answer.text.splitlines())
    else:
        yield from answer.json()["results"]


def _encoded(report: dict[str, Any]) -> bytes:
    return json.dumps(report).encode()


def _array(reports: list[dict[str, Any]]) -> bytes:
    return b"[" + b",".join(_encoded(one) for one in reports) + b"]"
