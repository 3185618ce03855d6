"""Officers and assets in the field."""

from typing import ClassVar, Literal

from pydantic import Field

from schemas.event import By, Fact
from schemas.vocabulary import Count, HowMany, Place, Word
from schemas.wording import fact_example, how_many


class Asset(Word):
    """Equipment beside officers."""

    kind: Literal["vehicle", "vessel", "aircraft", "drone", "dog", "scanner", "other"]
    count: Count


class DeploymentReported(Fact):
    """How many officers an agency has at a place; the latest per agency and place counts."""

    type: ClassVar = "deployment.reported.v1"
    title: ClassVar = "Deployment"
    posted_by: ClassVar = frozenset({By.NATIONAL, By.FRONTEX})
    opens: ClassVar = "deployment"

    place: Place
    officers: HowMany
    assets: list[Asset] = Field(default=[], max_length=20)

    def headline(self) -> str:
        return f"Deployed: {how_many(self.officers, 'officer')}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return fact_example(officers=24, assets=[{"kind": "dog", "count": 2}])
