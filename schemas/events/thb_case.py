"""Cases of trafficking in human beings."""

from typing import ClassVar, Literal

from pydantic import Field

from schemas.blocks import Person
from schemas.event import By, Event, Fact
from schemas.vocabulary import CountryCode, EntryId, HowMany, Nationality, ThbForm, Word
from schemas.wording import AN_ENTRY, command_example, fact_example, how_many, spoken

CaseStatus = Literal["suspected", "confirmed", "refuted"]


class Victims(Word):
    """How many, by what is known of their age; null where not known."""

    adults: HowMany | None = None
    minors: HowMany | None = None
    unknown: HowMany | None = Field(None, description="Victims of unknown age.")

    def spoken(self) -> str:
        """`2 minors, 1 adult`, or `victims not stated`."""
        parts = [("minor", self.minors), ("adult", self.adults), ("victim of unknown age", self.unknown)]
        return ", ".join(how_many(count, noun) for noun, count in parts if count is not None) or "victims not stated"


class ThbCaseReported(Fact):
    """A suspected or confirmed case. Cases and victims are different counts.

    Confirmed is said only by the competent state: a national body of the country of `place`, else of its own.
    """

    type: ClassVar = "thb_case.reported.v1"
    title: ClassVar = "Trafficking case"
    posted_by: ClassVar = frozenset({By.NATIONAL, By.EUROPOL})
    opens: ClassVar = "case"

    exploitation_form: ThbForm = Field(description="not_established while nobody knows.")
    status: CaseStatus
    victims: Victims
    nationalities: list[Nationality] = Field(default=[], max_length=30)
    destination: CountryCode | None = None
    suspects: list[Person] = Field(default=[], max_length=50)

    def posters(self) -> frozenset[By]:
        return frozenset({By.COMPETENT}) if self.status == "confirmed" else self.posted_by

    def headline(self) -> str:
        return f"Trafficking case ({self.status}): {spoken(self.exploitation_form)}; {self.victims.spoken()}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return fact_example(
            exploitation_form="not_established",
            status="suspected",
            victims={"minors": 2},
            destination="IL",
            crime_areas=["trafficking_in_human_beings"],
            audience={"scope": "named", "groups": ["safeguarding"]},
        )


class ThbCaseUpdated(Event):
    """The case's status or its victims changed; what is absent stays as it was.

    The competent state confirms a case, whoever reported it, and only that state; it may refute one, too.
    """

    type: ClassVar = "thb_case.updated.v1"
    title: ClassVar = "Trafficking case updated"
    posted_by: ClassVar = frozenset({By.OWNER, By.COMPETENT})
    changes: ClassVar = "case"

    case: EntryId
    status: CaseStatus | None = None
    victims: Victims | None = Field(None, description="All of them, anew.")
    exploitation_form: ThbForm | None = None

    def posters(self) -> frozenset[By]:
        if self.status == "confirmed":
            return frozenset({By.COMPETENT})
        return self.posted_by if self.status == "refuted" else frozenset({By.OWNER})

    def headline(self) -> str:
        said = [self.status, self.victims.spoken() if self.victims else None]
        return f"Trafficking case updated: {'; '.join(part for part in said if part) or 'form'}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(
            case=AN_ENTRY,
            status="confirmed",
            victims={"minors": 2, "adults": 1},
            audience={"scope": "named", "groups": ["safeguarding"]},
        )
