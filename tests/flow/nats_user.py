"""Users of the log's server: agencies with a key made for them, and our own services."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from nats.aio.client import Client

from services.shared.nats_rights import inbox
from services.shared.signing_client import SigningClient

STRANGER = "ZZ-NOBODY"
_VERDICT_SECONDS = 1.0


class User:
    """A connection of one user of the server, and what the server refused it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.client: Client = SigningClient()
        self.refused = asyncio.Event()

    async def connect(self, url: str, seed: str) -> None:
        await self.client.connect(
            url, nkeys_seed_str=seed, inbox_prefix=inbox(self.name), error_cb=self._on_error, allow_reconnect=False
        )

    async def ask(self, subject: str, content: Any, **headers: str) -> dict[str, Any]:
        """Headers are spelt with an underscore here: Vcp_Atomic."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        spelt = {name.replace("_", "-"): value for name, value in headers.items()} or None
        found: dict[str, Any] = json.loads((await self.client.request(subject, body, timeout=10, headers=spelt)).data)
        return found

    async def is_refused(self, subject: str) -> bool:
        """Whether the server forbids publishing there."""
        self.refused.clear()
        await self.client.publish(subject, b"")
        return await self._was_refused()

    async def cannot_hear(self, subject: str) -> bool:
        self.refused.clear()
        await self.client.subscribe(subject)
        return await self._was_refused()

    async def _was_refused(self) -> bool:
        await self.client.flush()
        try:
            await asyncio.wait_for(self.refused.wait(), _VERDICT_SECONDS)
        except TimeoutError:
            return False
        return True

    async def _on_error(self, error: Exception) -> None:
        if "permissions violation" in str(error).lower():
            self.refused.set()


Connects = Callable[[str], Awaitable[User]]
