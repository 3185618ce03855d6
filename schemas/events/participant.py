"""Who takes part: agencies join with a role, and leave."""

from typing import ClassVar, Self

from pydantic import Field, ValidationInfo, model_validator

from schemas.door import fault
from schemas.event import By, Lifecycle
from schemas.vocabulary import (
    AgencyCode,
    AgencyKind,
    CountryCode,
    EntryId,
    Language,
    Role,
    ShortText,
    Word,
)
from schemas.wording import AN_ENTRY, command_example, spoken


class ContactPoint(Word):
    """How a desk is reached: functions and channels, never a person's name."""

    function: ShortText = Field(description="24/7 point, SIENA desk, SIRENE Bureau, NCB, SPOC, ...")
    reach: ShortText = Field(description="A functional number or address.")
    hours: ShortText | None = None


class ParticipantJoined(Lifecycle):
    """An agency takes part in the operation."""

    type: ClassVar = "participant.joined.v1"
    title: ClassVar = "Participant joined"
    posted_by: ClassVar = frozenset({By.LEAD})
    opens: ClassVar = "participant"

    agency: AgencyCode
    kind: AgencyKind
    role: Role
    country: CountryCode | None = Field(None, description="Required for a national agency.")
    name: ShortText | None = None
    bound_by_eu_law: bool = Field(
        default=False,
        description="The lead says that it is bound by the same law: it is then in the audience eu.",
    )
    contacts: list[ContactPoint] = Field(default=[], max_length=20)
    languages: list[Language] = Field(default=[], max_length=20)
    expert_in: list[ShortText] = Field(
        default=[],
        max_length=10,
        description="Names it as expert, for example in documents: it may give opinions.",
    )

    @model_validator(mode="after")
    def _code_kind_and_country_agree(self, info: ValidationInfo) -> Self:
        if self.kind == "national" and self.country is None:
            raise fault("country", "required for a national agency")
        if self.kind == "national" and self.agency.partition("-")[0] != self.country:
            raise fault("agency", "the code of a national agency begins with its country")
        if self.kind not in ("national", "other") and self.agency != self.kind.upper():
            raise fault("agency", f"this kind has the code {self.kind.upper()}")
        return self

    def headline(self) -> str:
        return f"{self.agency} joined as {spoken(self.role)}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(
            agency="BA",
            kind="national",
            country="BA",
            role="participant",
            name="Border Police (invented desk)",
            languages=["bs", "hr", "sr"],
            contacts=[{"function": "24/7 point", "reach": "desk 4", "hours": "24/7"}],
        )


class ParticipantLeft(Lifecycle):
    """An agency no longer takes part; what it posted stays."""

    type: ClassVar = "participant.left.v1"
    title: ClassVar = "Participant left"
    posted_by: ClassVar = frozenset({By.LEAD})
    changes: ClassVar = "participant"

    participant: EntryId = Field(description="By the entry with which it joined.")
    reason: ShortText | None = None

    def headline(self) -> str:
        return "A participant left the operation"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(participant=AN_ENTRY)
