"""Searching by names and numbers: how well a record fits what is sought, in bands that claim no more than they can."""

from collections.abc import Collection, Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from schemas.blocks import PartialDate
from schemas.door import fault
from services.shared.marks import FULL_DATE, NAMES, Feature, Kind, document, full_name, phone, registration
from services.shared.names import skeleton, words

Band = Literal["exact", "strong", "possible", "weak"]
BANDS: tuple[Band, ...] = ("exact", "strong", "possible", "weak")
_SOUNDS_ALIKE = 0.93
"""How alike two words are that sound the same and are spelt otherwise."""
_MORE_WORDS = 0.95
"""What is left of a likeness when the record has more words than were sought."""
_POSSIBLE, _WEAK = 0.85, 0.6
_MOST_WORDS, _LONGEST_WORD, _MOST_NAMES = 12, 40, 10
_Text = Annotated[str, StringConstraints(min_length=2, max_length=200, strip_whitespace=True)]


class Sought(BaseModel):
    """Whom or what one looks for. It is posted, because an address is written down in many places."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: _Text | None = Field(None, description="In any script; the order of its words does not matter.")
    birth_date: PartialDate | None = Field(None, description="With `name`: as much as is known.")
    document: _Text | None = Field(None, description="The number of a document.")
    plate: _Text | None = None
    vin: _Text | None = None
    phone: _Text | None = None
    registration: _Text | None = Field(None, description="The number of an organisation in a public register.")
    band: Band = Field("possible", description="The weakest band to be told.")
    limit: Annotated[int, Field(ge=1, le=100)] = 50

    @model_validator(mode="after")
    def _seeks_something(self) -> Self:
        if not self.numbers() and not (self.name and words(self.name)):
            raise fault("name", "give a name, or the number of a document, a plate, VIN, telephone or registration")
        if self.birth_date is not None and self.name is None:
            raise fault("birth_date", "only with `name`")
        return self

    def numbers(self) -> dict[Kind, str]:
        """The numbers that are sought, each in its one form."""
        given = {
            Kind.DOCUMENT: document(self.document or ""),
            Kind.PLATE: document(self.plate or ""),
            Kind.VIN: document(self.vin or ""),
            Kind.PHONE: phone(self.phone or ""),
            Kind.REGISTRATION: registration(self.registration or ""),
        }
        return {kind: value for kind, value in given.items() if value}

    def wanted(self) -> Iterator[tuple[Kind, str]]:
        """Under which forms a record may be found."""
        yield from self.numbers().items()
        for word in words(self.name or ""):
            yield Kind.WORD, skeleton(word)


def fit(sought: Sought, features: Collection[Feature], data: Any) -> tuple[Band, list[str]] | None:
    """The band in which a record fits, and why; None when it does not.

    A number that is equal is exact. A name is strong only with the same full date of birth, and never exact: a hit is
    a lead for people, no identification.
    """
    there = {(feature.kind, feature.value) for feature in features}
    same = [f"same_{kind.name.lower()}" for kind, value in sought.numbers().items() if (kind, value) in there]
    if same:
        return "exact", same
    if sought.name is None:
        return None
    fitting = [_person_fits(sought, person) for person in _persons(data)]
    return min((found for found in fitting if found), key=lambda found: BANDS.index(found[0]), default=None)


def _person_fits(sought: Sought, person: dict[str, Any]) -> tuple[Band, list[str]] | None:
    given = _few(sought.name or "")
    names = [_few(full_name(name)) for member in NAMES for name in (person.get(member) or [])[:_MOST_NAMES]]
    alike = max((_alike(given, name) for name in names), default=0.0)
    if alike < _WEAK:
        return None
    likely = alike >= _POSSIBLE
    reasons = ["same_name" if alike == 1 else "similar_name"]
    born, asked = person.get("birth_date"), sought.birth_date
    if born is None or asked is None:
        return ("possible" if likely else "weak"), reasons
    if not (born.startswith(asked) or asked.startswith(born)):
        return ("weak", [*reasons, "other_birth_date"]) if likely else None
    if born == asked and len(born) == FULL_DATE:
        return ("strong" if likely else "possible"), [*reasons, "same_birth_date"]
    return ("possible" if likely else "weak"), [*reasons, "compatible_birth_date"]


def _few(name: str) -> list[str]:
    """The words of a name, no more and no longer than a name has: comparing costs the square of both."""
    return [word[:_LONGEST_WORD] for word in words(name)[:_MOST_WORDS]]


def _alike(given: list[str], written: list[str]) -> float:
    """How alike two names are, word by word in any order; 1 only when they have the same words."""
    left = list(written)
    total = 0.0
    for word in given:
        best = max(left, key=lambda other: _word_alike(word, other), default=None)
        if best is not None:
            total += _word_alike(word, best)
            left.remove(best)
    return total / len(given) * (1 if not left else _MORE_WORDS)


@lru_cache(maxsize=65_536)
def _word_alike(one: str, other: str) -> float:
    if one == other:
        return 1
    if skeleton(one) == skeleton(other):
        return _SOUNDS_ALIKE
    return SequenceMatcher(None, one, other, autojunk=False).ratio() * _SOUNDS_ALIKE


def _persons(data: Any) -> Iterator[dict[str, Any]]:
    """Everything in a record that has names, at any depth."""
    if isinstance(data, list):
        for item in data:
            yield from _persons(item)
    elif isinstance(data, dict):
        if any(data.get(member) for member in NAMES):
            yield data
        for value in data.values():
            yield from _persons(value)
