"""Situation reports of the operation."""

from typing import ClassVar

from pydantic import AwareDatetime, Field

from schemas.event import By, Event
from schemas.vocabulary import EntryId, FigureValue, LongText
from schemas.wording import AN_ENTRY, command_example, how_many


class SitrepIssued(Event):
    """The lead told everyone where the operation stands: `occurred` is the period, frozen at a cut-off."""

    type: ClassVar = "sitrep.issued.v1"
    title: ClassVar = "Situation report"
    posted_by: ClassVar = frozenset({By.LEAD})
    opens: ClassVar = "sitrep"

    cut_off: AwareDatetime = Field(description="What was recorded later is not in it.")
    last_entry: EntryId | None = Field(None, description="The last entry that is in it.")
    figures: list[FigureValue] = Field(
        default=[], max_length=300, description="The figures as they were at the cut-off."
    )
    summary: LongText | None = Field(None, description="In words, without personal data.")

    def headline(self) -> str:
        return f"Situation report, {how_many(len(self.figures), 'figure')}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(
            occurred={
                "from": "2022-06-24T00:00:00+02:00",
                "to": "2022-06-25T00:00:00+02:00",
                "precision": "period",
            },
            cut_off="2022-06-25T00:00:00+02:00",
            last_entry=AN_ENTRY,
            figures=[{"metric": "arrests", "quantity": {"value": 12, "unit": "C62", "qualifier": "exact"}}],
            summary="Invented first day.",
        )
