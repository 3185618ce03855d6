"""The status page: how each projection of this process stands, for people."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

_COLUMNS = {
    "position": "Position",
    "behind": "Behind",
    "stalled_seconds": "Stalled, s",
    "entries_per_second": "Entries/s, last minute",
    "entries": "Applied",
    "parked": "Parked",
    "falls": "Falls",
}


def as_page(by_operation: Mapping[str, Mapping[str, Any]], reasons: Sequence[str]) -> str:
    rows = "".join(_row(operation, told) for operation, told in by_operation.items())
    state = "; ".join(reasons) or "All is well."
    head = "".join(f"<th>{escape(title)}" for title in ("Operation", *_COLUMNS.values(), "Last error"))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Projector</title>'
        '<meta http-equiv="refresh" content="5"><style>body{font:1rem sans-serif;margin:2rem}'
        "td,th{padding:.3rem 1rem;text-align:right}td:first-child,th:first-child{text-align:left}</style></head>"
        f"<body><h1>Projector</h1><p>{escape(state)}</p><table><tr>{head}</tr>{rows}</table></body></html>\n"
    )


def _row(operation: str, told: Mapping[str, Any]) -> str:
    error = "" if told["last_error"] is None else f"{told['last_error']}, {told['last_error_seconds_ago']} s ago"
    cells = (operation, *("unknown" if told[name] is None else told[name] for name in _COLUMNS), error)
    return "<tr>" + "".join(f"<td>{escape(str(cell))}" for cell in cells) + "</tr>"
