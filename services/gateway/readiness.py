"""Whether the gateway can keep its promises now, and if not, why."""

from psycopg import Error
from psycopg_pool import PoolTimeout

from services.gateway.parts import Parts


async def incomplete(gateway: Parts) -> list[str]:
    """What the picture lacks although all parts work: entries that a view could not take."""
    async with gateway.pool.connection(timeout=2) as connection:
        row = await (await connection.execute("select desk.parked_entries()")).fetchone()
    # Not how many: whoever asks need not take part in anything, and some of them may be hidden.
    return ["picture: some entries are parked; see `vcp parked list`"] if row and row[0] else []


async def unready(gateway: Parts) -> list[str]:
    """The reasons against readiness; none when all is well. Names parts and settings, never content."""
    reasons = []
    if not gateway.log.healthy:
        reasons.append(f"log: {gateway.log.reason}")
    durable = await gateway.log.durability()
    if gateway.settings.durability == "strict" and durable.kept is False:
        reasons.append(f"log: {durable.reason}")
    try:
        async with gateway.pool.connection(timeout=2) as connection:
            row = await (await connection.execute("select schema from desk.live")).fetchone()
        if row is None:
            reasons.append("database: no set of read models; run `vcp migrate`")
    except (Error, PoolTimeout) as failed:
        reasons.append(f"database: {type(failed).__name__}")
    return reasons
