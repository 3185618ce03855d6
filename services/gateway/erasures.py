"""Erasures: when and on which ground what is missing in an entry was erased, also where the past is shown."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select

from schemas.events.person import PersonErased
from services.gateway.picture import Picture
from services.shared.tables import entries

_CARRYING = "corrected"
"""The member in which a correction holds the record anew: what erased the record erased it as well."""


async def tell_erasures(read: Iterable[dict[str, Any]], picture: Picture) -> None:
    """Puts `erasures` beside `erased` in each entry that lacks something; the latest comes last."""
    lacking = [entry for entry in read if "erased" in entry]
    if not lacking:
        return
    columns = entries.c
    # Whenever it was erased: rights are of now, and whoever looks back is told why there is nothing.
    query = select(columns.body).where(
        columns.operation == picture.viewer.operation,
        columns.thing.in_({UUID(entry["thing"]) for entry in lacking}),
        columns.type == PersonErased.type,
    )
    erased: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in await picture.rows(query.order_by(columns.since)):
        erasure = msgspec.json.decode(row["body"])
        data = erasure["report"]["data"]
        told = {"entry": erasure["entry"], "recorded_at": erasure["recorded_at"], "ground": data["ground"]}
        erased[data["target"]].append(told)
    for entry in lacking:
        data = entry["report"]["data"]
        entry["erasures"] = erased[entry["entry"]] or (erased[data["target"]] if _CARRYING in data else [])
