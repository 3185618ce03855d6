"""Who may see a record, changed by who provided it."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from schemas.door import fault
from schemas.event import By, Event
from schemas.vocabulary import Audience, EntryId, Handling, ShortText
from schemas.wording import AN_ENTRY, command_example


def _is_discreet(hit: Mapping[str, Any]) -> bool:
    """Whether a hit is of a discreet check (SIS, article 36): the subject and most officers must not learn of it."""
    matched = any(said.get("article") == "36" for said in hit.get("others") or ())
    return matched or (hit.get("action") or {}).get("action") == "discreet_done"


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

    def unfit(self, thing: Mapping[str, Any], *, named: Event) -> PydanticCustomError | None:
        if _is_discreet(thing) and not self.new_audience.lists_its_own:
            return fault("new_audience", "what is discreet stays with agencies or groups that are named")
        return None

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
