"""Report, what an agency posts; Entry, what the log keeps; Receipt, what the door answers."""

from functools import cache
from typing import Annotated, Any, Generic, Literal, TypeVar, Union
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, create_model

from schemas.event import REGISTER, Event
from schemas.vocabulary import AgencyCode, OperationCode

EventT = TypeVar("EventT", bound=Event)

SOURCE_CHARACTER = r"[^\s<>\"{}|\\^`]"
"""What a URI reference is made of, as far as a pattern can say."""


class Report(BaseModel, Generic[EventT]):
    """A CloudEvent 1.0 in structured form, whose `data` is one event. Unknown extensions are kept."""

    model_config = ConfigDict(extra="allow", frozen=True)

    specversion: Literal["1.0"]
    id: Annotated[str, StringConstraints(min_length=1, max_length=128)] = Field(
        description="Unique within agency and source: the same id is the same report, for ever."
    )
    source: Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=rf"^{SOURCE_CHARACTER}+$")] = Field(
        description="URI reference of the sending system."
    )
    type: str
    subject: Annotated[str, StringConstraints(min_length=1, max_length=256)] | None = None
    time: AwareDatetime | None = Field(None, description="When the sending system made the report.")
    datacontenttype: Literal["application/json"] | None = None
    ifmatch: Annotated[str, StringConstraints(max_length=128)] | None = Field(
        None, description="For commands in a batch: what If-Match is for a single post."
    )
    data: EventT


@cache
def report_model(event: type[Event]) -> type[Report[Any]]:
    """The report that carries one type of event."""
    return create_model(
        f"{event.__name__}Report",
        __base__=Report[event],  # type: ignore[valid-type]
        __doc__=event.__doc__,
        type=(Literal[event.type], ...),  # type: ignore[arg-type]
    )


@cache
def report_adapter() -> TypeAdapter[Report[Any]]:
    """Reads any registered report straight from JSON bytes, told apart by `type`."""
    import schemas.events  # noqa: F401  (finds every event type)

    models = [report_model(event) for _, event in sorted(REGISTER.items())]
    return TypeAdapter(Annotated[Union[tuple(models)], Field(discriminator="type")])  # type: ignore[arg-type]  # noqa: UP007


class Sealed(BaseModel):
    """The secret members of one block, encrypted under a key of their own. Without the key they are gone."""

    key: UUID
    box: str = Field(description="Base64 of nonce and AES-256-GCM ciphertext.")


class Entry(BaseModel):
    """One line of an operation's log."""

    model_config = ConfigDict(extra="forbid")

    entry: UUID
    operation: OperationCode
    thing: UUID = Field(description="The thing that this entry opened or changed.")
    agency: AgencyCode = Field(description="Who posted, and answers for it.")
    actor: str = Field(description="The credential that posted: a system or a desk, never a person's name.")
    recorded_at: AwareDatetime = Field(description="When the gateway took it; in an exercise, the exercise's clock.")
    received_at: AwareDatetime | None = Field(None, description="In an exercise: the true time.")
    imported: bool = Field(False, description="History that was brought in afterwards; `report.time` is its own time.")
    digest: str = Field(description="Keyed digest of type, subject and data as posted.")
    sealed: dict[str, Sealed] = Field(default={}, description="By JSON pointer into `data`.")
    report: dict[str, Any]


class Receipt(BaseModel):
    """The door's promise: on disk, once, for ever."""

    entry: UUID
    operation: OperationCode
    recorded_at: AwareDatetime
    digest: str
    etag: str = Field(description="The thing's version after this entry, for If-Match.")
