"""Cross-checks: asked for, taken up or declined, answered."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, StringConstraints, ValidationInfo, model_validator

from schemas.blocks import COMPARED, Document, Person, SubjectCategory, Vehicle
from schemas.door import at_the_door, fault
from schemas.event import By, Event
from schemas.organisations import Organisation
from schemas.vocabulary import SECRET, AgencyCode, Count, EntryId, OperationCode, Reference, Urgency, Word
from schemas.wording import AN_ENTRY, command_example, how_many, spoken

_OTHER_ROUTE = (
    "only suspects, convicted persons and potential criminals are cross-checked (Regulation (EU) 2016/794 "
    "Annex II.A): ask the national authority with information.requested.v1"
)


class CrossCheckRequested(Event):
    """Data were sent to an agency to be compared with what it holds."""

    type: ClassVar = "cross_check.requested.v1"
    title: ClassVar = "Cross-check requested"
    posted_by: ClassVar = frozenset({By.NATIONAL, By.FRONTEX, By.EUROJUST})
    opens: ClassVar = "check"

    target: AgencyCode = Field(description="Who is asked: EUROPOL, INTERPOL or another agency.")
    subject_kind: Literal["person", "document", "vehicle", "phone", "organisation", "address", "weapon", "other"]
    subject_category: SubjectCategory = Field(description="Of the person or organisation whom the data are about.")
    purpose: Literal[
        "cross_checking",
        "strategic_analysis",
        "operational_analysis",
        "facilitating_exchange",
        "research",
        "informing_public",
    ] = Field(description="Regulation (EU) 2016/794 Art. 18(2).")
    urgency: Urgency
    subject: Person | None = None
    document: Document | None = None
    vehicle: Vehicle | None = None
    organisation: Organisation | None = None
    phone: Annotated[Reference | None, SECRET] = None

    @model_validator(mode="after")
    def _may_be_asked_about(self, info: ValidationInfo) -> Self:
        # The log may hold questions from before the door asked for this.
        if not at_the_door(info):
            return self
        if self.subject_category not in COMPARED:
            raise fault("subject_category", _OTHER_ROUTE)
        for name, block in (("subject", self.subject), ("organisation", self.organisation)):
            if block is not None and block.subject_category not in COMPARED:
                raise fault(f"{name}/subject_category", _OTHER_ROUTE)
        return self

    def parties(self) -> dict[By, frozenset[str]]:
        return {By.TARGET: frozenset({self.target})}

    def headline(self) -> str:
        return f"Cross-check asked of {self.target}: {spoken(self.subject_kind)}, {spoken(self.urgency)}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(
            target="EUROPOL",
            subject_kind="person",
            subject_category="suspect",
            purpose="cross_checking",
            urgency="urgent",
            subject={
                "subject_category": "suspect",
                "names": [{"family": "Invented"}],
                "nationalities": ["RS"],
            },
        )


class CrossCheckAcknowledged(Event):
    """The target took the request up."""

    type: ClassVar = "cross_check.acknowledged.v1"
    title: ClassVar = "Cross-check taken up"
    posted_by: ClassVar = frozenset({By.TARGET})
    changes: ClassVar = "check"

    check: EntryId

    def headline(self) -> str:
        return "Cross-check taken up"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(check=AN_ENTRY)


class CrossCheckDeclined(Event):
    """The target will not do it, and says why."""

    type: ClassVar = "cross_check.declined.v1"
    title: ClassVar = "Cross-check declined"
    posted_by: ClassVar = frozenset({By.TARGET})
    changes: ClassVar = "check"

    check: EntryId
    reason: Literal["legal_basis", "not_eligible", "insufficient", "duplicate"]

    def headline(self) -> str:
        return f"Cross-check declined: {spoken(self.reason)}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(check=AN_ENTRY, reason="insufficient")


class ListVersion(Word):
    """A watch list as it stood when it was searched."""

    list: OperationCode = Field(description="The list's own log.")
    version: Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]{36}$")] = Field(
        description="The last entry of that log that the search knew; its owner reads the list `as_of` it."
    )


class CrossCheckResulted(Event):
    """The target's answer: that data exist, and how many; what they say travels elsewhere."""

    type: ClassVar = "cross_check.resulted.v1"
    title: ClassVar = "Cross-check answered"
    posted_by: ClassVar = frozenset({By.TARGET})
    changes: ClassVar = "check"

    check: EntryId
    outcome: Literal["hit", "no_hit", "partial"]
    hits: Count = Field(description="0 for no_hit, at least 1 for hit.")
    lists: list[ListVersion] | None = Field(
        None, max_length=100, description="The watch lists of the target that were searched, each with its version."
    )
    ask: list[AgencyCode] | None = Field(
        None,
        max_length=100,
        description="Owners, by country, who have something that they show to nobody who sees this: ask them with "
        "information.requested.v1.",
    )
    siena_ref: Annotated[Reference | None, SECRET] = Field(None, description="Opaque; its pattern is not enforced.")
    consent: Literal["not_needed", "asked", "given", "refused"] | None = Field(
        None, description="Whether the data's owner lets the content be passed on."
    )

    @model_validator(mode="after")
    def _hits_fit_the_outcome(self) -> Self:
        if self.outcome == "no_hit" and self.hits:
            raise fault("hits", "0 with the outcome no_hit")
        if self.outcome == "hit" and not self.hits:
            raise fault("hits", "at least 1 with the outcome hit")
        return self

    def headline(self) -> str:
        return (
            f"Cross-check answered: {how_many(self.hits, 'hit')}"
            if self.hits
            else f"Cross-check: {spoken(self.outcome)}"
        )

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(check=AN_ENTRY, outcome="hit", hits=1, consent="asked")
