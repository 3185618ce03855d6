"""Whether the log's server keeps what it acknowledged when the power fails, as far as it says."""

import httpx

from services.shared.records import Durability
from services.shared.settings import Settings


async def durability(settings: Settings) -> Durability:
    """What a single replica does is in its configuration, which only the monitoring port tells."""
    if settings.durability == "standard":
        return Durability(False, "VCP_DURABILITY=standard: up to 100 ms may be lost in a power cut")
    if settings.nats_replicas > 1:
        return Durability(
            True, f"{settings.nats_replicas} replicas: a majority has each entry before it is acknowledged"
        )
    if settings.nats_monitor_url is None:
        return Durability(None, "VCP_NATS_MONITOR_URL is not set, so the server cannot be asked for sync_interval")
    try:
        async with httpx.AsyncClient(timeout=2) as client:
            answer = await client.get(f"{settings.nats_monitor_url.rstrip('/')}/jsz", params={"config": "true"})
            answer.raise_for_status()
            configuration = answer.json().get("config", {})
    except (httpx.HTTPError, ValueError) as error:
        return Durability(None, f"the server's monitoring port does not answer: {type(error).__name__}")
    if configuration.get("sync_always") is True:
        return Durability(True, "sync_interval: always")
    return Durability(False, "the server acknowledges before it syncs: set jetstream { sync_interval: always }")
