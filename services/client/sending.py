"""Posts reports in batches and repeats what was not answered: ids make every repetition harmless."""

import time
from collections.abc import Iterator, Sequence
from typing import Any

import httpx

from services.client.reading import FileLine

ATTEMPTS = 20
LONGEST_PAUSE = 10.0
_LATER = (429, 503)


class Refused(Exception):
    """The gateway refused a whole batch; the text is its problem, which repeats nothing that was posted."""


def send(
    client: httpx.Client, operation: str, lines: Sequence[FileLine], *, atomic: bool, imported: bool
) -> Iterator[tuple[FileLine, dict[str, Any]]]:
    """Posts one batch: each line with its result. Raises Refused, and httpx.TransportError when nobody answers."""
    waiting = list(lines)
    for attempt in range(1, ATTEMPTS + 1):
        answer = _post(client, operation, waiting, atomic=atomic, imported=imported)
        results = answer.json()["results"]
        again = []
        for line, result in zip(waiting, results, strict=True):
            if result["status"] in _LATER and attempt < ATTEMPTS:
                again.append(line)
            else:
                yield line, result
        if not again:
            return
        waiting = again
        time.sleep(min(0.2 * attempt, LONGEST_PAUSE))


def _post(
    client: httpx.Client, operation: str, lines: Sequence[FileLine], *, atomic: bool, imported: bool
) -> httpx.Response:
    query = {name: "true" for name, wanted in (("atomic", atomic), ("import", imported)) if wanted}
    body = b"[" + b",".join(line.body for line in lines) + b"]"
    headers = {"Content-Type": "application/cloudevents-batch+json"}
    for attempt in range(1, ATTEMPTS + 1):
        try:
            answer = client.post(f"/v1/operations/{operation}/events", content=body, headers=headers, params=query)
        except httpx.TransportError:
            if attempt == ATTEMPTS:
                raise
            time.sleep(min(0.2 * attempt, LONGEST_PAUSE))
            continue
        if answer.status_code in (200, 201, 207):
            return answer
        if answer.status_code not in _LATER or attempt == ATTEMPTS:
            raise Refused(_told(answer))
        stated = answer.headers.get("Retry-After", "1")
        time.sleep(min(float(stated) if stated.isdigit() else 1.0, LONGEST_PAUSE))
    raise AssertionError("the last attempt returns or raises")


def _told(answer: httpx.Response) -> str:
    if answer.headers.get("Content-Type", "").partition(";")[0] != "application/problem+json":
        return f"The gateway answered {answer.status_code}."
    problem = answer.json()
    faults = [f"{fault.get('pointer')}: {fault['detail']}" for fault in problem.get("errors", [])]
    return "; ".join([f"{answer.status_code} {problem['title']}. {problem['detail']}", *faults])
