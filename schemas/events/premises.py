"""Premises that were searched."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.event import By, Fact
from schemas.organisations import Organisation
from schemas.vocabulary import SECRET, EntryId, HowMany, Reference
from schemas.wording import fact_example, spoken, stated


class PremisesSearched(Fact):
    """Homes, businesses or other premises were searched."""

    type: ClassVar = "premises.searched.v1"
    title: ClassVar = "Premises searched"
    posted_by: ClassVar = frozenset({By.NATIONAL})
    opens: ClassVar = "search"

    kind: Literal["home", "business", "storage", "workshop", "safe_house", "nightclub", "public_place", "other"]
    count: HowMany = 1
    basis: Literal["warrant", "consent", "imminent_danger", "administrative", "eio", "other"] | None = None
    judicial_ref: Annotated[Reference | None, SECRET] = None
    organisation: Organisation | None = Field(None, description="Whose premises they are, where it is no person.")
    result_of: EntryId | None = Field(None, description="The hit, case or measure that led to it.")

    def headline(self) -> str:
        return f"Premises searched: {stated(self.count)}, {spoken(self.kind)}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return fact_example(kind="workshop", count=2, basis="warrant", judicial_ref="INVENTED 1/22")
