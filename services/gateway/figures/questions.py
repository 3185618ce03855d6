"""What may be asked of figures beside the filters of every read."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.vocabulary import AgencyCode
from services.gateway.asked import Filtered, Listing

Attribute = Literal["phase", "strand", "country", "category"]


class Figure(Filtered):
    """One figure: also of what names no phase, strand, country or category."""

    without: Annotated[list[Attribute], Field(max_length=4)] = Field(
        default=[], description="Only what is attributed to none: the remainder of a breakdown."
    )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.without) or super().is_narrowed


class FigureLines(Figure, Listing):
    """The lines behind one of a figure's numbers."""

    number: Literal["deduplicated", "reported"] = Field(
        "deduplicated", description="Which number the lines sum to; reported: with what others stand for."
    )
    credit: AgencyCode | None = Field(None, description="Instead: the lines of which this agency has the credit.")

    @property
    def is_narrowed(self) -> bool:
        return self.credit is not None or super().is_narrowed
