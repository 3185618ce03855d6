"""What happens to records: corrected, retracted, acknowledged, reviewed."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field
from pydantic_core import PydanticCustomError

from schemas.door import fault
from schemas.event import By, Event
from schemas.vocabulary import SECRET, EntryId, LongText, ShortText
from schemas.wording import A_CORRECTION_ITSELF, AN_ENTRY, command_example, fact_example, spoken


class RecordCorrected(Event):
    """The originator replaces what an entry says by the whole corrected `data`; the log keeps both."""

    type: ClassVar = "record.corrected.v1"
    title: ClassVar = "Record corrected"
    posted_by: ClassVar = frozenset({By.OWNER})
    changes: ClassVar = "target"
    owned_by_entry: ClassVar = True
    carries: ClassVar = "corrected"
    after_closing: ClassVar = True

    target: EntryId = Field(description="The entry that is corrected: any of the thing, but a correction.")
    corrected: dict[str, Any] = Field(description="The whole new `data`, of the target's type.")
    reason: ShortText = Field(description="Why; nothing about persons.")

    def unfit(self, thing: Mapping[str, Any], *, named: Event) -> PydanticCustomError | None:
        # What a correction within a correction says would be sealed, erased and judged by nobody.
        return fault("target", A_CORRECTION_ITSELF) if named.carries else None

    def headline(self) -> str:
        return "Record corrected"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(
            target=AN_ENTRY,
            corrected=fact_example(category="smuggler", basis="on_view", count=2, executing_agency="BA"),
            reason="Two persons, not one.",
        )


class RecordRetracted(Event):
    """The originator takes an entry back: it counts no more, and stays readable as retracted."""

    type: ClassVar = "record.retracted.v1"
    title: ClassVar = "Record retracted"
    posted_by: ClassVar = frozenset({By.OWNER})
    changes: ClassVar = "target"
    owned_by_entry: ClassVar = True
    after_closing: ClassVar = True

    target: EntryId
    reason: Literal["wrong", "duplicate", "not_lawful"]

    def unfit(self, thing: Mapping[str, Any], *, named: Event) -> PydanticCustomError | None:
        return fault("target", "this cannot be retracted; post what undoes it") if named.lasting else None

    def headline(self) -> str:
        return f"Record retracted: {spoken(self.reason)}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(target=AN_ENTRY, reason="wrong")


class RecordAcknowledged(Event):
    """A recipient has read it."""

    type: ClassVar = "record.acknowledged.v1"
    title: ClassVar = "Record acknowledged"
    posted_by: ClassVar = frozenset({By.ALL})
    changes: ClassVar = "target"
    beside: ClassVar = True
    after_closing: ClassVar = True

    target: EntryId
    remark: Annotated[LongText | None, SECRET] = None

    def headline(self) -> str:
        return "Record acknowledged"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(target=AN_ENTRY)


class RecordReviewed(Event):
    """The owner looked again whether the record is still needed."""

    type: ClassVar = "record.reviewed.v1"
    title: ClassVar = "Record reviewed"
    posted_by: ClassVar = frozenset({By.OWNER})
    changes: ClassVar = "target"
    after_closing: ClassVar = True

    target: EntryId
    decision: Literal["keep", "erase", "restrict"]
    reason: ShortText | None = Field(None, description="Required by law to keep longer; nothing about persons.")
    next_review_on: date | None = None

    def headline(self) -> str:
        return f"Record reviewed: {self.decision}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(
            target=AN_ENTRY, decision="keep", reason="Proceedings open.", next_review_on="2025-06-24"
        )
