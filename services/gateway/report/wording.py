"""Numbers, times and codes as a report says them."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

_QUALIFIERS = {"about": "about ", "over": "over ", "at_least": "at least ", "almost": "almost ", "under": "under "}
_NOTHING = "–"


def amount(of: dict[str, Any] | None) -> str:
    """A quantity that nobody stated is said so, and is never zero."""
    if of is None:
        return _NOTHING
    if of["value"] is None:
        return "not told" if of["qualifier"] == "withheld" else "not stated"
    return _QUALIFIERS.get(of["qualifier"], "") + number(of["value"])


def credit(of: list[dict[str, Any]]) -> str:
    """Who reported how much; those that stated no quantity are named together at the end."""
    silent = [one["agency"] for one in of if one["value"] is None]
    told = [f"{one['agency']} {amount(one)}" for one in of if one["value"] is not None]
    if silent:
        told.append(f"without a quantity: {', '.join(silent)}")
    return ", ".join(told) or _NOTHING


def number(value: Decimal | int | float | None) -> str:
    if value is None:
        return _NOTHING
    written = f"{value:,f}" if isinstance(value, Decimal) else format(value, ",")
    return written.rstrip("0").rstrip(".") if "." in written else written


def signed(value: Decimal | int | float | None) -> str:
    """A difference; none is said as such."""
    if value is None:
        return _NOTHING
    if value == 0:
        return "0"
    return f"+{number(value)}" if value > 0 else f"−{number(-value)}"


def words(code: str | None) -> str:
    return _NOTHING if code is None else code.replace("_", " ")


def duration(seconds: int | None) -> str:
    if seconds is None:
        return _NOTHING
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} min"
    hours = round(minutes / 60)
    return f"{hours} h" if hours < 48 else f"{hours // 24} days"


def clock(zone: str) -> Callable[[datetime | None], str]:
    """Times in the operation's own zone: 24 Jun 2022 12:00."""
    there = ZoneInfo(zone)

    def told(time: datetime | str | None) -> str:
        if time is None:
            return _NOTHING
        parsed = datetime.fromisoformat(time) if isinstance(time, str) else time
        return parsed.astimezone(there).strftime("%d %b %Y %H:%M")

    return told


def exact(time: datetime | None) -> str:
    """For records: 2022-06-24T10:00:00Z."""
    return _NOTHING if time is None else time.isoformat().replace("+00:00", "Z")
