"""How two dates of birth stand to each other, each known as far as it is."""

from collections.abc import Sequence
from typing import Literal

Level = Literal["same_day", "swapped", "one_digit", "same_month", "same_year", "other_day", "year_near", "other"]
LEVELS: tuple[Level, ...] = (
    "same_day", "swapped", "one_digit", "same_month", "same_year", "other_day", "year_near", "other",
)  # fmt: skip
"""From the most to the least that speaks for one person."""
_FULL = 10


def compare(ones: Sequence[str], others: Sequence[str]) -> Level | None:
    """The level of the best pair; None where a side has no date."""
    levels = [_compare(_known(one), _known(other)) for one in ones for other in others]
    return min(levels, key=LEVELS.index, default=None)


def _known(born: str) -> str:
    # The first of January is written where only the year is known.
    return born[:4] if born.endswith("-01-01") else born


def _compare(one: str, other: str) -> Level:
    length = min(len(one), len(other))
    if one[:length] == other[:length]:
        return "same_day" if length == _FULL else "same_month" if length > len("1961") else "same_year"
    if length == _FULL:
        if one[:4] == other[:4] and one[5:7] == other[8:] and one[8:] == other[5:7]:
            return "swapped"
        if sum(here != there for here, there in zip(one, other, strict=True)) == 1:
            return "one_digit"
    if one[:4] == other[:4]:
        return "other_day"
    return "year_near" if abs(int(one[:4]) - int(other[:4])) <= 1 else "other"
