"""Desks that hand over at the end of a shift."""

from typing import Annotated, ClassVar

from pydantic import Field

from schemas.event import By, Event
from schemas.vocabulary import SECRET, EntryId, LongText, ShortText, Word
from schemas.wording import AN_ENTRY, command_example


class OpenItem(Word):
    """What the next shift must not forget."""

    what: ShortText = Field(description="In a few words, without names of persons.")
    entry: EntryId | None = None


class DeskHandedOver(Event):
    """A shift ended; these items are open."""

    type: ClassVar = "desk.handed_over.v1"
    title: ClassVar = "Desk handed over"
    posted_by: ClassVar = frozenset({By.ALL})

    shift: ShortText = Field(description="Which shift ended.")
    open_items: list[OpenItem] = Field(max_length=100, description="Empty when nothing is open.")
    text: Annotated[LongText | None, SECRET] = None

    def headline(self) -> str:
        count = len(self.open_items)
        return f"Desk handed over after {self.shift}: {count} open item{'' if count == 1 else 's'}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(
            shift="night shift",
            open_items=[{"what": "Answer to the vehicle request", "entry": AN_ENTRY}],
            audience={"scope": "named", "agencies": ["AT"]},
        )
