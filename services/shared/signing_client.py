"""nats-py's client with what it lacks: signing in without one more package, and sending many messages cheaply."""

from nats.aio.client import Client
from nats.errors import ConnectionClosedError, ConnectionDrainingError, OutboundBufferLimitError

from services.shared.nkeys import UserKey


class SigningClient(Client):
    """Connect it with `nkeys_seed_str`."""

    async def publish_framed(self, frames: bytes) -> None:
        """Sends messages that their caller framed (frames.py). Raises what `publish` does, and nothing is sent then.

        `publish` checks, encodes and queues each message by itself: three times the work for an entry of a batch.
        """
        if self.is_closed:
            raise ConnectionClosedError
        if self.is_draining_pubs:
            raise ConnectionDrainingError
        if not self.is_connected:
            raise OutboundBufferLimitError
        await self._send_command(frames)
        if self._flush_queue is not None and self._flush_queue.empty():
            await self._flush_pending()

    def _setup_nkeys_connect(self) -> None:
        assert self._nkeys_seed_str is not None
        key = UserKey.read(self._nkeys_seed_str)
        self._public_nkey, self._signature_cb = key.public, key.sign
