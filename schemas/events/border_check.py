"""Border checks and database searches: aggregates, and single checks of whom or what was suspected."""

from typing import ClassVar, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from schemas.blocks import COMPARED, Document, Person, Vehicle
from schemas.door import at_the_door, fault
from schemas.event import By, Fact
from schemas.vocabulary import HowMany, Word
from schemas.wording import fact_example, how_many

CheckKind = Literal["person", "vehicle", "document", "premises", "parcel", "flight", "vessel", "location"]


class CheckLine(Word):
    """One number: what it covers, at which level. A composite count stays composite."""

    covers: list[CheckKind] = Field(
        min_length=1, max_length=8, description="Several kinds: one number for all of them."
    )
    quantity: HowMany
    level: Literal["first_line", "second_line", "database_search"]
    direction: Literal["entry", "exit", "transit", "internal"] | None = None
    system: (
        Literal[
            "SIS",
            "VIS",
            "EES",
            "Nominals",
            "SLTD",
            "TDAWN",
            "SMV",
            "iARMS",
            "WoA",
            "EIS",
            "national",
            "other",
        ]
        | None
    ) = Field(None, description="For database searches: where was searched.")

    @field_validator("covers")
    @classmethod
    def _each_once(cls, covers: list[CheckKind]) -> list[CheckKind]:
        if len(set(covers)) != len(covers):
            raise ValueError("each kind once")
        return covers

    @property
    def metric(self) -> str:
        if self.level == "database_search":
            return f"searches.{self.system}" if self.system else "searches"
        return f"checks.{'+'.join(sorted(self.covers))}"

    @property
    def manner(self) -> str:
        """What an aggregate and the single reports that it may include have in common."""
        return f"{self.level}|{self.direction or ''}"


class BorderCheckReported(Fact):
    """How many persons, vehicles, documents were checked in a period: `occurred` is the period.

    One check may be posted by itself, with the suspect, the document or the vehicle that it was about.
    """

    type: ClassVar = "border_check.reported.v1"
    title: ClassVar = "Checks"
    posted_by: ClassVar = frozenset({By.NATIONAL, By.FRONTEX})
    fixed: ClassVar = frozenset({"mode"})

    lines: list[CheckLine] = Field(min_length=1, max_length=100)
    mode: Literal["increment", "cumulative_to_date"] = Field(
        description="A cumulative report replaces the agency's earlier one; increments add."
    )
    includes_itemised: bool = Field(
        default=False,
        description="True: events posted one by one are in these numbers already, so nothing is added twice.",
    )

    subject: Person | None = Field(None, description="Of one check: a suspect. Of anybody else a check is a number.")
    document: Document | None = Field(None, description="Of one check.")
    vehicle: Vehicle | None = Field(None, description="Of one check.")

    @model_validator(mode="after")
    def _about_one_suspect(self, info: ValidationInfo) -> Self:
        if not at_the_door(info):
            return self
        if self.subject is not None and self.subject.subject_category not in COMPARED:
            raise fault("subject/subject_category", "of whom nobody suspects a check is a number, without a name")
        named = next((name for name in ("subject", "document", "vehicle") if getattr(self, name) is not None), None)
        if named is not None and (self.mode != "increment" or any(line.quantity != 1 for line in self.lines)):
            raise fault(named, "only of one check by itself: an increment whose lines say 1")
        return self

    def headline(self) -> str:
        first = self.lines[0]
        others = len(self.lines) - 1
        rest = f" and {how_many(others, 'more line')}" if others else ""
        noun = "record" if first.level == "database_search" else "item"
        done = "Searched" if first.level == "database_search" else "Checked"
        return f"{done}: {how_many(first.quantity, noun)}, {', '.join(first.covers)}{rest}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return fact_example(
            occurred={
                "from": "2022-06-24T00:00:00+02:00",
                "to": "2022-06-25T00:00:00+02:00",
                "precision": "period",
            },
            mode="increment",
            lines=[
                {
                    "covers": ["person", "vehicle", "premises"],
                    "quantity": {"value": 4100, "unit": "C62", "qualifier": "over"},
                    "level": "first_line",
                },
                {"covers": ["document"], "quantity": 312, "level": "database_search", "system": "SLTD"},
            ],
        )
