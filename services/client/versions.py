"""The versions of things, as one run of posting learns them: from its own receipts, else from the gateway."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from services.client.answers import Refused, answered, told
from services.client.stated import Stated


@dataclass(frozen=True, slots=True)
class Version:
    """What is known of a thing: its ETag, and the latest entry known of it."""

    etag: str
    entry: UUID
    ours: bool
    """From a receipt of something stored just now: if the thing has changed since, then by somebody else."""


class Versions:
    """Remembers what the commands of a file will name, and asks for what it does not know."""

    def __init__(self, client: httpx.Client, operation: str, *, named: Collection[UUID]) -> None:
        self._client = client
        self._operation = operation
        self._named = named
        self._things: dict[UUID, UUID] = {}
        self._versions: dict[UUID, Version] = {}
        self._posted: set[UUID] = set()

    def thing(self, named: UUID) -> UUID | None:
        """The thing that a command names, by its own id or by one of its entries; None when it is not known yet."""
        return self._things.get(named)

    def version(self, named: UUID) -> Version | None:
        """None when there is nothing of this name that the poster may see: the gateway will say so."""
        thing = self._things.get(named)
        if thing is None or thing not in self._versions:
            return self.asked(named)
        return self._versions[thing]

    def asked(self, named: UUID) -> Version | None:
        """The version as it is now, and no older than what is known already."""
        thing = self._things.get(named)
        known = self._versions.get(thing) if thing is not None else None
        newest = known.entry if known is not None else named if named in self._posted else None
        query = {"after": str(newest), "wait": "30"} if newest is not None else {}
        path = f"/v1/operations/{self._operation}/events/{named}"
        answer = answered(lambda: self._client.get(path, params=query))
        if answer.status_code in (403, 404):
            return None
        if answer.status_code != 200:
            raise Refused(told(answer))
        etag, entry = answer.headers.get("ETag"), answer.json()
        if etag is None:
            return None
        self._things[named] = UUID(entry["thing"])
        found = Version(etag, newest or named, ours=False)
        self._versions[UUID(entry["thing"])] = found
        return found

    def learn(self, line: Stated, result: dict[str, Any]) -> None:
        """What the receipt of a line says."""
        entry = UUID(result["receipt"]["entry"])
        thing = self._things.get(line.changes) if line.changes is not None else entry
        if entry in self._named:
            self._posted.add(entry)
            if thing is not None:
                self._things[entry] = thing
        if thing is not None and not line.beside and (thing in self._versions or thing in self._named):
            self._versions[thing] = Version(result["receipt"]["etag"], entry, ours=result["status"] == 201)
