"""Agencies post while the parts of the stack are killed: what was acknowledged is stored, once, as it was sent."""

import pytest

from tests.flow.conftest import Room
from tests.soak.killing import Killer
from tests.soak.storm import check, storm

pytestmark = pytest.mark.own_stack  # parts are killed

CLIENTS = 12
KILLS = 7


@pytest.mark.parametrize("seed", [20220624])
async def test_what_was_acknowledged_is_stored_once_whatever_part_is_killed(room: Room, seed: int) -> None:
    async def kill(killer: Killer) -> None:
        for _ in range(KILLS):
            await killer.kill_once()
        await killer.all_back()

    before = room.number

    ledger, killer = await storm(room, seed=seed, clients=CLIENTS, kill=kill, say=print, reports_between=(10, 100))

    assert set(killer.kills) == {"gateway", "nats-server", "postgres", "projector"}
    assert ledger.repeated
    await check(room, ledger, others=before)
