"""The connection to the NATS server: kept alive, watched, and honest about its health."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from nats.aio.client import DEFAULT_INBOX_PREFIX
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from services.shared.ending import end
from services.shared.inbox import NOT_SENT, Inbox, NotSent, Unanswered
from services.shared.nats_rights import inbox
from services.shared.refusals import LogRefused, LogUnavailable
from services.shared.signing_client import SigningClient

log = logging.getLogger(__name__)

BEAT_SECONDS = 2.0
RECONNECT_SECONDS = 0.1
OLDEST_SERVER = (2, 12)  # before it, the guards by expected sequence had holes

Receive = Callable[[Msg], Awaitable[None]]
Stop = Callable[[], Awaitable[None]]


class Connection:
    """One client and its inbox. `healthy` says whether the server answers; `reason` says why not."""

    def __init__(self, url: str, *, name: str, seed: str | None = None) -> None:
        self.inbox = Inbox()
        self.epoch = 0  # grows with every new connection: what was asked of the one before is lost
        self._servers = url.split(",")
        self._name = name
        self._seed = seed
        self._client = SigningClient()
        self._up = asyncio.Event()
        self.told: set[asyncio.Event] = set()  # are set when the connection is a new one, or closed
        self._fault: str | None = "not connected"
        self.is_closed = False
        self._listeners: dict[int, tuple[str, str, Receive, Subscription]] = {}
        self._last_listener = 0
        self._watchdog: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, url: str, *, name: str, patience: float, seed: str | None = None) -> "Connection":
        """A connection, once the server answers. Raises LogUnavailable after `patience` seconds.

        The name is that of the server's user, where it has users: it says in which inbox the answers arrive.
        """
        connection = cls(url, name=name, seed=seed)
        try:
            await connection._connect(within=patience)
        except BaseException:
            await connection.close()
            raise
        connection._watchdog = asyncio.create_task(connection._watch(), name="log watchdog")
        return connection

    @property
    def healthy(self) -> bool:
        return self.reason is None

    @property
    def reason(self) -> str | None:
        """Why the connection is not healthy; None when it is."""
        if self._fault is not None:
            return self._fault
        if self._watchdog is None or self._watchdog.done():
            return "nobody watches the connection"
        return None if self._client.is_connected else "not connected"

    async def up(self, *, within: float) -> bool:
        """Wait for the connection to be there."""
        if self._up.is_set() and self._client.is_connected:
            return True
        try:
            await asyncio.wait_for(self._up.wait(), within)
        except TimeoutError:
            return False
        return self._client.is_connected

    async def publish(
        self, subject: str, payload: bytes, *, headers: dict[str, str] | None = None, reply: str = ""
    ) -> None:
        """Send and expect no answer. Raises NotSent."""
        try:
            await self._client.publish(subject, payload, reply=reply, headers=headers)
        except NOT_SENT as error:
            raise NotSent(type(error).__name__) from error

    async def publish_framed(self, frames: bytes) -> None:
        """Send messages that are framed already. Raises NotSent."""
        try:
            await self._client.publish_framed(frames)
        except NOT_SENT as error:
            raise NotSent(type(error).__name__) from error

    def new_inbox(self) -> str:
        return self._client.new_inbox()

    async def listen(self, subject: str, receive: Receive, *, queue: str = "") -> Stop:
        """Give `receive` every message on the subject, over reconnects too, until the answer is called.

        Of those who listen in the same queue, one gets each message.
        """
        try:
            subscription = await self._client.subscribe(subject, queue=queue, cb=receive)
        except NOT_SENT as error:
            raise NotSent(type(error).__name__) from error
        self._last_listener += 1
        number = self._last_listener
        self._listeners[number] = (subject, queue, receive, subscription)

        async def stop() -> None:
            listener = self._listeners.pop(number, None)
            if listener is not None and not self._client.is_closed:
                await listener[3].unsubscribe()

        return stop

    async def close(self) -> None:
        self.is_closed = True
        if self._watchdog is not None:
            await end([self._watchdog])
        self.inbox.close()
        self._up.clear()
        self._fault = "closed"
        self._tell()
        if not self._client.is_closed:
            await self._client.close()

    async def _connect(self, *, within: float) -> None:
        client = SigningClient()
        self._client = client
        try:
            await asyncio.wait_for(
                client.connect(
                    self._servers,
                    name=self._name,
                    inbox_prefix=inbox(self._name) if self._seed is not None else DEFAULT_INBOX_PREFIX,
                    nkeys_seed_str=self._seed,
                    error_cb=self._on_error,
                    disconnected_cb=self._on_disconnected,
                    reconnected_cb=self._on_reconnected,
                    closed_cb=self._on_closed,
                    connect_timeout=2,
                    reconnect_time_wait=RECONNECT_SECONDS,  # type: ignore[arg-type]  # it only ever sleeps so long
                    max_reconnect_attempts=-1,
                    ping_interval=10,
                ),
                within,
            )
        except TimeoutError:
            await client.close()
            raise LogUnavailable(
                "no NATS server at VCP_NATS_URL lets us in: is it running, and does it know VCP_NATS_SEED_FILE?"
            ) from None
        version = client.connected_server_version
        if (version.major, version.minor) < OLDEST_SERVER:
            raise LogRefused(f"NATS server {version.major}.{version.minor} is too old, 2.12 or later is needed")
        await self.inbox.attach(client)
        for number, (subject, queue, receive, _) in list(self._listeners.items()):
            again = await client.subscribe(subject, queue=queue, cb=receive)
            self._listeners[number] = (subject, queue, receive, again)
        self._came_up()

    def _came_up(self) -> None:
        self.epoch += 1
        self._fault = None
        self._up.set()
        self._tell()

    def _tell(self) -> None:
        for event in self.told:
            event.set()

    async def _on_reconnected(self) -> None:
        self._came_up()
        log.info("connected to the log again")

    async def _on_disconnected(self) -> None:
        self._up.clear()
        self.inbox.lose()
        if not self.is_closed:
            self._fault = "not connected"
            log.warning("connection to the log lost")

    async def _on_closed(self) -> None:
        self._up.clear()
        self.inbox.lose()

    async def _on_error(self, error: Exception) -> None:
        # While nats-py tries to reconnect, every failed try comes here; the loss itself was told already.
        if self._client.is_connected:
            self._fault = f"error on the connection: {type(error).__name__}"
            log.warning("error on the connection to the log", extra={"error": type(error).__name__})

    async def _watch(self) -> None:
        """`is_connected` is no proof of life: nats-py's read task can die without a word."""
        silent = 0
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            try:
                if self._client.is_closed:
                    await self._connect(within=BEAT_SECONDS)
                elif self._client.is_connected:
                    await self.inbox.echo(within=BEAT_SECONDS)
                    silent = 0
                    await self.inbox.ask("$JS.API.INFO", within=BEAT_SECONDS)
                    self._fault = None
            except (Unanswered, NotSent):
                silent += 1
                self._fault = "the server does not answer"
                if silent >= 2:
                    await self._client.force_reconnect()
            except (LogUnavailable, LogRefused) as refused:
                self._fault = str(refused)
