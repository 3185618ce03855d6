"""Goods that were found, without a seizure being stated."""

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from schemas.event import By, Fact
from schemas.vocabulary import GoodsCategory, Quantity, unit_fault
from schemas.wording import amount, fact_example, spoken


class GoodsDetected(Fact):
    """Goods were found; that they were seized is not said. A total is made only within one unit."""

    type: ClassVar = "goods.detected.v1"
    title: ClassVar = "Goods"
    posted_by: ClassVar = frozenset({By.NATIONAL, By.FRONTEX})
    opens: ClassVar = "goods"

    category: GoodsCategory | None = Field(
        description="As for a seizure, or smuggled_goods; null while not established."
    )
    quantity: Quantity = Field(description="With the qualifier not_stated where nobody counted.")
    concealment: Literal["none", "body", "luggage", "vehicle", "cargo", "parcel", "premises", "other"] | None = None

    @model_validator(mode="after")
    def _unit_suits(self) -> Self:
        if found := unit_fault(self.category, self.quantity):
            raise found
        return self

    def headline(self) -> str:
        return f"Goods detected: {spoken(self.category or 'not established')}, {amount(self.quantity)}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return fact_example(
            category="smuggled_goods",
            quantity={"qualifier": "not_stated"},
            crime_areas=["smuggling_of_goods"],
        )
