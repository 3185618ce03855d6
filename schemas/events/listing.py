"""Listings: lines of a watch list that its owner has had compared with questions."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from schemas.blocks import Document, Person, Vehicle
from schemas.codes import INTERPOL_DATABASES
from schemas.door import fault
from schemas.event import By, Fact
from schemas.organisations import Organisation
from schemas.vocabulary import SECRET, CountryCode, Reference, ShortText
from schemas.wording import fact_example


class ListingPublished(Fact):
    """The owner of a watch list put a line on it. A correction is the line's next version; a retraction takes it off.

    A list has a log of its own, led by its owner, whose code begins with `list-`. Who asks the owner learns of a hit
    by the cross-check engine, and never the line.
    """

    type: ClassVar = "listing.published.v1"
    title: ClassVar = "Listing published"
    posted_by: ClassVar = frozenset({By.NATIONAL, By.EUROPOL, By.INTERPOL})
    opens: ClassVar = "listing"

    database: Literal["Nominals", "SLTD", "TDAWN", "SMV", "iARMS", "WoA", "EIS", "national"] = Field(
        description="Whose lines are the owner's own: INTERPOL's, EUROPOL's EIS, a country's."
    )
    reference: Annotated[Reference | None, SECRET] = Field(None, description="Of the line, as its owner spells it.")
    issuing_country: CountryCode | None = Field(None, description="Who asked for it; null where it is not said.")
    requested_action: ShortText | None = Field(None, description="What the line asks for, in a few words.")
    subject: Person | None = None
    document: Document | None = None
    vehicle: Vehicle | None = None
    organisation: Organisation | None = None

    @model_validator(mode="after")
    def _lists_one(self) -> Self:
        if sum(one is not None for one in (self.subject, self.document, self.vehicle, self.organisation)) != 1:
            raise fault("subject", "one of subject, document, vehicle and organisation")
        return self

    def posters(self) -> frozenset[By]:
        if self.database in INTERPOL_DATABASES:
            return frozenset({By.INTERPOL})
        return frozenset({By.EUROPOL if self.database == "EIS" else By.NATIONAL})

    def headline(self) -> str:
        return f"Listing in {self.database}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return fact_example(
            database="national",
            reference="INVENTED/2022/7",
            issuing_country="AT",
            requested_action="Arrest",
            subject={"subject_category": "suspect", "names": [{"full": "Invented"}], "birth_date": "1961"},
        )


def is_list(operation: str) -> bool:
    """Whether the code is that of a watch list's own log."""
    return operation.startswith("list-")
