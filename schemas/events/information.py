"""Requests for information between agencies, with their clocks."""

from datetime import datetime, timedelta
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from schemas.blocks import Document, Person, Vehicle
from schemas.door import fault
from schemas.event import By, Event
from schemas.organisations import Organisation
from schemas.vocabulary import SECRET, AgencyCode, EntryId, LongText, ShortText, Urgency
from schemas.wording import AN_ENTRY, command_example, spoken

CLOCKS = {"8h": timedelta(hours=8), "3d": timedelta(days=3), "7d": timedelta(days=7)}
"""How long the addressees have, from when the request is recorded."""


class InformationRequested(Event):
    """An agency asks others; the clock says by when an answer is due (Directive (EU) 2023/977 Art. 5)."""

    type: ClassVar = "information.requested.v1"
    title: ClassVar = "Information requested"
    posted_by: ClassVar = frozenset({By.ALL})
    opens: ClassVar = "request"

    to: list[AgencyCode] = Field(min_length=1, max_length=50)
    question: Literal[
        "identity",
        "criminal_record",
        "residence_status",
        "vehicle_owner",
        "document_status",
        "movements",
        "links",
        "safeguarding",
        "other",
    ]
    urgency: Urgency
    clock: Literal["8h", "3d", "7d", "agreed"] = Field(
        description="8h urgent and directly accessible, 3d urgent and indirectly accessible, 7d any other."
    )
    due_at: AwareDatetime | None = Field(None, description="With the clock agreed.")
    regarding: EntryId | None = None
    subject: Person | None = None
    document: Document | None = None
    vehicle: Vehicle | None = None
    organisation: Organisation | None = None
    text: Annotated[LongText | None, SECRET] = None

    @model_validator(mode="after")
    def _agreed_says_when(self) -> Self:
        if self.clock == "agreed" and self.due_at is None:
            raise fault("due_at", "required with the clock agreed")
        return self

    def parties(self) -> dict[By, frozenset[str]]:
        return {By.ADDRESSEE: frozenset(self.to)}

    def due(self, recorded_at: datetime) -> datetime | None:
        return self.due_at if self.clock == "agreed" else recorded_at + CLOCKS[self.clock]

    def headline(self) -> str:
        return f"Information asked of {', '.join(self.to)}: {spoken(self.question)}, {self.clock}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(
            to=["RS"],
            question="vehicle_owner",
            urgency="urgent",
            clock="8h",
            audience={"scope": "named", "agencies": ["RS", "HU"]},
            vehicle={"category": "van", "plate_country": "RS", "plate": "XX-000-XX"},
        )


class InformationAnswered(Event):
    """An addressee answers, refuses or says that it will take longer; reasons are stated."""

    type: ClassVar = "information.answered.v1"
    title: ClassVar = "Information answered"
    posted_by: ClassVar = frozenset({By.ADDRESSEE})
    changes: ClassVar = "request"

    request: EntryId
    outcome: Literal["answered", "refused", "delayed"]
    reason: ShortText | None = Field(None, description="Required unless answered; nothing about persons.")
    text: Annotated[LongText | None, SECRET] = None

    @model_validator(mode="after")
    def _reasons_are_stated(self) -> Self:
        if self.outcome != "answered" and self.reason is None:
            raise fault("reason", "a refusal or a delay states its reason")
        return self

    def headline(self) -> str:
        return f"Request for information {self.outcome}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(
            request=AN_ENTRY,
            outcome="answered",
            text="Invented answer.",
            audience={"scope": "named", "agencies": ["RS", "HU"]},
        )
