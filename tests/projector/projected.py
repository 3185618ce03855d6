"""What the projections make of a written log's one thing, without a database."""

from typing import Any
from uuid import UUID

import msgspec

from services.projector import projection
from services.projector.projection import Row
from services.shared.thing import Thing
from tests.projector.random_log import WrittenLog


def rows(log: WrittenLog, table: str) -> list[Row]:
    """The rows of the log's one thing."""
    return [row for row in projection.rows(Thing(tuple(log.lines()))).values() if row.table == table]


def figures(log: WrittenLog) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in rows(log, "facts"):
        quantity = row.values["quantity"]
        metric = row.values["metric"]
        found[metric] = quantity if metric not in found else found[metric] + quantity
    return found


def moved_by(log: WrittenLog) -> dict[str, UUID]:
    return {row.values["metric"]: row.values["entry"] for row in rows(log, "facts")}


def thing(log: WrittenLog) -> dict[str, Any]:
    [row] = rows(log, "things")
    return {**row.values, "detail": msgspec.json.decode(row.values["detail"])}
