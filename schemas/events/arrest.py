"""Arrests: made, and what became of them."""

from typing import ClassVar, Literal

from pydantic import Field

from schemas.blocks import Person, Warrant
from schemas.event import By, Event, Fact
from schemas.vocabulary import AgencyCode, EntryId, HowMany
from schemas.wording import AN_ENTRY, command_example, fact_example, how_many, spoken

ArrestCategory = Literal[
    "smuggler", "trafficker", "courier", "fugitive", "document_offender", "irregular_migrant", "other"
]


class ArrestMade(Fact):
    """One or more persons were arrested. A person is in one category; more than one only if not itemised."""

    type: ClassVar = "arrest.made.v1"
    title: ClassVar = "Arrest"
    posted_by: ClassVar = frozenset({By.NATIONAL, By.FRONTEX})
    opens: ClassVar = "arrest"
    for_host: ClassVar = True

    category: ArrestCategory | None = Field(description="Null while not established.")
    basis: Literal["on_view", "national_warrant", "eaw", "red_notice", "sis_26", "other"]
    count: HowMany = 1
    executing_agency: AgencyCode
    person: Person | None = None
    result_of: EntryId | None = Field(None, description="The hit or cross-check that led to it.")
    warrant: Warrant | None = None
    custody: Literal["detained", "released", "handed_over"] | None = None

    def headline(self) -> str:
        category = spoken(self.category or "not established")
        return f"{how_many(self.count, 'arrest')}: {category}, {spoken(self.basis)}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return fact_example(
            category="fugitive",
            basis="red_notice",
            count=1,
            executing_agency="BA",
            in_scope=False,
            crime_areas=["financial_crime"],
            warrant={
                "issuing_country": "IL",
                "charge": "financial crime",
                "amount": {"value": 60000000, "unit": "USD", "qualifier": "over"},
            },
            person={
                "names": [{"family": "Invented", "given": None, "script": "Latn"}],
                "birth_date": "1961",
                "nationalities": ["IL"],
                "subject_category": "suspect",
                "minor": False,
            },
        )


class ArrestUpdated(Event):
    """The arrested person's status changed."""

    type: ClassVar = "arrest.updated.v1"
    title: ClassVar = "Arrest updated"
    posted_by: ClassVar = frozenset({By.OWNER})
    changes: ClassVar = "arrest"

    arrest: EntryId
    status: Literal["released", "detained", "handed_over", "surrendered", "charged", "extradition_pending"]

    def headline(self) -> str:
        return f"Arrested person {spoken(self.status)}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(arrest=AN_ENTRY, status="detained")
