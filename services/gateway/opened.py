"""Entries as their viewers read them: taken from the picture, their sealed blocks opened."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec

from services.shared.vault import Vault, open_box, put_back


async def open_entries(bodies: Iterable[str], vault: Vault) -> list[dict[str, Any]]:
    """The entries with their secret members put back; those whose key was erased are told as `erased`."""
    entries = [msgspec.json.decode(body) for body in bodies]
    wanted = [UUID(sealed["key"]) for entry in entries for sealed in entry.get("sealed", {}).values()]
    keys = await vault.find(wanted) if wanted else {}
    return [_opened(entry, keys) for entry in entries]


def _opened(entry: dict[str, Any], keys: dict[UUID, bytes]) -> dict[str, Any]:
    sealed = entry.pop("sealed", None)
    if not sealed:
        return entry
    erased = []
    for pointer, box in sealed.items():
        key = keys.get(UUID(box["key"]))
        if key is None:
            erased.append(pointer)
        else:
            put_back(entry["report"]["data"], pointer, open_box(box, key))
    return {**entry, "erased": erased} if erased else entry
