"""Refusals of entry at the border."""

from typing import ClassVar, Literal

from pydantic import Field

from schemas.blocks import AgeBand
from schemas.event import By, Fact
from schemas.vocabulary import Count, HowMany, Nationality, Place, RefusalReason, Word
from schemas.wording import fact_example, how_many


class RepeatPersons(Word):
    """How many of the refusals concern a person who was refused before."""

    same_identity: Count | None = None
    several_identities: Count | None = None


class RefusalReported(Fact):
    """Entry was refused. Refusals are counted, not persons."""

    type: ClassVar = "refusal.reported.v1"
    title: ClassVar = "Refusal of entry"
    posted_by: ClassVar = frozenset({By.NATIONAL})
    opens: ClassVar = "refusal"

    place: Place = Field(description="With the crossing point, where there is one.")
    reasons: list[RefusalReason] = Field(
        min_length=1, max_length=9, description="Letters of the Schengen Borders Code, Annex V part B."
    )
    count: HowMany = 1
    nationality: Nationality | None = None
    age_band: AgeBand | None = None
    sex: Literal["M", "F", "X", "U"] | None = None
    repeat_persons: RepeatPersons | None = None

    def headline(self) -> str:
        return f"{how_many(self.count, 'refusal')} of entry, {'+'.join(self.reasons)}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return fact_example(
            place={"country": "HU", "crossing_point": "invented-1"},
            reasons=["C", "E"],
            count=4,
            nationality="XXA",
            repeat_persons={"same_identity": 1},
        )
