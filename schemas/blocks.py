"""Persons, documents and vehicles: the blocks whose secret members are sealed at the door."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, Field, StringConstraints

from schemas.mrz import birth_date
from schemas.vocabulary import (
    SECRET,
    Code,
    Count,
    CountryCode,
    Issuer,
    LongText,
    Nationality,
    Quantity,
    Reference,
    ShortText,
    Word,
)

PartialDate = Annotated[
    str,
    StringConstraints(pattern=r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$"),
    Field(description="1961, 1961-05 or 1961-05-17: as much as is known."),
]
SubjectCategory = Literal["suspect", "convicted", "potential_criminal", "victim", "witness", "contact", "other"]
COMPARED = frozenset({"suspect", "convicted", "potential_criminal"})
"""Of whom data are compared (Regulation (EU) 2016/794 Annex II.A): nobody else is asked about or found."""
AgeBand = Literal["0-13", "14-17", "18-34", "35-64", "65+"]
Script = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Z][a-z]{3}$"),
    Field(description="ISO 15924: Latn, Cyrl, Grek, Arab, Hebr, ..."),
]


class Name(Word):
    """A name as written, in its own script; unknown parts are null."""

    family: ShortText | None = None
    given: ShortText | None = None
    full: ShortText | None = None
    script: Script = "Latn"


class Document(Word):
    """An identity, travel or other document. A document hit names no person: the holder may be innocent."""

    document_class: Code | None = Field(None, description="passport, identity_card, guardianship_certificate, ...")
    issuer: Issuer | None = None
    number: Annotated[Reference | None, SECRET] = None
    mrz: Annotated[list[Annotated[str, StringConstraints(pattern=r"^[A-Z0-9<]{30,44}$")]] | None, SECRET] = Field(
        None, max_length=3, description="The lines of the machine readable zone (ICAO 9303)."
    )


class Warrant(Word):
    """An arrest warrant: who issued it, for what, about how much. The amount is the charge's, never a figure."""

    issuing_country: CountryCode
    charge: ShortText | None = None
    amount: Quantity | None = None
    reference: Annotated[Reference | None, SECRET] = None


class Person(Word):
    """One person as one agency reported it. That two are the same human is a link, never a merge."""

    subject_category: SubjectCategory = Field(description="Directive (EU) 2016/680 Art. 6.")
    minor: bool | None = None
    age_band: AgeBand | None = None
    names: Annotated[list[Name] | None, SECRET] = Field(None, max_length=20)
    transliterations: Annotated[list[Name] | None, SECRET] = Field(None, max_length=20)
    aliases: Annotated[list[Name] | None, SECRET] = Field(None, max_length=50)
    birth_date: Annotated[PartialDate | None, SECRET] = None
    birth_place: Annotated[ShortText | None, SECRET] = None
    sex: Annotated[Literal["M", "F", "X", "U"] | None, SECRET] = None
    nationalities: Annotated[list[Nationality] | None, SECRET] = Field(None, max_length=10)
    documents: Annotated[list[Document] | None, SECRET] = Field(None, max_length=20)
    phones: Annotated[list[Reference] | None, SECRET] = Field(None, max_length=20)
    remarks: Annotated[LongText | None, SECRET] = None


class Vehicle(Word):
    """A vehicle, boat, engine or part. Plate and VIN lead to persons, so they are sealed."""

    category: Code | None = Field(None, description="car, van, lorry, boat, outboard_engine, part, ...")
    make: ShortText | None = None
    model: ShortText | None = None
    colour: ShortText | None = None
    plate_country: CountryCode | None = None
    plate: Annotated[Reference | None, SECRET] = None
    vin: Annotated[Annotated[str, StringConstraints(pattern=r"^[A-HJ-NPR-Z0-9]{17}$")] | None, SECRET] = None


class Group(Word):
    """How many of one kind were found together, by what may be told of them."""

    count: Count
    nationality: Nationality | None = None
    age_band: AgeBand | None = None
    sex: Literal["M", "F", "X", "U"] | None = None


def needs_necessity_note(block: BaseModel, day: date) -> bool:
    """Whether a person in it is a victim, or was under 18 on that day."""
    return any(_is_protected(person, day) for person in persons_in(block))


def is_minor(said: bool | None, *, age_band: str | None, births: Iterable[str | None], day: date) -> bool:
    """Whether a person was under 18 on that day, by any of what is said of them: the flag, the age, a birth."""
    if said or age_band in ("0-13", "14-17"):
        return True
    # Where only the year or month is known, the person is taken to be as old as can be.
    of_age = f"{day.year - 18:04}-{day:%m-%d}"
    return any(born is not None and f"{born}-01-01"[: len(of_age)] > of_age for born in births)


def persons_in(block: BaseModel) -> Iterator[Person]:
    """All persons in an event, however deep."""
    if isinstance(block, Person):
        yield block
    for name in _members_with_persons(type(block)):
        value = getattr(block, name)
        for inner in value if isinstance(value, list) else [value]:
            if inner is not None:
                yield from persons_in(inner)


@cache
def _members_with_persons(model: type[BaseModel]) -> tuple[str, ...]:
    return tuple(name for name, field in model.model_fields.items() if _leads_to_person(field.annotation))


def _leads_to_person(annotation: object) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation is Person or bool(_members_with_persons(annotation))
    return any(_leads_to_person(part) for part in get_args(annotation))


def _is_protected(person: Person, day: date) -> bool:
    zones = (document.mrz for document in person.documents or () if document.mrz)
    births = (person.birth_date, *(birth_date(lines, day=day) for lines in zones))
    return person.subject_category == "victim" or is_minor(
        person.minor, age_band=person.age_band, births=births, day=day
    )
