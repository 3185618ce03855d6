"""Corrections that others propose to a record's owner."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field
from pydantic_core import PydanticCustomError

from schemas.door import fault
from schemas.event import By, Event
from schemas.vocabulary import EntryId, ShortText
from schemas.wording import A_CORRECTION_ITSELF, AN_ENTRY, command_example, fact_example


class CorrectionProposed(Event):
    """Somebody else thinks that a record is wrong. Only its originator can correct it."""

    type: ClassVar = "correction.proposed.v1"
    title: ClassVar = "Correction proposed"
    posted_by: ClassVar = frozenset({By.ALL})
    changes: ClassVar = "target"
    beside: ClassVar = True
    carries: ClassVar = "corrected"
    after_closing: ClassVar = True

    target: EntryId
    corrected: dict[str, Any] | None = Field(
        None, description="The whole `data` as it should be, of the target's type."
    )
    reason: ShortText = Field(description="Nothing about persons.")

    def unfit(self, thing: Mapping[str, Any], *, named: Event) -> PydanticCustomError | None:
        if self.corrected is None or not named.carries:
            return None
        return fault("target", A_CORRECTION_ITSELF)

    def headline(self) -> str:
        return "Correction proposed"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(
            target=AN_ENTRY,
            corrected=fact_example(category="courier", basis="on_view", count=1, executing_agency="BA"),
            reason="He drove, he did not organise.",
        )
