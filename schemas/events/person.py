"""Persons whose data were erased."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from schemas.door import fault
from schemas.event import By, Event
from schemas.vocabulary import EntryId, Reference
from schemas.wording import AN_ENTRY, command_example, spoken

Pointer = Annotated[str, StringConstraints(pattern=r"^(/[^/]{1,64}){0,8}$")]


class PersonErased(Event):
    """The keys of sealed blocks were destroyed: the person is gone everywhere; counts and order stay."""

    type: ClassVar = "person.erased.v1"
    title: ClassVar = "Person erased"
    posted_by: ClassVar = frozenset({By.OWNER, By.LEAD, By.SYSTEM})
    changes: ClassVar = "target"
    after_closing: ClassVar = True
    lasting: ClassVar = True

    target: EntryId
    blocks: list[Pointer] | None = Field(
        None,
        max_length=100,
        description="JSON pointers of the sealed blocks in the target; null: all of them.",
    )
    ground: Literal["review", "request", "not_lawful", "inaccurate", "retention_over", "provider_erased", "ordered"] = (
        Field(description="ordered: by a court or an authority; then a lead may post it too.")
    )
    order: Reference | None = Field(
        None, description="Of the ground `ordered`: the reference of the order, and nothing about persons."
    )

    @model_validator(mode="after")
    def _an_order_is_named(self) -> Self:
        if (self.ground == "ordered") != (self.order is not None):
            raise fault("order", "the reference of the order: with the ground ordered, and with no other")
        return self

    def posters(self) -> frozenset[By]:
        return self.posted_by if self.ground == "ordered" else self.posted_by - {By.LEAD}

    def headline(self) -> str:
        return f"Person erased: {spoken(self.ground)}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(target=AN_ENTRY, blocks=["/person"], ground="request")
