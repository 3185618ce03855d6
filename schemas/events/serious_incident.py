"""Serious incidents, such as possible violations of fundamental rights: kept in a log of their own."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, field_validator

from schemas.event import By, Event
from schemas.vocabulary import SECRET, AgencyCode, Audience, LongText
from schemas.wording import command_example, spoken


class SeriousIncidentReported(Event):
    """A serious incident goes to its one handler, and to nobody else."""

    type: ClassVar = "serious_incident.reported.v1"
    title: ClassVar = "Serious incident"
    posted_by: ClassVar = frozenset({By.ALL})

    category: Literal["fundamental_rights", "death_or_injury", "use_of_force", "conduct", "data_breach", "other"]
    handler: AgencyCode = Field(description="FRONTEX for its Fundamental Rights Officer, or a national body.")
    text: Annotated[LongText | None, SECRET] = None

    @field_validator("audience")
    @classmethod
    def _for_named_only(cls, audience: Audience) -> Audience:
        if audience.scope != "named":
            raise ValueError("a serious incident has the scope named")
        return audience

    def headline(self) -> str:
        return f"Serious incident: {spoken(self.category)}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(
            category="fundamental_rights",
            handler="FRONTEX",
            text="Invented.",
            audience={"scope": "named", "groups": ["fundamental_rights"]},
        )
