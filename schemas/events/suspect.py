"""Suspects who were identified but not arrested."""

from typing import ClassVar

from pydantic import Field

from schemas.blocks import Person
from schemas.event import By, Fact
from schemas.events.arrest import ArrestCategory
from schemas.vocabulary import EntryId, HowMany
from schemas.wording import fact_example, how_many, spoken


class SuspectIdentified(Fact):
    """One or more suspects became known. Never added to arrests."""

    type: ClassVar = "suspect.identified.v1"
    title: ClassVar = "Suspect identified"
    posted_by: ClassVar = frozenset({By.NATIONAL, By.EUROPOL})
    opens: ClassVar = "suspect"

    category: ArrestCategory | None = Field(description="The role in the crime; null while not established.")
    count: HowMany = 1
    person: Person | None = None
    result_of: EntryId | None = Field(None, description="The hit, check or case that led to it.")

    def headline(self) -> str:
        return f"{how_many(self.count, 'suspect')} identified: {spoken(self.category or 'not established')}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return fact_example(
            category="smuggler",
            count=1,
            crime_areas=["migrant_smuggling"],
            person={"subject_category": "suspect", "names": [{"full": "Invented"}], "age_band": "35-64"},
        )
