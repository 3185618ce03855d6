"""The machine readable zone of a travel document (ICAO Doc 9303): its check digits, and when its holder was born."""

import re
from collections.abc import Sequence
from datetime import date

_WEIGHTS = (7, 3, 1)
_BORN = {(3, 30): 0, (2, 36): 13, (2, 44): 13}
"""By number and length of the lines: where in the second one the date of birth stands, with its check digit behind."""
_DATE = re.compile(r"(\d\d)(\d\d|<<)(\d\d|<<)")


def check_digit(characters: str) -> str:
    """The check digit of ICAO 9303: weights 7, 3, 1, and letters from 10 on."""
    values = (0 if one == "<" else int(one, 36) for one in characters)
    return str(sum(value * _WEIGHTS[place % 3] for place, value in enumerate(values)) % 10)


def birth_date(lines: Sequence[str], *, day: date) -> str | None:
    """The date of birth as far as it is said: 1961, 1961-05 or 1961-05-17; of two centuries the latest up to `day`.

    None where there is none, or its check digit fails: a date that was misread makes nobody older or younger.
    """
    place = _BORN.get((len(lines), len(lines[0]) if lines else 0))
    if place is None or len(lines[1]) != len(lines[0]):
        return None
    said = lines[1][place : place + 6]
    read = _DATE.fullmatch(said)
    if read is None or lines[1][place + 6] != check_digit(said):
        return None
    year, *rest = read.groups()
    known = [one for one in rest if one != "<<"] if rest[0] != "<<" else []
    born = "-".join([f"{day.year // 100:02}{year}", *known])
    if born > day.isoformat():
        born = f"{day.year // 100 - 1:02}{born[2:]}"
    return born if _is_date(born) else None


def _is_date(born: str) -> bool:
    try:
        date.fromisoformat(f"{born}-01-01"[: len("1961-05-17")])
    except ValueError:
        return False
    return True
