"""Seizures: made, and weighed or counted again."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from schemas.codes import CURRENCIES
from schemas.door import at_the_door, fault
from schemas.event import By, Event, Fact
from schemas.vocabulary import SECRET, Code, EntryId, GoodsCategory, LongText, Quantity, unit_fault
from schemas.wording import AN_ENTRY, amount, command_example, fact_example, spoken


class SeizureMade(Fact):
    """Something was seized. It may start unweighed; `seizure.revised` says more."""

    type: ClassVar = "seizure.made.v1"
    title: ClassVar = "Seizure"
    posted_by: ClassVar = frozenset({By.NATIONAL})
    opens: ClassVar = "seizure"

    category: GoodsCategory | None = Field(
        description="One code, or several sorted and joined by + under one quantity; null: not established."
    )
    quantity: Quantity
    subtype: Code | None = Field(None, description="Finer than the category: pistol, A1, raw tobacco, ...")
    weight: Literal["gross", "net"] | None = None
    tested: Literal["tested", "presumed"] | None = None
    value: Quantity | None = Field(None, description="Worth, in a currency.")
    concealment: Literal["none", "body", "luggage", "vehicle", "cargo", "parcel", "premises", "other"] | None = None
    status: Literal["pending_inventory", "final"] = "final"
    result_of: EntryId | None = Field(None, description="The hit, check or search that led to it.")
    remarks: Annotated[LongText | None, SECRET] = None

    @model_validator(mode="after")
    def _units_suit(self) -> Self:
        if found := unit_fault(self.category, self.quantity):
            raise found
        if found := _worth_fault(self.value):
            raise found
        return self

    def headline(self) -> str:
        pending = ", inventory pending" if self.status == "pending_inventory" else ""
        return f"Seizure: {spoken(self.category or 'not established')}, {amount(self.quantity)}{pending}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return fact_example(
            category="cannabis",
            quantity={"value": 12.5, "unit": "KGM", "qualifier": "about"},
            weight="gross",
            tested="presumed",
            concealment="vehicle",
            status="pending_inventory",
            value={"value": 60000, "unit": "EUR", "qualifier": "about"},
            crime_areas=["drug_trafficking"],
        )


class SeizureRevised(Event):
    """The quantity that now counts, and why it is another."""

    type: ClassVar = "seizure.revised.v1"
    title: ClassVar = "Seizure revised"
    posted_by: ClassVar = frozenset({By.OWNER})
    changes: ClassVar = "seizure"

    seizure: EntryId
    quantity: Quantity
    reason: Literal["weighed", "lab", "inventory", "error"]
    status: Literal["pending_inventory", "final"] = "final"
    value: Quantity | None = None

    @model_validator(mode="after")
    def _value_is_money(self, info: ValidationInfo) -> Self:
        if at_the_door(info) and (found := _worth_fault(self.value)):
            raise found
        return self

    def unfit(self, thing: Mapping[str, Any], *, named: Event) -> PydanticCustomError | None:
        return unit_fault(thing.get("category"), self.quantity)

    def headline(self) -> str:
        return f"Seizure revised ({spoken(self.reason)}): {amount(self.quantity)}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(seizure=AN_ENTRY, quantity={"value": 11.94, "unit": "KGM"}, reason="weighed")


def _worth_fault(value: Quantity | None) -> PydanticCustomError | None:
    if value is None or value.unit is None or value.unit in CURRENCIES:
        return None
    return fault("value/unit", "the value of a seizure is an amount of money: use an ISO 4217 code")
