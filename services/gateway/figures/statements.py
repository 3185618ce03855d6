"""What leads validated and released, and what is disputed: beside the counted number, never in its place."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from services.gateway.asked import Filtered
from services.gateway.figures.amounts import comparable, differ_by, number
from services.gateway.picture import Picture
from services.shared.tables import statements

_OF_A_PART = ("phase", "strand", "country")
"""A statement that names one of these is about that part of the operation alone."""


@dataclass
class Statements:
    """The statements of one metric that hold, newest first."""

    validated: list[dict[str, Any]] = field(default_factory=list)
    released: list[dict[str, Any]] = field(default_factory=list)
    disputed: list[dict[str, Any]] = field(default_factory=list)

    def told(self, counted: dict[str, Any], unit: str) -> dict[str, Any]:
        """As members of a figure. Each says by how much the counted number differs from it now."""
        validations = _latest(self.validated, "agency")
        released = _latest(self.released, "released_to", "agency")
        newest = {row["key"] for row in _latest(self.released, "released_to")}
        each = [_validation(row, released, counted, unit) for row in validations]
        same_unit = len({row["unit"] for row in validations}) < 2
        return {
            "validated": each[0] if each else None,
            "validations": each,
            "validations_differ_by": differ_by(row["quantity"] for row in validations) if same_unit else None,
            "released": [
                {
                    "released_to": row["released_to"],
                    **_statement(row, counted, unit),
                    "wording": row["remark"],
                    "validation": row["regards"],
                    "latest": row["key"] in newest,
                }
                for row in released
            ],
            "disputed": [
                {**_statement(row, counted, unit), "reason": row["remark"], "disputed": row["regards"]}
                for row in self.disputed
            ],
        }


async def statements_by_metric(
    picture: Picture, asked: Filtered, *, name: str | None = None
) -> defaultdict[str, Statements]:
    """What is stated of each metric, of just what is asked for: the whole, or one phase, strand or country."""
    found: defaultdict[str, Statements] = defaultdict(Statements)
    part = _part(asked)
    if part is None:
        return found
    conditions = [picture.true_then(statements)]
    if name is not None:
        conditions.append(statements.c.metric == name)
    if asked.at is not None:
        conditions.append(statements.c.occurred_at <= asked.at)
    for column, value in part.items():
        conditions.append(statements.c[column].is_not_distinct_from(value))
    query = select(statements).where(*conditions).order_by(statements.c.position.desc())
    for row in await picture.rows(query):
        getattr(found[row["metric"]], row["kind"]).append(row)
    return found


async def statements_by_part(
    picture: Picture, asked: Filtered, *, name: str, part: str
) -> defaultdict[str, Statements]:
    """What is stated of one metric for each phase, or each strand, or each country alone."""
    found: defaultdict[str, Statements] = defaultdict(Statements)
    if asked.is_narrowed or part not in _OF_A_PART:
        return found
    conditions = [picture.true_then(statements), statements.c.metric == name, statements.c[part].is_not(None)]
    if asked.at is not None:
        conditions.append(statements.c.occurred_at <= asked.at)
    conditions += [statements.c[other].is_(None) for other in _OF_A_PART if other != part]
    for row in await picture.rows(select(statements).where(*conditions).order_by(statements.c.position.desc())):
        getattr(found[row[part]], row["kind"]).append(row)
    return found


def _part(asked: Filtered) -> dict[str, str | None] | None:
    """The part of the operation that is asked for; None where no statement can be about it."""
    stated = {name: getattr(asked, name) for name in _OF_A_PART}
    if any(len(values) > 1 for values in stated.values()):
        return None
    if asked.model_copy(update={name: [] for name in _OF_A_PART}).is_narrowed:
        return None
    return {name: values[0] if values else None for name, values in stated.items()}


def _latest(rows: list[dict[str, Any]], *columns: str) -> list[dict[str, Any]]:
    seen: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        seen.setdefault(tuple(row[column] for column in columns), row)
    return list(seen.values())


def _validation(
    row: dict[str, Any], released: list[dict[str, Any]], counted: dict[str, Any], unit: str
) -> dict[str, Any]:
    publics = sorted(release["released_to"] for release in released if release["regards"] == row["key"])
    return {**_statement(row, counted, unit), "note": row["remark"], "released_to": publics}


def _statement(row: dict[str, Any], counted: dict[str, Any], unit: str) -> dict[str, Any]:
    value, now = row["quantity"], counted["value"]
    known = value is not None and now is not None and comparable(row["unit"], unit)
    return {
        "value": number(value),
        "qualifier": row["qualifier"],
        "unit": row["unit"],
        "agency": row["agency"],
        "entry": row["key"],
        "as_of": row["as_of"],
        "recorded_at": row["recorded_at"],
        "difference": number(Decimal(now) - value) if known else None,
    }
