"""Amounts: sums of contributions in one unit, and the qualifier that a sum has."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from schemas import codes


@dataclass(slots=True)
class Stated:
    """What was stated with one qualifier: how much, and by how many contributions."""

    total: Decimal = Decimal()
    lines: int = 0


@dataclass(slots=True)
class Sum:
    """What was added up of one metric in one unit."""

    unit: str
    by_qualifier: dict[str, Stated] = field(default_factory=dict)
    not_stated: int = 0

    def add(self, row: dict[str, Any], *, sign: int = 1) -> None:
        """Contributions that were added up already: `total` of `stated` lines, and `not_stated` lines."""
        lines, total = row["stated"], row["total"]
        self.not_stated += sign * row["not_stated"]
        if lines:  # less than none where something is taken out
            # There are very many of these, and to multiply decimals takes longer than to add them.
            self.take(row["qualifier"], lines if sign > 0 else -lines, total if sign > 0 else -total)

    def take(self, qualifier: str, lines: int, total: Decimal) -> None:
        found = self.by_qualifier.get(qualifier)
        if found is None:
            self.by_qualifier[qualifier] = Stated(total, lines)
        else:
            found.lines += lines
            found.total += total

    @property
    def qualifiers(self) -> set[str]:
        return {qualifier for qualifier, stated in self.by_qualifier.items() if stated.lines}

    @property
    def total(self) -> Decimal:
        return sum((stated.total for stated in self.by_qualifier.values()), Decimal())

    @property
    def is_stated(self) -> bool:
        return any(stated.lines for stated in self.by_qualifier.values())

    @property
    def is_empty(self) -> bool:
        return not self.not_stated and not self.is_stated

    def quantity(self) -> dict[str, Any]:
        """Value and qualifier by the rules for mixed ones; no value when nothing was stated."""
        qualifiers = self.qualifiers
        if not qualifiers:
            return {"value": None, "qualifier": "not_stated"} if self.not_stated else {"value": 0, "qualifier": "exact"}
        qualifier = mixed(qualifiers)
        if self.not_stated and qualifier != "about":
            qualifier = "about" if qualifier in ("under", "almost") else "over"
        return {"value": number(self.total), "qualifier": qualifier}


@dataclass(slots=True)
class Sums:
    """What was added up of one metric, unit by unit: kilograms and tablets are never added."""

    by_unit: dict[str, Sum] = field(default_factory=dict)

    def add(self, row: dict[str, Any], *, sign: int = 1) -> None:
        unit = row["unit"]
        found = self.by_unit.get(unit)
        if found is None:
            found = self.by_unit[unit] = Sum(unit)
        found.add(row, sign=sign)

    def add_all(self, other: "Sums") -> None:
        for unit, found in other.by_unit.items():
            mine = self.by_unit.setdefault(unit, Sum(unit))
            mine.not_stated += found.not_stated
            for qualifier, stated in found.by_qualifier.items():
                mine.take(qualifier, stated.lines, stated.total)

    @property
    def total(self) -> Decimal:
        """All that was stated, whatever its unit: for what is counted in one."""
        return sum((one.total for one in self.by_unit.values()), Decimal())

    @property
    def not_stated(self) -> int:
        return sum(one.not_stated for one in self.by_unit.values())

    @property
    def is_empty(self) -> bool:
        return all(one.is_empty for one in self.by_unit.values())

    def in_one_unit(self, unit: str) -> Sum | None:
        """The total, which there is within one unit only; `unit` is the metric's own. None where units differ."""
        stated = [one for one in self.by_unit.values() if one.is_stated]
        if len(stated) > 1:
            return None
        total = stated[0] if stated else Sum(unit)
        return total if len(self.by_unit) == 1 and stated else Sum(total.unit, total.by_qualifier, self.not_stated)

    def quantity(self, unit: str) -> dict[str, Any]:
        total = self.in_one_unit(unit)
        return total.quantity() if total else {"value": None, "qualifier": "not_stated"}


def mixed(qualifiers: set[str]) -> str:
    """The qualifier of a sum: kept when all are alike; otherwise over, under, or about for both sorts."""
    if len(qualifiers) == 1:
        return next(iter(qualifiers))
    if "about" in qualifiers:
        return "about"
    above, below = qualifiers & {"over", "at_least"}, qualifiers & {"almost", "under"}
    if above and below:
        return "about"
    return "over" if above else "under"


def number(value: Decimal | None) -> int | Decimal | None:
    """A whole number where it is one."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else value.normalize()


def comparable(unit: str | None, with_unit: str) -> bool:
    """Whether two numbers may be set against each other: in one unit, or pieces of what is counted one by one."""
    return unit == with_unit or (unit == "C62" and with_unit not in codes.UNITS and with_unit not in codes.CURRENCIES)


def differ_by(values: Iterable[Decimal | None]) -> int | Decimal | None:
    """By how much the largest and the smallest differ; None where they do not, or one is not stated."""
    known = list(values)
    if len(known) < 2 or None in known:
        return None
    stated = [value for value in known if value is not None]
    return number(max(stated) - min(stated)) or None
