"""What may be asked of figures beside the filters of every read."""

from typing import Annotated, Literal
from urllib.parse import urlencode

from pydantic import Field

from schemas.vocabulary import AgencyCode
from services.gateway.asked import Filtered, Listing

Attribute = Literal["phase", "strand", "country", "category", "scope"]
By = Literal["phase", "strand", "country", "category", "agency", "day", "scope"]


class Attributed(Filtered):
    """What counts in a figure: also what names no phase, strand, country or category."""

    without: Annotated[list[Attribute], Field(max_length=5)] = Field(
        default=[],
        description="Only what is attributed to none: the remainder of a breakdown. scope: what is out of scope.",
    )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.without) or super().is_narrowed


def address(path: str, asked: Filtered, **picked: str) -> str:
    """The address of what is asked for, narrowed further: what is picked takes the place of what was asked for."""
    stated = asked.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"by", "after", "wait"})
    query = urlencode({**stated, **picked}, doseq=True)
    return f"{path}?{query}" if query else path


class Figure(Attributed):
    """One figure, and what it is made up of."""

    by: Annotated[list[By], Field(max_length=2)] = Field(
        default=[], description="Broken down, also by two at once. Days are those of the operation's time zone."
    )


class FigureLines(Attributed, Listing):
    """The lines behind one of a figure's numbers."""

    number: Literal["deduplicated", "reported"] = Field(
        "deduplicated", description="Which number the lines sum to; reported: with what others stand for."
    )
    credit: AgencyCode | None = Field(None, description="Instead: the lines of which this agency has the credit.")

    @property
    def is_narrowed(self) -> bool:
        return self.credit is not None or super().is_narrowed


class FigureHistory(Attributed, Listing):
    """What moved a figure. Each item is worked out like the figure itself, so a page is short."""

    limit: Annotated[int, Field(ge=1, le=100)] = 20


class FigureSuggestions(Listing):
    """Contributions that may report the same thing."""
