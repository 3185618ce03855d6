"""Children at risk who were met at borders and in checks."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.blocks import Person
from schemas.event import By, Fact
from schemas.vocabulary import EntryId, HowMany, Nationality, OfKind
from schemas.wording import fact_example, how_many, spoken


class ChildAtRiskReported(Fact):
    """One or more children were met in circumstances that put them at risk."""

    type: ClassVar = "child_at_risk.reported.v1"
    title: ClassVar = "Child at risk"
    posted_by: ClassVar = frozenset({By.NATIONAL, By.FRONTEX, By.INTERPOL})
    opens: ClassVar = "child"

    circumstance: Literal["travelling_with_non_parent", "missing", "unaccompanied", "other"]
    count: HowMany = 1
    nationality: Nationality | None = None
    hit: Annotated[EntryId | None, OfKind("hit")] = Field(None, description="The hit, for example of a yellow notice.")
    child: Person | None = Field(None, description="Only where it is strictly necessary, with a necessity_note.")

    def headline(self) -> str:
        children = how_many(self.count, "child").replace("childs", "children")
        return f"{children} at risk: {spoken(self.circumstance)}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return fact_example(
            circumstance="travelling_with_non_parent",
            count=2,
            audience={"scope": "named", "groups": ["safeguarding"]},
        )
