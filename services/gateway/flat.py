"""Rows as flat cells, for files that know only columns."""

from decimal import Decimal
from typing import Any

import msgspec

_encode = msgspec.json.Encoder(decimal_format="number").encode

Cell = str | int | Decimal | bool | None


def flat(row: dict[str, Any], *, below: str = "") -> dict[str, Cell]:
    """Members of members get dotted names; lists of words are joined, other lists are JSON."""
    cells: dict[str, Cell] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            cells |= flat(value, below=f"{below}{name}.")
        elif isinstance(value, list):
            words = all(isinstance(one, str) for one in value)
            cells[below + name] = "; ".join(value) if words else _encode(value).decode()
        else:
            cells[below + name] = value
    return cells
