"""Victims who were brought to safety."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.blocks import Person
from schemas.event import By, Fact
from schemas.vocabulary import EntryId, HowMany, OfKind
from schemas.wording import AN_ENTRY, fact_example, how_many, spoken


class VictimSafeguarded(Fact):
    """One or more victims were brought to safety. Never added to the victims of cases."""

    type: ClassVar = "victim.safeguarded.v1"
    title: ClassVar = "Victim safeguarded"
    posted_by: ClassVar = frozenset({By.NATIONAL})
    opens: ClassVar = "victim"

    measure: Literal["shelter", "referred", "guardian_appointed", "returned", "other"]
    count: HowMany = 1
    minors: HowMany | None = Field(None, description="Of these, how many were under 18.")
    case: Annotated[EntryId | None, OfKind("case")] = Field(None, description="The trafficking case.")
    victim: Person | None = Field(None, description="Only where it is strictly necessary, with a necessity_note.")

    def headline(self) -> str:
        return f"{how_many(self.count, 'victim')} safeguarded: {spoken(self.measure)}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return fact_example(
            measure="shelter",
            count=1,
            case=AN_ENTRY,
            audience={"scope": "named", "groups": ["safeguarding"]},
            victim={
                "subject_category": "victim",
                "names": [{"given": "Invented"}],
                "age_band": "14-17",
                "minor": True,
            },
            necessity_note="Invented: the shelter must know whom it takes in.",
        )
