"""Incidents: what ties the facts of one case together, across agencies."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.blocks import Person, Vehicle
from schemas.codes import INCIDENT_KINDS
from schemas.event import By, Event, Fact
from schemas.organisations import Organisation
from schemas.vocabulary import SECRET, EntryId, IncidentKind, LongText, OfKind
from schemas.wording import AN_ENTRY, command_example, fact_example, spoken

Severity = Literal["minor", "moderate", "severe", "extreme"]
Summary = Annotated[LongText | None, SECRET]


class IncidentReported(Fact):
    """Something happened: report it early and partial, complete it later."""

    type: ClassVar = "incident.reported.v1"
    title: ClassVar = "Incident"
    posted_by: ClassVar = frozenset({By.NATIONAL, By.FRONTEX})
    opens: ClassVar = "incident"

    kind: IncidentKind
    severity: Severity | None = None
    certainty: Literal["observed", "likely", "possible", "unlikely", "unknown"] | None = None
    reaction: Literal["none", "stopped", "followed", "handed_over", "under_way"] | None = Field(
        None, description="What the authorities did."
    )
    narrative: Summary = Field(None, description="In words.")
    persons: list[Person] = Field(default=[], max_length=50)
    vehicles: list[Vehicle] = Field(default=[], max_length=20)
    organisations: list[Organisation] = Field(default=[], max_length=20)

    def headline(self) -> str:
        severity = f", {self.severity}" if self.severity else ""
        return f"Incident: {INCIDENT_KINDS.label(self.kind).lower()}{severity}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return fact_example(
            kind="document_fraud",
            severity="moderate",
            reaction="stopped",
            crime_areas=["trafficking_in_human_beings", "document_fraud"],
            narrative="Invented: two children and a false certificate.",
            persons=[{"subject_category": "suspect", "names": [{"family": "Invented"}], "minor": False}],
        )


class IncidentUpdated(Event):
    """The incident's owner completes or changes what was reported; what is absent stays as it was."""

    type: ClassVar = "incident.updated.v1"
    title: ClassVar = "Incident updated"
    posted_by: ClassVar = frozenset({By.OWNER})
    changes: ClassVar = "incident"

    incident: EntryId
    kind: IncidentKind | None = None
    severity: Severity | None = None
    reaction: Literal["none", "stopped", "followed", "handed_over", "under_way"] | None = None
    narrative: Summary = Field(None, description="In words.")
    persons: list[Person] = Field(default=[], max_length=50)
    vehicles: list[Vehicle] = Field(default=[], max_length=20)
    organisations: list[Organisation] = Field(default=[], max_length=20)

    def headline(self) -> str:
        changed = [spoken(value) for value in (self.kind, self.severity, self.reaction) if value]
        return f"Incident updated{': ' if changed else ''}{', '.join(changed)}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(incident=AN_ENTRY, severity="severe", reaction="handed_over")


class IncidentClosed(Event):
    """The incident is done with, did not take place, or belongs to another."""

    type: ClassVar = "incident.closed.v1"
    title: ClassVar = "Incident closed"
    posted_by: ClassVar = frozenset({By.OWNER, By.LEAD})
    changes: ClassVar = "incident"

    incident: EntryId
    reason: Literal["done", "did_not_take_place", "below_threshold", "merged"]
    merged_into: Annotated[EntryId | None, OfKind("incident")] = Field(
        None, description="The incident that it belongs to."
    )

    def headline(self) -> str:
        return f"Incident closed: {spoken(self.reason)}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(incident=AN_ENTRY, reason="done")
