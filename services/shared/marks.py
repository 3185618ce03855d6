"""Marks: keyed digests of numbers and names, by which sealed records are found without being opened.

A mark stands beside the key of its block and is erased with it. It is made under the deployment's secret and for one
operation: whoever holds the database alone can neither make one nor compare two operations.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from enum import IntEnum
from hashlib import blake2b
from typing import Any, NamedTuple

from schemas.codes import EU_MEMBER_STATES
from services.shared.names import skeleton, words

NAMES = ("names", "transliterations", "aliases")
"""The members of a person that hold names."""
FULL_DATE = 10
"""How long a date is that names year, month and day."""
_NESTED = (list, dict)
_NO_SIGNS = re.compile(r"[^0-9A-Z]")
_MRZ_LINES = {30: (0, slice(5, 14)), 36: (1, slice(0, 9)), 44: (1, slice(0, 9))}
"""By the length of a line (ICAO 9303): in which line the document's number stands, and where."""


_VAT_WITH_LETTERS = {
    "AT": r"U\d{8}",
    "CY": r"\d{8}[A-Z]",
    "ES": r"[A-Z\d]\d{7}[A-Z\d]",
    "FR": r"[A-Z\d]{2}\d{9}",
    "IE": r"\d[A-Z\d]\d{5}[A-Z]{1,2}",
    "NL": r"\d{9}B\d{2}",
}
"""VAT numbers that are not of digits alone, as the VIES of the European Commission describes them."""


class Kind(IntEnum):
    """What a mark is made of. It is the mark's first byte, so numbers can be told from names without opening any."""

    DOCUMENT = 1
    PLATE = 2
    VIN = 3
    PHONE = 4
    PERSON = 5
    REGISTRATION = 6
    WORD = 16


IDENTIFYING = (Kind.DOCUMENT, Kind.PLATE, Kind.VIN, Kind.PHONE, Kind.PERSON, Kind.REGISTRATION)
"""What says that two records may be about the same; a word of a name alone does not."""


class Feature(NamedTuple):
    """A number or a name in one form, and as it was written."""

    kind: Kind
    value: str
    written: str


class Marks:
    """Makes marks under a key of their own."""

    def __init__(self, key: bytes) -> None:
        self._keyed = blake2b(key=key, digest_size=7)
        self._begun: dict[tuple[str, Kind], blake2b] = {}

    def of(self, members: Mapping[str, Any], *, operation: str) -> frozenset[int]:
        """The marks of what a sealed block holds."""
        return frozenset([self.mark(kind, value, operation=operation) for kind, value, _ in features(members)])

    def mark(self, kind: Kind, value: str, *, operation: str) -> int:
        """A positive number of 63 bits: seven bits of kind, 56 of digest."""
        begun = self._begun.get((operation, kind))
        if begun is None:
            # What is the same in all marks of a kind is hashed once.
            begun = self._begun[operation, kind] = self._keyed.copy()
            begun.update(f"{operation}\n{int(kind)}\n".encode())
        digest = begun.copy()
        digest.update(value.encode())
        return kind << 56 | int.from_bytes(digest.digest(), "big")


def features(members: Any) -> list[Feature]:
    """Every number and name in the members of a block, at any depth."""
    found: list[Feature] = []
    _gather(members, found)
    return found


def _gather(members: Any, found: list[Feature]) -> None:
    if isinstance(members, list):
        for item in members:
            _gather(item, found)
    elif isinstance(members, dict):
        found.extend(_numbers(members))
        if not members.keys().isdisjoint(NAMES):
            found.extend(_persons(members))
        for name, value in members.items():
            if isinstance(value, _NESTED) and name not in NAMES:
                _gather(value, found)


def document(number: str) -> str:
    """A document's number as one writes it without spaces and signs."""
    composed = number if number.isascii() else unicodedata.normalize("NFKC", number)
    return _NO_SIGNS.sub("", composed.upper())


def registration(number: str) -> str:
    """A number of a register without signs, without the country that leads a VAT number, without leading zeros.

    Spreadsheets take the zeros away. The prefixes are those of Council Directive 2006/112/EC Art. 215.
    """
    bare = document(number)
    bare = bare.removeprefix(vat_prefix(bare) or "")
    return bare.lstrip("0") if bare.isdecimal() else bare


def vat_prefix(number: str) -> str | None:
    """The letters for a Member State that lead the number, where a VAT number of it follows; EL is Greece."""
    prefix, rest = number[:2], number[2:]
    if prefix not in EU_MEMBER_STATES and prefix != "EL":
        return None
    return prefix if re.fullmatch(_VAT_WITH_LETTERS.get(prefix, r"\d+"), rest) or rest.isdecimal() else None


def phone(number: str) -> str:
    """The digits of a number, without what is dialled before a country's code."""
    return re.sub(r"^00", "", re.sub(r"\D", "", unicodedata.normalize("NFKC", number)))


def person(name_words: list[str], birth_date: str) -> str:
    """A name with a full date of birth, whatever the order and spelling of its words."""
    return " ".join([*sorted({skeleton(word) for word in name_words}), birth_date])


def full_name(name: Mapping[str, Any]) -> str:
    """The parts of one name, as one text."""
    return " ".join([str(name[part]) for part in ("given", "family", "full") if name.get(part)])


_NUMBERED: tuple[tuple[str, Kind, Callable[[str], str]], ...] = (
    ("number", Kind.DOCUMENT, document),
    ("plate", Kind.PLATE, document),
    ("vin", Kind.VIN, document),
    ("phone", Kind.PHONE, phone),
    ("registration_number", Kind.REGISTRATION, registration),
)
"""Members that hold a number, and how it is brought into one form."""


def _numbers(members: Mapping[str, Any]) -> Iterator[Feature]:
    for name, kind, one_form in _NUMBERED:
        written = members.get(name)
        if isinstance(written, str) and (value := one_form(written)):
            yield Feature(kind, value, written)
    for written in members.get("phones") or ():
        if isinstance(written, str) and (value := phone(written)):
            yield Feature(Kind.PHONE, value, written)
    lines = members.get("mrz") or []
    if lines and len(lines[0]) in _MRZ_LINES:
        line, place = _MRZ_LINES[len(lines[0])]
        number = document(lines[line][place]) if line < len(lines) else ""
        if number:
            yield Feature(Kind.DOCUMENT, number, number)


def _persons(members: Mapping[str, Any]) -> Iterator[Feature]:
    born = members.get("birth_date")
    for member in NAMES:
        for name in members.get(member) or ():
            written = full_name(name)
            name_words = words(written)
            for word in name_words:
                yield Feature(Kind.WORD, skeleton(word), written)
            if len(name_words) > 1 and isinstance(born, str) and len(born) == FULL_DATE:
                yield Feature(Kind.PERSON, person(name_words, born), written)
