"""Border checks and database searches, which arrive as aggregates only."""

from typing import ClassVar, Literal

from pydantic import Field, field_validator

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
    """How many persons, vehicles, documents were checked in a period: `occurred` is the period."""

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
