"""What the report rests on: how many entries, from when to when, and one hash over them all."""

from typing import Any

from sqlalchemy import Text, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from services.gateway.picture import Picture
from services.shared.tables import entries


async def log_range(picture: Picture) -> dict[str, Any]:
    """SHA-256 over a line for each entry that the viewer sees, `<entry> <digest>` and a line feed, in the log's order.

    Whoever sees the same entries as of the same moment can work it out again from `GET .../events`.
    """
    columns = entries.c
    digest = cast(columns.body, JSONB)["digest"].astext
    line = func.concat(cast(columns.key, Text), " ", digest, literal_column("E'\\n'"))
    in_order = func.string_agg(line, aggregate_order_by(literal_column("''"), columns.since))
    recorded = cast(columns.body, JSONB)["recorded_at"].astext
    query = select(
        func.count().label("entries"),
        func.min(recorded).label("first"),
        func.max(recorded).label("last"),
        func.encode(func.sha256(func.convert_to(func.coalesce(in_order, ""), "UTF8")), "hex").label("sha256"),
    ).where(picture.true_then(entries))
    if picture.moment.at is not None:
        query = query.where(columns.occurred_at <= picture.moment.at)
    (found,) = await picture.rows(query)
    return found
