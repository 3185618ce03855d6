"""Messages between desks."""

from typing import Annotated, ClassVar, Self

from pydantic import Field, ValidationInfo, model_validator

from schemas.door import at_the_door, fault
from schemas.event import By, Event
from schemas.vocabulary import SECRET, AgencyCode, EntryId, LongText
from schemas.wording import AN_ENTRY, command_example


class MessageSent(Event):
    """A desk writes to other desks, perhaps about an entry. The text is sealed."""

    type: ClassVar = "message.sent.v1"
    title: ClassVar = "Message"
    posted_by: ClassVar = frozenset({By.ALL})
    opens: ClassVar = "message"

    to: list[AgencyCode] = Field(default=[], max_length=50, description="None: all who may see it.")
    regarding: EntryId | None = Field(None, description="The entry that it is about.")
    in_reply_to: EntryId | None = None
    text: Annotated[LongText | None, SECRET] = None

    @model_validator(mode="after")
    def _says_something(self, info: ValidationInfo) -> Self:
        if at_the_door(info) and self.text is None:
            raise fault("text", "required")
        return self

    @property
    def about(self) -> tuple[EntryId, ...]:
        return (self.regarding,) if self.regarding else ()

    def headline(self) -> str:
        return f"Message to {', '.join(self.to) or 'all desks'}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(
            to=["AT"],
            regarding=AN_ENTRY,
            text="Invented: is the second van the same as this one?",
            audience={"scope": "named", "agencies": ["AT", "HU"]},
        )
