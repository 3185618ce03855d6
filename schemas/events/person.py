"""Persons whose data were erased."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from schemas.event import By, Event
from schemas.vocabulary import EntryId
from schemas.wording import AN_ENTRY, command_example, spoken

Pointer = Annotated[str, StringConstraints(pattern=r"^(/[^/]{1,64}){0,8}$")]


class PersonErased(Event):
    """The keys of sealed blocks were destroyed: the person is gone everywhere; counts and order stay."""

    type: ClassVar = "person.erased.v1"
    title: ClassVar = "Person erased"
    posted_by: ClassVar = frozenset({By.OWNER, By.SYSTEM})
    changes: ClassVar = "target"
    after_closing: ClassVar = True
    lasting: ClassVar = True

    target: EntryId
    blocks: list[Pointer] | None = Field(
        None,
        max_length=100,
        description="JSON pointers of the sealed blocks in the target; null: all of them.",
    )
    ground: Literal["review", "request", "not_lawful", "inaccurate", "retention_over", "provider_erased"]

    def headline(self) -> str:
        return f"Person erased: {spoken(self.ground)}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(target=AN_ENTRY, blocks=["/person"], ground="request")
