"""By which sealed numbers and names records are alike: their marks, without opening any."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, and_, cast, func, select

from services.gateway.picture import Picture
from services.shared.desk_tables import keys
from services.shared.marks import IDENTIFYING, Kind
from services.shared.tables import entries


async def marks_of(picture: Picture, things: Collection[UUID]) -> defaultdict[UUID, frozenset[int]]:
    """By which numbers and names each record may be found: of what identifies somebody or something, and of the single
    words of names.
    """
    mark = func.unnest(keys.c.marks).table_valued("mark", name="marked").render_derived()
    query = (
        select(entries.c.thing, func.array_agg(mark.c.mark.distinct()).label("marks"))
        .select_from(keys)
        .join(entries, and_(entries.c.operation == keys.c.operation, entries.c.key == keys.c.entry))
        .join(mark, (mark.c.mark.op(">>")(56)).in_([int(kind) for kind in (*IDENTIFYING, Kind.WORD)]))
        .where(picture.true_then(entries), entries.c.thing.in_(list(things)))
        .group_by(entries.c.thing)
    )
    found: defaultdict[UUID, frozenset[int]] = defaultdict(frozenset)
    for row in await picture.rows(query):
        found[row["thing"]] = frozenset(row["marks"])
    return found


async def things_marked(picture: Picture, marks: Collection[int]) -> list[UUID]:
    """The things with any of these marks, as far as the viewer sees an entry of theirs."""
    if not marks:
        return []
    query = (
        select(entries.c.thing)
        .select_from(keys)
        .join(entries, and_(entries.c.operation == keys.c.operation, entries.c.key == keys.c.entry))
        .where(
            keys.c.operation == picture.viewer.operation,
            keys.c.marks.op("&&")(cast(list(marks), ARRAY(BigInteger))),
            picture.true_then(entries),
        )
    )
    return [row["thing"] for row in await picture.rows(query.distinct())]
