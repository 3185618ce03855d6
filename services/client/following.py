"""Follows a stream of server-sent events over HTTP, and goes on where it broke off."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import httpx

from services.client.answers import ATTEMPTS, Refused, pause, told

_SILENT_SECONDS = 60.0
"""A stream says at least every ten seconds that nothing happens."""


class Frame(NamedTuple):
    """One event of a stream, read."""

    event: str
    data: Any
    id: str
    """The cursor after it; empty where a stream must not go on from there."""


def follow(client: httpx.Client, path: str, query: Mapping[str, str]) -> Iterator[Frame]:
    """The events of a stream, until it ends of itself. Raises Refused, and httpx.TransportError when nobody answers."""
    last = ""
    fallen = 0
    while True:
        headers = {"Last-Event-ID": last} if last else {}
        try:
            with client.stream("GET", path, params=dict(query), headers=headers, timeout=_SILENT_SECONDS) as answer:
                if answer.status_code != 200:
                    answer.read()
                    raise Refused(told(answer))
                for frame in _frames(answer):
                    fallen = 0
                    last = frame.id or last
                    yield frame
                return
        except httpx.TransportError:
            fallen += 1
            if fallen == ATTEMPTS:
                raise
            pause(fallen)


def _frames(answer: httpx.Response) -> Iterator[Frame]:
    said: dict[str, str] = {}
    for line in answer.iter_lines():
        if line:
            name, _, value = line.partition(": ")
            said[name] = value
        elif said:
            yield Frame(said["event"], json.loads(said["data"]), said.get("id", ""))
            said = {}
