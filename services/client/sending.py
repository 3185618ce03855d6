"""Posts reports and repeats what was not answered: ids make every repetition harmless."""

import json
from collections.abc import Sequence
from typing import Any

import httpx

from services.client.answers import ATTEMPTS, LATER, Refused, answered, pause, told
from services.client.reading import FileLine

Result = dict[str, Any]


def send_each(client: httpx.Client, operation: str, lines: Sequence[FileLine], *, imported: bool) -> list[Result]:
    """Posts lines in their order, each by itself; one result each. Raises Refused, and httpx.TransportError."""
    results: list[Result | None] = [None] * len(lines)
    waiting = list(range(len(lines)))
    for attempt in range(1, ATTEMPTS + 1):
        found = _streamed(client, operation, [lines[at] for at in waiting], imported=imported)
        put_off = next((at for at, one in enumerate(found) if one["status"] in LATER), len(found))
        still = []
        for place, (at, one) in enumerate(zip(waiting, found, strict=True)):
            results[at] = one
            # What was refused after a line that was put off may have been refused for want of it.
            if place >= put_off and "receipt" not in one:
                still.append(at)
        waiting = still
        if not waiting:
            break
        if attempt < ATTEMPTS:
            pause(attempt)
    return [one for one in results if one is not None]


def send_whole(client: httpx.Client, operation: str, lines: Sequence[FileLine], *, imported: bool) -> list[Result]:
    """Posts all lines as one: all are stored or none. Raises Refused, and httpx.TransportError."""
    body = b"[" + b",".join(line.body for line in lines) + b"]"
    media = "application/cloudevents-batch+json"
    numbers = [line.line for line in lines]
    answer = _posted(client, operation, body, media, atomic=True, imported=imported, lines=numbers)
    found: list[Result] = answer.json()["results"]
    return found


def _streamed(client: httpx.Client, operation: str, lines: Sequence[FileLine], *, imported: bool) -> list[Result]:
    body = b"".join(line.body + b"\n" for line in lines)
    for attempt in range(1, ATTEMPTS + 1):
        answer = _posted(client, operation, body, "application/x-ndjson", atomic=False, imported=imported)
        found: list[Result] = [json.loads(line) for line in answer.content.splitlines()]
        if [one["line"] for one in found] == list(range(1, len(lines) + 1)):
            return found
        # The answer was cut off, perhaps in good order: what became of the rest is unknown.
        if attempt < ATTEMPTS:
            pause(attempt)
    raise httpx.RemoteProtocolError("the answer lacks lines")


def _posted(
    client: httpx.Client,
    operation: str,
    body: bytes,
    media: str,
    *,
    atomic: bool,
    imported: bool,
    lines: Sequence[int] = (),
) -> httpx.Response:
    query = {name: "true" for name, wanted in (("atomic", atomic), ("import", imported)) if wanted}
    path, headers = f"/v1/operations/{operation}/events", {"Content-Type": media}
    answer = answered(lambda: client.post(path, content=body, headers=headers, params=query))
    if answer.status_code not in (200, 201):
        raise Refused(told(answer, lines=lines))
    return answer
