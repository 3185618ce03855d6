"""Irregular crossings and stays that were detected."""

from typing import ClassVar, Literal

from pydantic import Field

from schemas.blocks import Group
from schemas.codes import IRREGULAR_MIGRATION_TYPES
from schemas.event import By, Fact
from schemas.vocabulary import Count, EntryId, HowMany, MigrationType
from schemas.wording import fact_example, how_many


class IrregularMigrationDetected(Fact):
    """Persons were detected crossing or staying irregularly. Detections are counted, not persons."""

    type: ClassVar = "irregular_migration.detected.v1"
    title: ClassVar = "Irregular migration"
    posted_by: ClassVar = frozenset({By.NATIONAL, By.FRONTEX})
    opens: ClassVar = "detection"

    kind: MigrationType = Field(description="IrregularStay counts as overstayers, all others as irregular migrants.")
    count: HowMany
    groups: list[Group] = Field(
        default=[], max_length=50, description="By nationality, age band, sex; may be incomplete."
    )
    unaccompanied_minors: Count | None = None
    manner: Literal["overt", "clandestine"] | None = None
    transport: Literal["on_foot", "car", "van", "lorry", "bus", "train", "boat", "aircraft", "other"] | None = None
    direction: Literal["entry", "exit", "transit", "internal"] | None = None
    detected_by: Literal["crossing_point_check", "surveillance", "other"] | None = None
    facilitation: EntryId | None = Field(None, description="The arrest, suspect or incident of the facilitation.")

    def headline(self) -> str:
        return f"{how_many(self.count, 'person')} detected: {IRREGULAR_MIGRATION_TYPES.label(self.kind).lower()}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return fact_example(
            kind="IrregularBorderEntry",
            count=9,
            groups=[{"count": 7, "nationality": "SY", "age_band": "18-34"}],
            unaccompanied_minors=1,
            manner="clandestine",
            transport="lorry",
            direction="entry",
            crime_areas=["irregular_migration"],
        )
