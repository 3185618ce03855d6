"""What sealing a person cannot cost less than: a key, two encryptions, and a row on disk for the key."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from uuid import uuid4

import msgspec

from services.shared.database import pool
from services.shared.settings import Settings
from services.shared.vault import Packed, Vault, seal

_TIMES = 20
_PERSON = msgspec.json.encode({"names": [{"family": "Invented"}], "birth_date": "1961-05-17"})


@dataclass(frozen=True)
class Floor:
    """Of one person, among so many whose keys share a write."""

    together: int
    cpu_microseconds: float
    """Of the gateway: keys made, wrapped and used, and the statement that stores them."""
    milliseconds: float
    """Until all of them are on disk and sealed."""


def floors(settings: Settings, sizes: Sequence[int]) -> list[Floor]:
    return asyncio.run(_measured(settings, sizes))


async def _measured(settings: Settings, sizes: Sequence[int]) -> list[Floor]:
    async with pool(settings.gateway_database_url) as connections:
        vault = Vault(connections, settings.secret_file.read_bytes())
        return [await _floor(vault, size) for size in sizes]


async def _floor(vault: Vault, together: int) -> Floor:
    cpu, wall = [], []
    for _ in range(_TIMES):
        # Without a mark: what a record is found by is no part of sealing it.
        blocks = [Packed("/person", uuid4(), _PERSON, frozenset()) for _ in range(together)]
        entry_of = {block.key: uuid4() for block in blocks}
        began, used = time.perf_counter(), time.process_time()
        keys = await vault.keys_for(blocks, operation="jad-bench", entry_of=entry_of)
        for block in blocks:
            seal(block, keys[block.key])
        cpu.append((time.process_time() - used) * 1e6 / together)
        wall.append((time.perf_counter() - began) * 1e3)
    return Floor(together, median(cpu), median(wall))
