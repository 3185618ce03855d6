"""Permissions to use what a provider has restricted."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.event import By, Event
from schemas.vocabulary import SECRET, AgencyCode, EntryId, LongText, ShortText
from schemas.wording import AN_ENTRY, command_example, spoken


class PermissionRequested(Event):
    """An agency asks a record's owner for a use that its handling codes do not allow."""

    type: ClassVar = "permission.requested.v1"
    title: ClassVar = "Permission requested"
    posted_by: ClassVar = frozenset({By.ALL})
    opens: ClassVar = "permission"
    after_closing: ClassVar = True
    within_about: ClassVar = True
    for_owners: ClassVar = True

    target: EntryId = Field(description="The record. Its owner decides.")
    use: Literal["judicial", "disseminate", "other"]
    to: list[AgencyCode] = Field(default=[], max_length=50, description="For disseminating: to whom.")
    reason: Annotated[LongText | None, SECRET] = None

    @property
    def about(self) -> tuple[EntryId, ...]:
        return (self.target,)

    def headline(self) -> str:
        to = f" to {', '.join(self.to)}" if self.to else ""
        return f"Permission asked: {spoken(self.use)} use{to}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(target=AN_ENTRY, use="judicial", audience={"scope": "named", "agencies": ["AT", "BA"]})


class PermissionGranted(Event):
    """The owner allows it, perhaps with conditions. It hands nothing on: that is done before, by handling.changed."""

    type: ClassVar = "permission.granted.v1"
    title: ClassVar = "Permission granted"
    posted_by: ClassVar = frozenset({By.CONCERNED})
    changes: ClassVar = "permission"
    after_closing: ClassVar = True

    permission: EntryId
    conditions: ShortText | None = Field(None, description="Nothing about persons.")

    def headline(self) -> str:
        return f"Permission granted{', with conditions' if self.conditions else ''}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(permission=AN_ENTRY, audience={"scope": "named", "agencies": ["AT", "BA"]})


class PermissionRefused(Event):
    """The owner does not allow it."""

    type: ClassVar = "permission.refused.v1"
    title: ClassVar = "Permission refused"
    posted_by: ClassVar = frozenset({By.CONCERNED})
    changes: ClassVar = "permission"
    after_closing: ClassVar = True

    permission: EntryId
    reason: ShortText | None = Field(None, description="Nothing about persons.")

    def headline(self) -> str:
        return "Permission refused"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(permission=AN_ENTRY, audience={"scope": "named", "agencies": ["AT", "BA"]})
