"""Vehicles, boats, engines and parts that were found."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.blocks import Vehicle
from schemas.event import By, Fact
from schemas.vocabulary import CountryCode, EntryId, HowMany, OfKind, VehicleCategory
from schemas.wording import fact_example, how_many, spoken


class VehicleDetected(Fact):
    """Stolen, cloned or otherwise suspicious vehicles, boats, engines or parts were found."""

    type: ClassVar = "vehicle.detected.v1"
    title: ClassVar = "Vehicle"
    posted_by: ClassVar = frozenset({By.NATIONAL, By.FRONTEX})
    opens: ClassVar = "vehicle"

    category: VehicleCategory | None = Field(description="Null while not established.")
    status: Literal["stolen", "cloned_vin", "embezzled", "false_plates", "chop_shop", "used_for_smuggling", "other"]
    count: HowMany = Field(1, description="A whole number, or a quantity; not_stated where nobody counted.")
    vehicle: Vehicle | None = None
    owner_country: CountryCode | None = Field(None, description="Whom to tell.")
    hit: Annotated[EntryId | None, OfKind("hit")] = Field(None, description="The hit that led to it.")

    def headline(self) -> str:
        category = spoken(self.category or "not established")
        return f"{how_many(self.count, 'vehicle')}: {spoken(self.status)}, {category}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return fact_example(
            category="car",
            status="stolen",
            count=1,
            owner_country="IT",
            crime_areas=["vehicle_crime"],
            vehicle={"make": "Invented", "colour": "blue", "plate_country": "IT", "plate": "XX000XX"},
        )
