"""Entries as their viewers read them: sealed blocks opened, once the ledger says to whom."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec

from services.gateway.disclosing import lines
from services.gateway.erasures import tell_erasures
from services.gateway.picture import Picture
from services.gateway.problems import Malformed
from services.shared.disclosures import Act
from services.shared.vault import open_box, put_back

Given = tuple[str, UUID]
"""Whose record was opened, and which."""


async def open_entries(bodies: Iterable[str], picture: Picture, act: Act = "consultation") -> list[dict[str, Any]]:
    """The entries for the picture's viewer. Which of them name persons is in the ledger when this returns.

    Raises Malformed when they leave as a file and nobody has said what for.
    """
    opened = await open_bodies(bodies, picture)
    given = [one for _, one in opened if one is not None]
    if picture.viewer.takes_away:
        act = "export"
        if given and picture.viewer.purpose is None:
            raise Malformed("It names persons: say in the header Vcp-Purpose what the file is for.")
    await picture.ledger.write(lines(picture.viewer, act, given, upto=picture.moment.position))
    read = [entry for entry, _ in opened]
    await tell_erasures(read, picture)
    return read


async def open_bodies(bodies: Iterable[str], picture: Picture) -> list[tuple[dict[str, Any], Given | None]]:
    """The entries with their secret members put back; those whose key was erased are told as `erased`.

    Whoever gives them to somebody writes to the ledger first what was opened. Raises PictureBehind while it is not
    known of each key whether it was erased.
    """
    entries = [msgspec.json.decode(body) for body in bodies]
    wanted = [UUID(sealed["key"]) for entry in entries for sealed in entry.get("sealed", {}).values()]
    keys: dict[UUID, bytes] = {}
    if wanted:
        await picture.swept(picture.viewer.operation)
        keys = await picture.vault.find(wanted)
    return [_opened(entry, keys) for entry in entries]


def _opened(entry: dict[str, Any], keys: dict[UUID, bytes]) -> tuple[dict[str, Any], Given | None]:
    sealed = entry.pop("sealed", None)
    if not sealed:
        return entry, None
    data, erased = entry["report"]["data"], []
    for pointer, box in sealed.items():
        key = keys.get(UUID(box["key"]))
        if key is None:
            erased.append(pointer)
        else:
            put_back(data, pointer, open_box(box, key))
    given = (data.get("on_behalf_of") or entry["agency"], UUID(entry["entry"])) if len(erased) < len(sealed) else None
    return ({**entry, "erased": erased} if erased else entry), given
