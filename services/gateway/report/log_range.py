"""The hash of a range of the log: whoever may see the same entries can work it out again from the API."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import Text, cast, select
from sqlalchemy.dialects.postgresql import JSONB

from services.gateway.picture import Picture
from services.shared.tables import entries


@dataclass(frozen=True, slots=True)
class LogRange:
    """The entries on which a report rests."""

    entries: int
    first: UUID | None
    last: UUID | None
    begins: datetime | None
    ends: datetime | None
    sha256: str


async def log_range(picture: Picture) -> LogRange:
    """SHA-256 over a line for each entry that the viewer sees, oldest first: its id, a space, its digest."""
    columns = entries.c
    digest = cast(columns.body, JSONB)["digest"].astext.cast(Text)
    query = select(columns.key, columns.moment, digest.label("digest")).where(picture.true_then(entries))
    rows = await picture.rows(query.order_by(columns.since))
    added = sha256()
    for row in rows:
        added.update(f"{row['key']} {row['digest']}\n".encode())
    if not rows:
        return LogRange(0, None, None, None, None, added.hexdigest())
    first, last = rows[0], rows[-1]
    return LogRange(len(rows), first["key"], last["key"], first["moment"], last["moment"], added.hexdigest())
