"""Records to append to a log, and the log read as a follower reads it."""

from contextlib import aclosing
from uuid import uuid4

from services.shared.bus import Log, Record, Stored
from services.shared.embedded_nats import EmbeddedNats
from services.shared.settings import Settings

SMALL = 16 * 2**20
TYPE = "arrest.made.v1"


def settings_of(server: EmbeddedNats, **others: object) -> Settings:
    return Settings.model_validate({"nats_url": server.url, "log_bytes": SMALL, **others})


def opening(body: bytes | None = None) -> Record:
    entry = str(uuid4())
    return Record(entry, entry, "BA", TYPE, body or b'{"entry":"%s"}' % entry.encode(), 0)


def command(thing: str, *, expected: int) -> Record:
    return Record(thing, str(uuid4()), "BA", "arrest.updated.v1", b"{}", expected)


async def first(log: Log, operation: str, count: int, *, after: int = 0, most: int = 2000) -> list[Stored]:
    """So many entries, as a follower sees them."""
    seen: list[Stored] = []
    async with aclosing(log.follow(operation, after=after, most=most)) as batches:
        async for batch in batches:
            seen += batch
            if len(seen) >= count:
                break
    return seen
