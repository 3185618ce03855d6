"""Who may see a record, changed by who provided it."""

from typing import ClassVar, Self

from pydantic import Field, model_validator

from schemas.door import fault
from schemas.event import By, Event
from schemas.vocabulary import Audience, EntryId, Handling, ShortText
from schemas.wording import AN_ENTRY, command_example


class HandlingChanged(Event):
    """The owner gave a record another audience or other handling codes; stricter takes effect at once."""

    type: ClassVar = "handling.changed.v1"
    title: ClassVar = "Handling changed"
    posted_by: ClassVar = frozenset({By.OWNER})
    changes: ClassVar = "target"
    after_closing: ClassVar = True

    target: EntryId
    new_audience: Audience
    new_handling: Handling
    reason: ShortText | None = Field(None, description="Why; nothing about persons.")

    @model_validator(mode="after")
    def _new_h2_is_named(self) -> Self:
        if "H2" in self.new_handling.codes and self.new_audience.scope != "named":
            raise fault("new_audience/scope", "H2 needs an audience with the scope named")
        return self

    def moved_audience(self) -> Audience | None:
        return self.new_audience

    def headline(self) -> str:
        return f"Handling changed to {'+'.join(self.new_handling.codes)}, audience {self.new_audience.scope}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(
            target=AN_ENTRY,
            new_audience={"scope": "named", "agencies": ["AT", "EUROPOL"]},
            new_handling={"codes": ["H1", "H2"]},
        )
