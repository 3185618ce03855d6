"""Alerts to all desks."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from schemas.blocks import Person, Vehicle
from schemas.door import fault
from schemas.event import By, Event
from schemas.vocabulary import SECRET, CountryCode, LongText
from schemas.wording import command_example, spoken


class AlertBroadcast(Event):
    """Something that desks must know now, until it expires."""

    type: ClassVar = "alert.broadcast.v1"
    title: ClassVar = "Alert"
    posted_by: ClassVar = frozenset({By.LEAD, By.EUROPOL, By.INTERPOL, By.NATIONAL})
    opens: ClassVar = "alert"

    level: Literal["information", "warning", "danger"]
    code: Literal[
        "wanted_person",
        "missing_child",
        "vehicle_at_large",
        "armed_person",
        "new_method",
        "false_document_series",
        "danger_to_officers",
        "system_outage",
        "other",
    ] = Field(description="What it is about, sayable without names.")
    expires_at: AwareDatetime
    areas: list[CountryCode] = Field(default=[], max_length=50, description="None: everywhere.")
    subject: Person | None = None
    vehicle: Vehicle | None = None
    text: Annotated[LongText | None, SECRET] = None

    @model_validator(mode="after")
    def _expires_later(self) -> Self:
        if self.expires_at <= self.occurred.from_:
            raise fault("expires_at", "lies before the alert")
        return self

    def due(self, recorded_at: datetime) -> datetime | None:
        return self.expires_at

    def headline(self) -> str:
        areas = f" ({', '.join(self.areas)})" if self.areas else ""
        return f"{self.level.capitalize()}: {spoken(self.code)}{areas}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(
            level="warning",
            code="vehicle_at_large",
            expires_at="2022-06-25T12:00:00+02:00",
            areas=["HU", "RS"],
            vehicle={"category": "van", "colour": "white", "plate": "XX-000-XX"},
            text="Invented: did not stop for the patrol.",
        )
