"""Pairs of records that may report the same thing: suggested, then decided by people."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from schemas.door import fault
from schemas.event import By, Event
from schemas.vocabulary import EntryId, ShortText
from schemas.wording import AN_ENTRY, ANOTHER_ENTRY, command_example, spoken

_DECIDERS = frozenset({By.CONCERNED, By.LEAD})
_DECIDED = frozenset({"confirmed", "rejected"})
_OF_PERSONS = frozenset(
    {"same_person", "same_name", "same_document", "same_vehicle", "same_organisation", "same_phone"}
)
"""The reasons that speak of who or what stands in the records, and not of the occasion."""


class DuplicateSuggested(Event):
    """Two records may report the same thing. Equal numbers are no evidence. Its audience is what both share."""

    type: ClassVar = "duplicate.suggested.v1"
    title: ClassVar = "Possible duplicate"
    posted_by: ClassVar = frozenset({By.SYSTEM, By.ALL})
    opens: ClassVar = "pair"
    fixed: ClassVar = frozenset({"a", "b"})
    within_about: ClassVar = True
    after_closing: ClassVar = True

    a: EntryId
    b: EntryId
    reasons: list[
        Literal[
            "same_time",
            "same_place",
            "same_person",
            "same_name",
            "same_document",
            "same_vehicle",
            "same_organisation",
            "same_phone",
            "same_source_ref",
            "joint_with",
            "said_by_an_agency",
        ]
    ] = Field(min_length=1, max_length=11)
    score: Annotated[float, Field(ge=0, le=1)] | None = Field(None, description="The engine's; null from a person.")

    @model_validator(mode="after")
    def _two_records(self) -> Self:
        if self.a == self.b:
            raise fault("b", "a pair is two records")
        return self

    @property
    def about(self) -> tuple[EntryId, ...]:
        return (self.a, self.b)

    def combined(self, named: Event | None) -> tuple[EntryId, ...]:
        return () if _OF_PERSONS.isdisjoint(self.reasons) else self.about

    def headline(self) -> str:
        return f"Possible duplicate: {', '.join(map(spoken, self.reasons))}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(a=AN_ENTRY, b=ANOTHER_ENTRY, reasons=["same_time", "same_place"], score=0.87)


class DuplicateConfirmed(Event):
    """The two are one: the kept side counts, both keep their credit."""

    type: ClassVar = "duplicate.confirmed.v1"
    title: ClassVar = "Duplicate confirmed"
    posted_by: ClassVar = _DECIDERS
    changes: ClassVar = "pair"
    decided: ClassVar = _DECIDED
    fixed: ClassVar = frozenset({"kept"})
    after_closing: ClassVar = True

    pair: EntryId
    kept: EntryId = Field(description="Which side of the pair counts.")

    def unfit(self, thing: Mapping[str, Any], *, named: Event) -> PydanticCustomError | None:
        if str(self.kept) in (thing["a"], thing["b"]):
            return None
        return fault("kept", "names no side of this pair")

    def combined(self, named: Event | None) -> tuple[EntryId, ...]:
        return named.about if named is not None else ()

    def headline(self) -> str:
        return "Duplicate confirmed"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(pair=AN_ENTRY, kept=ANOTHER_ENTRY)


class DuplicateRejected(Event):
    """The two are different things; both count."""

    type: ClassVar = "duplicate.rejected.v1"
    title: ClassVar = "Duplicate rejected"
    posted_by: ClassVar = _DECIDERS
    changes: ClassVar = "pair"
    decided: ClassVar = _DECIDED
    after_closing: ClassVar = True

    pair: EntryId
    reason: ShortText | None = Field(None, description="Nothing about persons.")

    def headline(self) -> str:
        return "Duplicate rejected: two different things"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(pair=AN_ENTRY, reason="Two vans, ten minutes apart.")


class DuplicateUndone(Event):
    """Whoever decided takes the decision back; the pair is open again."""

    type: ClassVar = "duplicate.undone.v1"
    title: ClassVar = "Duplicate decision undone"
    posted_by: ClassVar = frozenset({By.DECIDER})
    changes: ClassVar = "pair"
    after_closing: ClassVar = True

    pair: EntryId
    reason: ShortText | None = Field(None, description="Nothing about persons.")

    def headline(self) -> str:
        return "Decision on a duplicate taken back"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(pair=AN_ENTRY)
