"""Combining: that records are told to name the same person or object is in the ledger before the answer leaves.

Such an answer repeats no name and no number, and yet says of each record what only the others made known.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, and_, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB

from services.gateway.disclosing import lines
from services.gateway.picture import Picture
from services.shared.desk_tables import keys
from services.shared.tables import entries


async def write_combined(picture: Picture, marks: Collection[int], things: Collection[UUID]) -> None:
    """Writes which entries of these things bear any of these marks. Raises LedgerUnavailable, or PictureBehind while
    it is not known of each whether its person was erased.
    """
    if not marks:
        return
    await picture.swept(picture.viewer.operation)
    behalf = cast(entries.c.body, JSONB)["report"]["data"]["on_behalf_of"].astext
    query = (
        select(func.coalesce(behalf, entries.c.agency).label("originator"), entries.c.key)
        .select_from(entries)
        .join(keys, and_(keys.c.operation == entries.c.operation, keys.c.entry == entries.c.key))
        .where(
            picture.true_then(entries),
            entries.c.thing.in_(list(things)),
            keys.c.marks.op("&&")(cast(list(marks), ARRAY(BigInteger))),
        )
        .distinct()
    )
    given = [(row["originator"], row["key"]) for row in await picture.rows(query)]
    await picture.ledger.write(lines(picture.viewer, "combination", given, upto=picture.moment.position))
