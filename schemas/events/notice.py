"""INTERPOL notices and diffusions that a hit matched."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.blocks import Warrant
from schemas.event import By, Event
from schemas.vocabulary import SECRET, CountryCode, EntryId, Reference
from schemas.wording import AN_ENTRY, command_example, spoken

Colour = Literal["red", "yellow", "blue", "green", "orange", "black", "purple", "silver", "un_special"]


class NoticeMatched(Event):
    """The hit matched a notice or diffusion; with the colour red it is a red-notice match."""

    type: ClassVar = "notice.matched.v1"
    title: ClassVar = "Notice matched"
    posted_by: ClassVar = frozenset({By.INTERPOL, By.NATIONAL})
    changes: ClassVar = "hit"
    beside: ClassVar = True

    hit: EntryId
    colour: Colour
    form: Literal["notice", "diffusion"] = "notice"
    issuing_country: CountryCode | None = Field(description="Null for a notice of an international court or body.")
    notice_id: Annotated[Reference | None, SECRET] = Field(None, description="As in the data: 2021/12345.")
    warrants: list[Warrant] = Field(default=[], max_length=20)

    def headline(self) -> str:
        issuer = f" of {self.issuing_country}" if self.issuing_country else ""
        return f"Hit matched a {spoken(self.colour)} {self.form}{issuer}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(
            hit=AN_ENTRY,
            colour="red",
            issuing_country="IL",
            notice_id="2022/00001",
            warrants=[
                {
                    "issuing_country": "IL",
                    "charge": "financial crime",
                    "amount": {"value": 60000000, "unit": "USD", "qualifier": "over"},
                }
            ],
        )
