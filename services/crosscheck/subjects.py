"""Subjects: the persons, organisations and objects in an event, normalised once for comparing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from schemas.blocks import COMPARED, is_minor
from schemas.mrz import birth_date
from services.crosscheck.names import LONGEST_NAME, Name, name_of
from services.crosscheck.numbers import Number, numbers_in, register_of, zone
from services.crosscheck.organisations import business_name
from services.shared.marks import NAMES, full_name
from services.shared.names import words

NORMALISER = 4
"""Raised with every change of how subjects are read, so that what was kept under another one is made anew."""

Sort = Literal["person", "organisation", "document", "vehicle", "phone", "other"]
_ORGANISATIONS = ("organisation", "organisations")
"""The members of events that hold organisations."""
_NONE: frozenset[Any] = frozenset()
"""One for all: an empty set of its own for each of 100,000 persons and features is 20 MiB."""
_BESIDE = ("document", "vehicle")
"""What an event tells of one person beside them."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What one block says of one person or thing, ready to be compared."""

    sort: Sort
    names: tuple[Name, ...] = ()
    births: tuple[str, ...] = ()
    """Dates of birth as far as they are known: 1961, 1961-05 or 1961-05-17."""
    nationalities: frozenset[str] = frozenset()
    sex: str | None = None
    place: tuple[str, ...] = ()
    seats: frozenset[str] = frozenset()
    """Of an organisation: the countries in which it has its seat, or is registered."""
    numbers: frozenset[Number] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.names or self.numbers)


def subject(
    sort: Sort = "person",
    *,
    names: Iterable[str] = (),
    births: Iterable[str] = (),
    nationalities: Iterable[str] = (),
    sex: str | None = None,
    place: str | None = None,
    seats: Iterable[str] = (),
    numbers: Iterable[Number] = (),
) -> Subject:
    """A subject from what was written."""
    read = (business_name(name) if sort == "organisation" else name_of(name) for name in names)
    return Subject(
        sort,
        tuple(dict.fromkeys(name for name in read if name is not None)),
        tuple(dict.fromkeys(births)),
        frozenset(nationalities) or _NONE,
        sex if sex in ("M", "F") else None,
        tuple(words(place[:LONGEST_NAME])) if place else (),
        frozenset(seats) or _NONE,
        frozenset(numbers) or _NONE,
    )


def subjects_in(data: Mapping[str, Any], *, reported_by: str | None = None) -> Iterator[Subject]:
    """The subjects in an event's `data`, at any depth; persons whom the law shields are left out with all they have."""
    if data.get("subject_category", "suspect") not in COMPARED:
        # A question about somebody whom nobody may ask about, from before the door refused it.
        return iter(())
    return _within(data, reported_by, day=datetime.fromisoformat(data["occurred"]["from"]).date())


def _within(said: Any, reported_by: str | None, *, day: date) -> Iterator[Subject]:
    if isinstance(said, list):
        for item in said:
            yield from _within(item, reported_by, day=day)
    if not isinstance(said, Mapping):
        return
    if "subject_category" in said and "subject_kind" not in said:
        if not _is_shielded(said, day) and (found := _person(said, reported_by, day=day)):
            yield found
        return
    # What lies beside a person whom the law shields is theirs, and a passport may say by itself that a child holds it.
    is_theirs = any(_is_shielded(value, day) for value in said.values() if isinstance(value, Mapping))
    numbers = frozenset(numbers_in(said, reported_by=reported_by))
    if numbers and not is_theirs and not _of_minor({"documents": [said]}, day):
        yield Subject(_sort(said), numbers=numbers)
    for name, value in said.items():
        if is_theirs and name in _BESIDE:
            continue
        if name in _ORGANISATIONS:
            yield from _organisations(value if isinstance(value, list) else [value], reported_by, day=day)
        elif isinstance(value, list | Mapping):
            yield from _within(value, reported_by, day=day)


def _organisations(blocks: Iterable[Any], reported_by: str | None, *, day: date) -> Iterator[Subject]:
    for block in blocks:
        if not isinstance(block, Mapping) or _is_shielded(block, day):
            # One that was defrauded, or that shelters somebody, is left out as such a person is.
            continue
        numbers = frozenset(numbers_in(block, reported_by=reported_by))
        registers = [register_of(one) for one in block.get("registrations") or []]
        found = subject(
            "organisation",
            names=[full_name(name) for member in NAMES for name in block.get(member) or []],
            seats=[country for country in (block.get("country"), *registers) if country],
            numbers=numbers,
        )
        if found:
            yield found


def _person(block: Mapping[str, Any], reported_by: str | None, *, day: date) -> Subject:
    names = [full_name(name) for member in NAMES for name in block.get(member) or []]
    documents = block.get("documents") or []
    zones = [read for one in documents if (read := zone(one.get("mrz") or [])) is not None]
    return subject(
        names=[*names, *(name for read in zones for name in read.names)],
        births=_births(block, day),
        nationalities=block.get("nationalities") or [],
        sex=block.get("sex"),
        place=block.get("birth_place"),
        numbers=(number for one in [block, *documents] for number in numbers_in(one, reported_by=reported_by)),
    )


def _is_shielded(block: Mapping[str, Any], day: date) -> bool:
    """Whether it speaks of somebody of whom no data are compared; what speaks of nobody is not shielded."""
    return "subject_category" in block and (block["subject_category"] not in COMPARED or _of_minor(block, day))


def _of_minor(block: Mapping[str, Any], day: date) -> bool:
    return is_minor(block.get("minor"), age_band=block.get("age_band"), births=_births(block, day), day=day)


def _births(block: Mapping[str, Any], day: date) -> list[str]:
    """The dates of birth that are said: by themselves, and in the machine readable zones of documents."""
    zones = (birth_date(one.get("mrz") or [], day=day) for one in block.get("documents") or [])
    return [born for born in (block.get("birth_date"), *zones) if born]


def _sort(block: Mapping[str, Any]) -> Sort:
    if block.get("plate") or block.get("vin"):
        return "vehicle"
    return "document" if block.get("number") or block.get("mrz") else "phone"
