"""Investigations that the operation set off."""

from typing import Annotated, ClassVar, Literal

from schemas.event import By, Fact
from schemas.vocabulary import SECRET, HowMany, Reference
from schemas.wording import fact_example, how_many, spoken


class InvestigationOpened(Fact):
    """New, linked or network investigations were opened. The kinds are never summed."""

    type: ClassVar = "investigation.opened.v1"
    title: ClassVar = "Investigation opened"
    posted_by: ClassVar = frozenset({By.NATIONAL})
    opens: ClassVar = "investigation"

    kind: Literal["new", "linked", "against_network"]
    count: HowMany = 1
    reference: Annotated[Reference | None, SECRET] = None

    def headline(self) -> str:
        return f"{how_many(self.count, 'investigation')} opened: {spoken(self.kind)}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return fact_example(kind="new", count=1, crime_areas=["migrant_smuggling"], reference="INVENTED-77/22")
