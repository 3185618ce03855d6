"""Event, the base class of every fact: subclassing it registers the type."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, Self, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from schemas.blocks import needs_necessity_note
from schemas.door import at_the_door, fault, is_accredited
from schemas.vocabulary import (
    SECRET,
    AgencyCode,
    Audience,
    Code,
    CrimeArea,
    EntryId,
    Evaluation,
    Handling,
    Language,
    LongText,
    Occurred,
    OfKind,
    PhaseName,
    Place,
    Reference,
    Secret,
    Word,
)

REGISTER: dict[str, type["Event"]] = {}


class By(StrEnum):
    """Who may post a type: kinds of agency, roles in the operation, parties to the thing that it changes."""

    NATIONAL = "national"
    FRONTEX = "frontex"
    EUROPOL = "europol"
    EUROJUST = "eurojust"
    INTERPOL = "interpol"
    ALL = "all"  # every participant but observers, who only read
    LEAD = "lead"  # lead and co-lead
    OWNER = "owner"  # the agency that opened the thing, or for which it was opened
    AUTHORITY = "authority"  # who keeps the record that a hit hit
    TARGET = "target"  # who is asked for a cross-check
    ADDRESSEE = "addressee"
    ASSIGNEE = "assignee"
    DECIDER = "decider"  # who took the decision that is undone
    CONCERNED = "concerned"  # who owns a record that the opening event is `about`
    EXPERT = "expert"  # Frontex and experts the lead has named
    COMPETENT = "competent"  # national bodies of the country where the thing happened
    SIS_STATE = "sis_state"  # national bodies of states that have access to SIS (codes.SIS_STATES)
    SYSTEM = "system"


class Link(Word):
    """A tie to another entry."""

    rel: Literal["same_incident", "duplicates", "result_of", "answers", "supersedes", "part_of", "related"]
    target: EntryId


class Event(BaseModel):
    """What every event says beside its own facts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: ClassVar[str]
    title: ClassVar[str]
    posted_by: ClassVar[frozenset[By]]
    opens: ClassVar[str | None] = None
    """The kind of thing that this event begins (arrest, hit, ...)."""
    changes: ClassVar[str | None] = None
    """The member that names the thing, or the entry, which this event changes: it is a command."""
    beside: ClassVar[bool] = False
    """A command that only adds beside its thing: needs no version, and leaves the thing's version as it was."""
    after_closing: ClassVar[bool] = False
    """Accepted after closing: corrections, handling, permissions, erasure, figures, lessons."""
    for_host: ClassVar[bool] = False
    """Frontex may post it only `on_behalf_of` the host state."""
    owned_by_entry: ClassVar[bool] = False
    """Its OWNER is who posted the very entry that it names, not who opened that entry's thing."""
    carries: ClassVar[str | None] = None
    """The member that holds a whole event, of the type of the entry that it names."""
    opens_log: ClassVar[bool] = False
    """It is the first entry of an operation's log, and comes in by the door for operations."""
    fixed: ClassVar[frozenset[str]] = frozenset()
    """Members that a correction cannot change."""
    closes_log: ClassVar[bool] = False
    """From it on the operation's log takes no facts: only what is accepted `after_closing`."""
    reopens_log: ClassVar[bool] = False
    """From it on the log takes facts again."""
    decided: ClassVar[frozenset[str]] = frozenset()
    """States of the thing that it changes in which it comes too late: somebody has decided already."""
    within_about: ClassVar[bool] = False
    """Only who sees all records that it is `about` may see it."""
    for_owners: ClassVar[bool] = False
    """Whoever owns a record that it is `about` must see it, for they decide."""
    lasting: ClassVar[bool] = False
    """It cannot be retracted: another entry must undo it."""
    seals_log: ClassVar[bool] = False
    """After it the operation's log takes nothing more."""
    thing_named: ClassVar[str | None] = None
    """The kind of thing that `changes` names, where the member is not spelt like it."""

    occurred: Occurred
    audience: Audience
    handling: Handling
    evaluation: Evaluation | None = None
    on_behalf_of: AgencyCode | None = Field(None, description="The agency for which this is typed in; both are kept.")
    joint_with: list[AgencyCode] = Field(default=[], max_length=50, description="Other agencies that claim credit.")
    credit_only: bool = Field(default=False, description="Claims credit; another entry is the one that counts.")
    countable: bool = Field(default=False, description="H2 only: the number counts where the content is hidden.")
    show_existence: bool = Field(default=False, description="H2 only: others may see that a restricted entry exists.")
    in_scope: bool = True
    phase: PhaseName | None = None
    strand: Code | None = None
    incident: Annotated[EntryId | None, OfKind("incident")] = Field(
        None, description="The incident to which this belongs."
    )
    place: Place | None = None
    crime_areas: list[CrimeArea] = Field(default=[], max_length=20)
    purpose: Code | None = None
    classification: Literal["public", "bpl", "eu_restricted", "eu_confidential", "eu_secret"] | None = None
    source_ref: Reference | None = Field(None, description="The record's reference in the sender's own system.")
    tlp: Literal["RED", "AMBER", "AMBER+STRICT", "GREEN", "CLEAR"] | None = None
    lang: Language | None = None
    priority: Literal["low", "medium", "high"] | None = None
    links: list[Link] = Field(default=[], max_length=50)
    review_on: date | None = Field(None, description="When the owner looks again whether to keep the record.")
    necessity_note: Annotated[LongText | None, SECRET] = Field(
        None,
        description="Why it is strictly necessary to name this person: required with a person under 18 or a victim "
        "(Regulation (EU) 2016/794 Art. 30(1)).",
    )

    @field_validator("handling")
    @classmethod
    def _h2_is_named(cls, handling: Handling, info: ValidationInfo) -> Handling:
        audience = info.data.get("audience")
        if "H2" in handling.codes and audience is not None and audience.scope != "named":
            raise ValueError("H2 needs an audience with the scope named")
        return handling

    @field_validator("countable", "show_existence")
    @classmethod
    def _only_with_h2(cls, claimed: bool, info: ValidationInfo) -> bool:
        handling = info.data.get("handling")
        if claimed and handling is not None and "H2" not in handling.codes:
            raise ValueError("only with the handling code H2")
        return claimed

    @field_validator("classification")
    @classmethod
    def _not_above_accreditation(cls, level: str | None, info: ValidationInfo) -> str | None:
        if level not in (None, "public", "bpl") and at_the_door(info) and not is_accredited(info):
            raise ValueError("this deployment is accredited for public and bpl (basic protection level) only")
        return level

    @model_validator(mode="after")
    def _necessity_is_said(self, info: ValidationInfo) -> Self:
        # The note is sealed in the log, so only the door can ask for it.
        if at_the_door(info) and self.necessity_note is None and needs_necessity_note(self, self.occurred.from_.date()):
            raise fault(
                "necessity_note",
                "required with a person under 18 or a victim: say why it is strictly necessary",
            )
        return self

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: object) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if "type" in cls.__dict__:
            if cls.type in REGISTER:
                raise TypeError(f"two classes say they are {cls.type}")
            REGISTER[cls.type] = cls

    @classmethod
    @cache
    def adapter(cls) -> TypeAdapter[Self]:
        """Reads this type's `data` from JSON bytes."""
        return TypeAdapter(cls)

    def headline(self) -> str:
        """The line that the timeline shows: facts and codes, never a secret member."""
        raise NotImplementedError

    @classmethod
    def example(cls) -> dict[str, object]:
        """Invented `data` of this type, as an agency would post it."""
        raise NotImplementedError

    def posters(self) -> frozenset[By]:
        """Who may post this very event: others than `posted_by` where its content asks for it."""
        return self.posted_by

    def parties(self) -> dict[By, frozenset[str]]:
        """Of an opening event: authority, target, addressee, assignee; agency codes, or `country:XX`."""
        return {}

    def unfit(self, thing: Mapping[str, Any], *, named: "Event") -> PydanticCustomError | None:
        """Of a command: what is wrong with it beside the thing it changes.

        It is given the thing's own members, and the event of the entry that it names.
        """
        return None

    def due(self, recorded_at: datetime) -> datetime | None:
        """Of an opening event: by when it is to be answered or done, or until when it holds."""
        return None

    def moved_audience(self) -> Audience | None:
        """Of a command: the audience that it gives the thing; None where it leaves it."""
        return None

    def country_for(self, agency: str) -> str | None:
        """Where this happened, else the country of the agency that says it; international agencies have none."""
        if self.place is not None and self.place.country is not None:
            return self.place.country
        code = agency.partition("-")[0]
        return code if len(code) == 2 else None

    def combined(self, named: "Event | None") -> tuple[EntryId, ...]:
        """The records that it holds to be about one person or object; a command is given the event that it names."""
        return ()

    @property
    def about(self) -> tuple[EntryId, ...]:
        """Of an opening event: the records it speaks of, whose owners are the CONCERNED."""
        return ()

    @property
    def changed(self) -> EntryId | None:
        """Which thing or entry a command changes; None for an event that opens one."""
        return getattr(self, self.changes) if self.changes else None


class Fact(Event):
    """An event that states something about the world, so source and information are evaluated."""

    evaluation: Evaluation


class Lifecycle(Event):
    """An event about the operation itself: every participant may know it."""

    @field_validator("audience")
    @classmethod
    def _for_everyone(cls, audience: Audience) -> Audience:
        if audience.scope != "all":
            raise ValueError("events about the operation, its phases and participants have the scope all")
        return audience


@cache
def secrets(model: type[BaseModel]) -> dict[str, object]:
    """Where a model keeps what must be sealed: member -> True, or the secrets of the model inside it."""
    found: dict[str, object] = {}
    for name, field in model.model_fields.items():
        spelt = field.alias or name
        if any(isinstance(mark, Secret) for mark in field.metadata):
            found[spelt] = True
        else:
            for inner in models_in(field.annotation):
                if deeper := secrets(inner):
                    found[spelt] = deeper
    return found


def models_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in models_in(part)]
