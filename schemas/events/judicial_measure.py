"""Judicial measures across borders: warrants, orders, freezing, assistance."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.event import By, Event
from schemas.vocabulary import SECRET, CountryCode, EntryId, Reference
from schemas.wording import AN_ENTRY, command_example, spoken


class JudicialMeasureRequested(Event):
    """A measure was asked of one or more states; the document itself travels elsewhere."""

    type: ClassVar = "judicial_measure.requested.v1"
    title: ClassVar = "Judicial measure requested"
    posted_by: ClassVar = frozenset({By.EUROJUST, By.NATIONAL})
    opens: ClassVar = "measure"

    kind: Literal["eaw", "eio", "freezing", "mla", "jit", "extradition"]
    requesting: CountryCode
    executing: list[CountryCode] = Field(min_length=1, max_length=30)
    reference: Annotated[Reference | None, SECRET] = None
    result_of: EntryId | None = Field(None, description="The arrest, hit or case that it follows from.")

    def headline(self) -> str:
        return f"Judicial measure: {self.kind.upper()}, {self.requesting} to {', '.join(self.executing)}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(kind="eio", requesting="AT", executing=["HU"], reference="INVENTED-EIO-1")


class JudicialMeasureExecuted(Event):
    """What the executing state did about it."""

    type: ClassVar = "judicial_measure.executed.v1"
    title: ClassVar = "Judicial measure executed"
    posted_by: ClassVar = frozenset({By.EUROJUST, By.NATIONAL})
    changes: ClassVar = "measure"

    measure: EntryId
    outcome: Literal["executed", "partly_executed", "refused", "postponed"]
    country: CountryCode | None = Field(None, description="Which executing state, where several were asked.")
    reference: Annotated[Reference | None, SECRET] = None

    def headline(self) -> str:
        by = f" by {self.country}" if self.country else ""
        return f"Judicial measure {spoken(self.outcome)}{by}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(measure=AN_ENTRY, outcome="executed", country="HU")
