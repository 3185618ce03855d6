"""Numbers that identify: documents with their MRZ, vehicles, telephones, organisations, each in one form."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from schemas.mrz import check_digit
from services.shared.marks import Kind, document, phone, registration, vat_prefix

LONGEST = 64
"""Longer than any number there is; what is longer identifies nothing."""
_LEI = "LEI"
"""The register of an LEI, which is the world's (ISO 17442)."""
_LEI_LENGTH = 20
_OF_A_COURT = re.compile(r"^(HRA|HRB|GNR|GSR|PR|VR)[0-9]")
"""German registers are kept by courts, and each gives out the same numbers."""


class Number(NamedTuple):
    """One number, and whose: the issuer of a document, the country of a plate or of a register."""

    kind: Kind
    value: str
    country: str | None = None


class Zone(NamedTuple):
    """What a machine readable zone says (ICAO 9303)."""

    number: str
    sound: bool
    """Whether the number's check digit holds. A misread digit is noted and never a reason to look away."""
    names: tuple[str, ...]


def numbers_in(block: Mapping[str, Any], *, reported_by: str | None = None) -> Iterator[Number]:
    """The numbers that a block itself holds. A telephone without prefix is read as one of the reporting country."""
    issuer = block.get("issuer")
    if number := _one_form(block.get("number")):
        yield Number(Kind.DOCUMENT, number, issuer)
    if (read := zone(block.get("mrz") or [])) is not None and read.number:
        yield Number(Kind.DOCUMENT, read.number, issuer)
    if plate := _one_form(block.get("plate")):
        yield Number(Kind.PLATE, plate, block.get("plate_country"))
    if vin := _one_form(block.get("vin")):
        yield Number(Kind.VIN, vin)
    for written in [*(block.get("phones") or []), block.get("phone")]:
        if isinstance(written, str) and (dialled := telephone(written, country=reported_by)):
            yield Number(Kind.PHONE, dialled)
    yield from _registrations(block)


def register_of(said: Mapping[str, Any]) -> str | None:
    """The country of a registration: as it is said, else as a VAT number tells; None for an LEI, which has none."""
    number = _one_form(said.get("registration_number"))
    if _is_lei(number):
        return None
    prefix = vat_prefix(number)
    country: str | None = said.get("country") or ("GR" if prefix == "EL" else prefix)
    return country


def _registrations(block: Mapping[str, Any]) -> Iterator[Number]:
    for said in block.get("registrations") or []:
        if number := _one_form(said.get("registration_number")):
            country = _LEI if _is_lei(number) else None if _OF_A_COURT.match(number) else register_of(said)
            yield Number(Kind.REGISTRATION, registration(number), country)


def _is_lei(number: str) -> bool:
    """Whether the last two of twenty characters are its check digits (ISO 17442, by ISO/IEC 7064 MOD 97-10)."""
    is_long_enough = len(number) == _LEI_LENGTH and number[-2:].isdecimal()
    return is_long_enough and int("".join(str(int(one, 36)) for one in number)) % 97 == 1


def telephone(written: str, *, country: str | None = None) -> str:
    """The digits of a number in E.164, or those that there are where it cannot be read."""
    digits = phone(written[:LONGEST])
    written = "+" + digits if written.strip().startswith("00") else written[:LONGEST]
    try:
        read = phonenumbers.parse(written, country)
    except NumberParseException:
        return digits
    return phonenumbers.format_number(read, PhoneNumberFormat.E164).removeprefix("+")


def zone(lines: Sequence[str]) -> Zone | None:
    """The lines of a machine readable zone; None where they are none of its three forms."""
    shape = (len(lines), len(lines[0]) if lines else 0)
    if any(len(line) != shape[1] for line in lines):
        return None
    match shape:
        case (3, 30):
            return _zone(lines[0][5:14], lines[0][14], lines[2])
        case (2, 36) | (2, 44):
            return _zone(lines[1][0:9], lines[1][9], lines[0][5:])
    return None


def vin_is_sound(vin: str) -> bool:
    """Whether the check digit in the ninth place holds. Not mandatory in Europe: a hint, no verdict."""
    letters = dict(
        zip("ABCDEFGHJKLMNPRSTUVWXYZ", (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, *range(2, 10)), strict=True)
    )
    places = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    if len(vin) != len(places) or not set(vin) <= {*letters, *"0123456789"}:
        return False
    total = sum(
        place * letters.get(one, 0) if one in letters else place * int(one)
        for one, place in zip(vin, places, strict=True)
    )
    return vin[8] == ("X" if total % 11 == 10 else str(total % 11))


def _zone(number: str, digit: str, names: str) -> Zone:
    family, _, given = names.partition("<<")
    name = f"{given} {family}".replace("<", " ").split()
    return Zone(document(number), digit == check_digit(number), (" ".join(name),) if name else ())


def _one_form(written: Any) -> str:
    if not isinstance(written, str) or len(written) > LONGEST:
        return ""
    return document(written)
