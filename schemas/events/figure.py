"""Figures: validated by the lead, released, disputed. The product derives them; nobody types them in."""

from typing import ClassVar, Literal

from pydantic import AwareDatetime, Field

from schemas.event import By, Event
from schemas.metrics import metric
from schemas.vocabulary import EntryId, LongText, MetricName, Quantity, ShortText
from schemas.wording import command_example, stated


class FigureValidated(Event):
    """The lead stands by a number: it is shown beside the derived one, and never replaces it."""

    type: ClassVar = "figure.validated.v1"
    title: ClassVar = "Figure validated"
    posted_by: ClassVar = frozenset({By.LEAD})
    after_closing: ClassVar = True

    metric: MetricName
    quantity: Quantity
    as_of: AwareDatetime = Field(description="The moment whose picture was validated.")
    entries: list[EntryId] = Field(
        default=[], max_length=1000, description="What it rests on; none: the metric's rule."
    )
    note: LongText | None = Field(None, description="Why it differs, if it does; nothing about persons.")

    def headline(self) -> str:
        return f"Figure validated: {metric(self.metric).title}, {stated(self.quantity)}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(
            metric="arrests.smugglers",
            quantity={"value": 82, "unit": "C62"},
            as_of="2022-06-24T09:00:00+02:00",
        )


class FigureReleased(Event):
    """The lead let a number out of the room."""

    type: ClassVar = "figure.released.v1"
    title: ClassVar = "Figure released"
    posted_by: ClassVar = frozenset({By.LEAD})
    after_closing: ClassVar = True

    metric: MetricName
    quantity: Quantity
    released_to: Literal["press", "council", "internal"] = Field(
        description="Its public; `audience` is who sees the entry."
    )
    as_of: AwareDatetime
    wording: ShortText | None = Field(None, description="As it was printed.")
    validation: EntryId | None = Field(
        None, description="The validation that is let out, where leads stand by different numbers."
    )

    @property
    def about(self) -> tuple[EntryId, ...]:
        return (self.validation,) if self.validation else ()

    def headline(self) -> str:
        return f"Figure released ({self.released_to}): {metric(self.metric).title}, {stated(self.quantity)}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(
            metric="arrests.smugglers",
            quantity={"value": 82, "unit": "C62"},
            released_to="press",
            as_of="2022-06-24T09:00:00+02:00",
            wording="82 people smugglers arrested",
        )


class FigureDisputed(Event):
    """An agency holds another number to be right, and says why. It is shown beside the figure."""

    type: ClassVar = "figure.disputed.v1"
    title: ClassVar = "Figure disputed"
    posted_by: ClassVar = frozenset({By.ALL})
    after_closing: ClassVar = True

    metric: MetricName
    own_value: Quantity
    disputed: EntryId | None = Field(None, description="The validation or release that is disputed, if one is.")
    reason: ShortText = Field(description="Nothing about persons.")

    @property
    def about(self) -> tuple[EntryId, ...]:
        return (self.disputed,) if self.disputed else ()

    def headline(self) -> str:
        return f"Figure disputed: {metric(self.metric).title}, own value {stated(self.own_value)}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(
            metric="arrests.smugglers",
            own_value={"value": 83, "unit": "C62"},
            reason="One more on the last night.",
        )
