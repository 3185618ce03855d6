"""Persons, organisations and objects as the rows of lists have them, turned into blocks of the contract."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from schemas.codes import COUNTRIES, NATIONALITY_LIST

Sort = Literal["subject", "organisation", "document", "vehicle", "phone"]
COLUMNS = (
    *("given", "family", "full", "aliases", "birth_date", "birth_place", "sex", "nationalities", "category"),
    *("number", "issuer", "document_class", "plate", "plate_country", "vin", "make", "model", "colour", "phone"),
    *("organisation", "kind", "seat", "registration", "registration_country"),
)
"""What a row may say of a person or thing. Several aliases or nationalities are parted by semicolons."""
_OF_OTHERS = frozenset(("given", "family", "full", "birth_date", "number", "plate", "vin"))
"""What no organisation has."""


class NoBlock(Exception):
    """The row speaks of nobody and nothing that could be compared."""


class Block(NamedTuple):
    """What one row is about."""

    sort: Sort
    said: dict[str, Any] | str


def block(row: Mapping[str, Any]) -> Block:
    """The person, organisation, document, vehicle or telephone of a row. Raises NoBlock."""
    for sort in ("subject", "organisation", "document", "vehicle"):
        if isinstance(row.get(sort), dict):
            return Block(sort, row[sort])
    said = {name: str(value) for name, value in row.items() if name in COLUMNS and value not in (None, "", [])}
    if {"organisation", "registration"} & set(said):
        if _OF_OTHERS & set(said):
            raise NoBlock("An organisation and a person or thing are in it: give each a row of its own.")
        return Block("organisation", _organisation(said))
    if {"given", "family", "full"} & set(said):
        return Block("subject", _person(said))
    if {"plate", "vin"} & set(said):
        return Block("vehicle", _vehicle(said))
    if "number" in said:
        return Block("document", _document(said))
    if "phone" in said:
        return Block("phone", said["phone"])
    raise NoBlock("There is no name, number, plate, VIN, telephone or organisation in it.")


def date(written: str) -> str:
    """A date as far as it is known: 1980/02/17, 1980/02 and 1980 too."""
    return written.replace("/", "-")


def known(codes: list[str]) -> list[str]:
    """Those of some nationalities that have a code here; organisations have others."""
    return [code for code in codes if code in COUNTRIES or code in NATIONALITY_LIST]


def _person(said: Mapping[str, str]) -> dict[str, Any]:
    name = {part: said[part] for part in ("given", "family", "full") if part in said}
    documents = [_document(said)] if "number" in said else []
    found = {
        "subject_category": said.get("category", "suspect"),
        "names": [name],
        "aliases": [{"full": one} for one in _several(said.get("aliases"))],
        "birth_date": date(said["birth_date"]) if "birth_date" in said else None,
        "birth_place": said.get("birth_place"),
        "sex": said.get("sex"),
        "nationalities": _several(said.get("nationalities")),
        "documents": documents,
        "phones": [said["phone"]] if "phone" in said else [],
    }
    return filled(found)


def _organisation(said: Mapping[str, str]) -> dict[str, Any]:
    found = {
        "subject_category": said.get("category", "suspect"),
        "kind": said.get("kind"),
        "country": said.get("seat"),
        "names": [{"full": said["organisation"]}] if "organisation" in said else [],
        "aliases": [{"full": one} for one in _several(said.get("aliases"))],
        "registrations": [
            filled({"country": said.get("registration_country"), "registration_number": said["registration"]})
        ]
        if "registration" in said
        else [],
        "phones": [said["phone"]] if "phone" in said else [],
    }
    return filled(found)


def _document(said: Mapping[str, str]) -> dict[str, Any]:
    return filled({name: said.get(name) for name in ("number", "issuer", "document_class")})


def _vehicle(said: Mapping[str, str]) -> dict[str, Any]:
    found = filled({name: said.get(name) for name in ("plate", "plate_country", "make", "model", "colour")})
    if "vin" in said:
        found["vin"] = "".join(said["vin"].split()).upper()
    return found


def filled(members: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is empty."""
    return {name: value for name, value in members.items() if value not in (None, "", [])}


def _several(written: str | None) -> list[str]:
    return [one.strip() for one in (written or "").split(";") if one.strip()]
