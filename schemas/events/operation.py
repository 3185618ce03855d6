"""The operation's own life: created, closed to new facts, reopened, archived."""

from functools import cache
from typing import Annotated, ClassVar, Literal
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    AwareDatetime,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from schemas.blocks import Document, Person, Vehicle
from schemas.codes import EMPACT_PRIORITIES
from schemas.door import at_the_door, fault
from schemas.event import REGISTER, By, Fact, Lifecycle, models_in
from schemas.organisations import Organisation
from schemas.templates import templates
from schemas.vocabulary import (
    AgencyCode,
    AgencyKind,
    Code,
    EntryId,
    LongText,
    OperationCode,
    PhaseName,
    Place,
    ShortText,
    Word,
)
from schemas.wording import AN_ENTRY, command_example


def _time_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("use an IANA time zone such as Europe/Vienna")
    return name


TypeName = Annotated[str, StringConstraints(pattern=r"^[a-z_]+\.[a-z_]+\.v[0-9]+$", max_length=80)]


class Window(Word):
    """The planned days. Its end closes nothing: only `operation.closed` does."""

    from_: AwareDatetime = Field(alias="from")
    to: AwareDatetime
    time_zone: Annotated[str, StringConstraints(max_length=64), AfterValidator(_time_zone)] = Field(
        description="IANA name; days of figures and reports are cut in it."
    )

    @model_validator(mode="after")
    def _in_order(self) -> "Window":
        if self.to < self.from_:
            raise fault("to", "lies before `from`")
        return self


class PlannedPhase(Word):
    """A phase as it is planned, of the operation or of one strand; that it began, `phase.started` says."""

    phase: PhaseName
    strand: Code | None = None
    from_: AwareDatetime = Field(alias="from")
    to: AwareDatetime

    @model_validator(mode="after")
    def _in_order(self) -> "PlannedPhase":
        if self.to < self.from_:
            raise fault("to", "lies before `from`")
        return self


class OperationCreated(Lifecycle):
    """An operation begins: its code, its window, who leads it and what it is for."""

    type: ClassVar = "operation.created.v1"
    title: ClassVar = "Operation created"
    lasting: ClassVar = True
    posted_by: ClassVar = frozenset({By.LEAD})
    opens: ClassVar = "operation"
    opens_log: ClassVar = True
    fixed: ClassVar = frozenset({"code", "exercise"})

    code: OperationCode = Field(description="Names the operation in every address, for ever.")
    name: ShortText
    window: Window
    lead: list[AgencyCode] = Field(min_length=1, max_length=10, description="Lead agencies; the first is the lead.")
    priorities: list[Code] = Field(max_length=20, description="Of the EMPACT cycle, where one is named.")
    empact_cycle: Literal["2022-2025", "2026-2029"] | None = None
    exercise: bool = Field(
        default=False,
        description="In an exercise the report's own `time` is the clock: entries are recorded at it.",
    )
    scope: LongText | None = Field(None, description="What is in scope, in words.")
    strands: list[Code] = Field(default=[], max_length=20)
    phases: list[PlannedPhase] = Field(default=[], max_length=60, description="As planned; they may overlap.")
    centre: Place | None = Field(None, description="Where the coordination centre is.")
    text: LongText | None = Field(None, description="Remarks and assumptions for every participant; nothing secret.")
    narrows: dict[TypeName, list[AgencyKind]] | None = Field(
        None,
        max_length=100,
        description="Types that fewer kinds of agency may post here; never more. None about the operation itself, and "
        "none that goes on after closing.",
    )
    checks: dict[TypeName, Annotated[list[AgencyCode], Field(min_length=1, max_length=20)]] | None = Field(
        None,
        max_length=20,
        description="Types whose suspects, documents and vehicles are compared although nobody asks, and by whom, if "
        "they delegated to the cross-check engine: the first with what others contributed, each with its own lists.",
    )
    template: Code | None = Field(None, description="The template that this was made from: /v1/templates.")

    @field_validator("template")
    @classmethod
    def _of_a_template_that_exists(cls, code: str | None, info: ValidationInfo) -> str | None:
        if code is not None and at_the_door(info) and code not in templates():
            raise PydanticCustomError("no_template", "there is no such template", {"accepted": sorted(templates())})
        return code

    @field_validator("narrows")
    @classmethod
    def _narrows_what_can_be_narrowed(
        cls, narrows: dict[str, list[AgencyKind]] | None, info: ValidationInfo
    ) -> dict[str, list[AgencyKind]] | None:
        if not at_the_door(info):
            return narrows
        if any(name not in REGISTER for name in narrows or {}):
            raise ValueError("names a type that does not exist")
        # Else an operation could be made that nobody can close, or in which nobody may correct what is wrong.
        if any(issubclass(REGISTER[name], Lifecycle) or REGISTER[name].after_closing for name in narrows or {}):
            raise ValueError("the life of the operation, and rights over records, are narrowed by nobody")
        return narrows

    @field_validator("checks")
    @classmethod
    def _checks_what_can_be_compared(
        cls, checks: dict[str, list[str]] | None, info: ValidationInfo
    ) -> dict[str, list[str]] | None:
        if at_the_door(info) and not set(checks or {}) <= _compared():
            accepted = sorted(_compared())
            raise PydanticCustomError("not_compared", "names a type that says of nobody", {"accepted": accepted})
        return checks

    @model_validator(mode="after")
    def _priorities_of_the_cycle(self) -> "OperationCreated":
        if self.empact_cycle and any(code not in EMPACT_PRIORITIES[self.empact_cycle] for code in self.priorities):
            accepted = ", ".join(EMPACT_PRIORITIES[self.empact_cycle].codes)
            raise fault("priorities", f"the priorities of this cycle are {accepted}")
        return self

    def headline(self) -> str:
        exercise = " (exercise)" if self.exercise else ""
        return f"Operation {self.name} opened, led by {', '.join(self.lead)}{exercise}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(
            code="jad-invented-2022",
            name="JAD Invented",
            window={
                "from": "2022-06-24T00:00:00+02:00",
                "to": "2022-07-05T00:00:00+02:00",
                "time_zone": "Europe/Vienna",
            },
            lead=["FRONTEX", "AT"],
            empact_cycle="2022-2025",
            priorities=["migrant_smuggling", "trafficking_in_human_beings", "document_fraud"],
            exercise=True,
            strands=["land_borders"],
            centre={"country": "AT", "text": "Vienna"},
            text="Invented for a drill.",
        )


@cache
def _compared() -> frozenset[str]:
    """The types of facts that may tell of a suspect, a document, a vehicle or an organisation."""
    blocks = {Person, Document, Vehicle, Organisation}
    return frozenset(
        name
        for name, kind in REGISTER.items()
        if issubclass(kind, Fact)
        and By.SYSTEM not in kind.posted_by
        and any(blocks & set(models_in(field.annotation)) for field in kind.model_fields.values())
    )


class OperationClosed(Lifecycle):
    """No new facts from here on; corrections, handling, permissions, erasure, figures and lessons go on."""

    type: ClassVar = "operation.closed.v1"
    title: ClassVar = "Operation closed"
    lasting: ClassVar = True
    closes_log: ClassVar = True
    posted_by: ClassVar = frozenset({By.LEAD})
    changes: ClassVar = "opening"
    thing_named: ClassVar = "operation"

    opening: EntryId = Field(description="The operation, by the entry that created it.")
    reason: ShortText | None = None

    def headline(self) -> str:
        return "Operation closed: no new facts"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(opening=AN_ENTRY, reason="The action days are over.")


class OperationReopened(Lifecycle):
    """New facts are let in again, in the same log."""

    type: ClassVar = "operation.reopened.v1"
    title: ClassVar = "Operation reopened"
    lasting: ClassVar = True
    reopens_log: ClassVar = True
    posted_by: ClassVar = frozenset({By.LEAD})
    changes: ClassVar = "opening"
    thing_named: ClassVar = "operation"
    after_closing: ClassVar = True

    opening: EntryId = Field(description="The operation, by the entry that created it.")
    reason: ShortText

    def headline(self) -> str:
        return "Operation reopened"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(opening=AN_ENTRY, reason="Late reports of the last night.")


class OperationArchived(Lifecycle):
    """The log is sealed for good: nothing is taken any more."""

    type: ClassVar = "operation.archived.v1"
    title: ClassVar = "Operation archived"
    lasting: ClassVar = True
    closes_log: ClassVar = True
    posted_by: ClassVar = frozenset({By.LEAD})
    changes: ClassVar = "opening"
    thing_named: ClassVar = "operation"
    seals_log: ClassVar = True
    after_closing: ClassVar = True

    opening: EntryId = Field(description="The operation, by the entry that created it.")
    reason: ShortText | None = None

    def headline(self) -> str:
        return "Operation archived: the log is sealed"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(opening=AN_ENTRY, reason="Evaluation report accepted.")
