"""The gateway with the publish taken out: what its door takes for a report by itself. Nothing is stored."""

import os
from collections.abc import Sequence

from services.gateway.app import create_door
from services.shared.bus import Log
from services.shared.records import Appended, Record
from services.shared.settings import Settings


async def _as_if_stored(log: Log, operation: str, records: Sequence[Record]) -> list[Appended | BaseException]:
    return [Appended(1, True, record.body) for record in records]


Log.append_each = _as_if_stored  # type: ignore[method-assign]
door = create_door(Settings.read(os.environ))
