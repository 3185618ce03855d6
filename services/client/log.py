"""The whole log of an operation, as the token's agency sees it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from services.client.answers import Refused, told


def whole_log(client: httpx.Client, operation: str, *, purpose: str) -> Iterator[Mapping[str, Any]]:
    """Every entry, oldest first; what it is for goes into the ledger. Raises Refused, and httpx.TransportError."""
    headers = {"Accept": "application/x-ndjson", "Vcp-Purpose": purpose}
    with client.stream("GET", f"/v1/operations/{operation}/events", headers=headers) as answer:
        if answer.status_code != 200:
            answer.read()
            raise Refused(told(answer))
        for line in answer.iter_lines():
            if line:
                yield json.loads(line)
