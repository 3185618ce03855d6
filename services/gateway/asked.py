"""What may be asked of a read: the query parameters, each with its meaning."""

from datetime import datetime
from difflib import get_close_matches
from typing import Annotated, ClassVar, Literal, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

import schemas.events  # noqa: F401  (finds every event type)
from schemas.door import fault
from schemas.event import REGISTER
from schemas.vocabulary import AgencyCode, Code, CountryCode, CrimeArea
from services.gateway.problems import Malformed

_TIME = TypeAdapter(AwareDatetime)
_ID = TypeAdapter(UUID)


def _known_type(name: str) -> str:
    if name not in REGISTER:
        near = get_close_matches(name, REGISTER, n=3, cutoff=0.5)
        accepted = near or sorted(REGISTER)
        raise PydanticCustomError("not_in_list", "no such event type", {"accepted": accepted})
    return name


class Reading(BaseModel):
    """Every read: which moment of the operation."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    asks_as: ClassVar[str] = "as_of"
    """The parameter that names the moment."""

    as_of: str | None = Field(
        None,
        max_length=64,
        description="What was known then: a time with its offset, or an entry id; inclusive.",
    )
    at: AwareDatetime | None = Field(None, description="What had happened by then, by the time of the fact.")
    after: UUID | None = Field(None, description="Wait until this entry is in the picture.")
    wait: Annotated[float, Field(ge=0, le=30)] = Field(5, description="How many seconds to wait for `after`.")

    def as_of_moment(self) -> datetime | UUID | None:
        """The time or the entry asked for. Raises Malformed when it is neither."""
        return None if self.as_of is None else moment_of(self.as_of, name="as_of")


def moment_of(text: str, *, name: str) -> datetime | UUID:
    """A moment as it is asked for: a time, or the entry that was the last. Raises Malformed when it is neither."""
    for reads in (_ID, _TIME):
        try:
            return reads.validate_python(text)
        except ValidationError:
            continue
    raise Malformed(f"{name} is a time with its offset, as in 2022-06-24T12:00:00+02:00, or an entry id.")


class Manner(BaseModel):
    """Every post of reports: how they are taken."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    atomic: bool = Field(False, description="Of a batch: all its reports or none.")
    import_: bool = Field(
        False, alias="import", description="History brought in by the lead: entries are marked as imported."
    )


class Filtered(Reading):
    """Reads that can be narrowed; a repeated filter means any of its values."""

    type: Annotated[list[Annotated[str, AfterValidator(_known_type)]], Field(max_length=50)] = []
    country: Annotated[list[CountryCode], Field(max_length=60)] = Field(
        default=[], description="Of the place; else of the agency."
    )
    agency: Annotated[list[AgencyCode], Field(max_length=60)] = []
    category: Annotated[list[Code], Field(max_length=50)] = []
    state: Annotated[list[Code], Field(max_length=20)] = []
    phase: Annotated[
        list[Literal["preparation", "intelligence", "operational", "follow_up"]], Field(max_length=10)
    ] = []
    strand: Annotated[list[Code], Field(max_length=20)] = []
    crime_area: Annotated[list[CrimeArea], Field(max_length=30)] = []
    scope: Literal["all", "in"] = Field("all", description="in: without what is out of the operation's scope.")
    from_: AwareDatetime | None = Field(None, alias="from", description="Happened at or after.")
    to: AwareDatetime | None = Field(None, description="Happened before.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_ is not None and self.to is not None and self.to < self.from_:
            raise fault("to", "lies before `from`")
        return self

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is set: then hidden entries that only count are left out."""
        lists = (self.type, self.country, self.agency, self.category, self.state, self.phase, self.strand)
        return (
            any(lists) or bool(self.crime_area) or self.scope == "in" or self.from_ is not None or self.to is not None
        )

    def unnarrowed(self) -> Self:
        """The same without any filter."""
        return self.model_copy(update={name: Filtered.model_fields[name].get_default() for name in _FILTERS})


_FILTERS = sorted(Filtered.model_fields.keys() - Reading.model_fields.keys())


class Watching(BaseModel):
    """The live stream: from where, and of what; a repeated filter means any of its values."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cursor: Annotated[str, Field(max_length=200)] | None = Field(
        None, description="`tail` of an answer, or the `id` of a frame; without it, from now on."
    )
    type: Annotated[list[Annotated[str, AfterValidator(_known_type)]], Field(max_length=50)] = []
    country: Annotated[list[CountryCode], Field(max_length=60)] = Field(
        default=[], description="Of the place of the record; else of its agency."
    )
    category: Annotated[list[Code], Field(max_length=50)] = Field(default=[], description="Of the record.")


class Replaying(BaseModel):
    """A replay: of what, in which order, and how fast."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    from_: str | None = Field(
        None, alias="from", max_length=64, description="Begin there: a time with its offset, or an entry id; inclusive."
    )
    to: str | None = Field(None, max_length=64, description="End there, inclusive; otherwise with what is known now.")
    by: Literal["known", "happened"] = Field(
        "known", description="known: as it came in. happened: by the time of the fact; `from` and `to` are times then."
    )
    speed: Annotated[float, Field(ge=0.1, le=10_000)] = Field(
        1, description="Of the operation's own rhythm; 3600 tells an hour in a second."
    )
    step: Annotated[int, Field(ge=1, le=200)] | None = Field(
        None, description="Tell so many entries at once, and pause."
    )
    cursor: Annotated[str, Field(max_length=200)] | None = Field(None, description="The `id` of an entry: go on there.")

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        begin, end = self.begin(), self.end()
        if self.by == "happened" and (isinstance(begin, UUID) or isinstance(end, UUID)):
            raise Malformed("By what happened, `from` and `to` are times with their offset.")
        if isinstance(begin, datetime) and isinstance(end, datetime) and begin > end:
            raise Malformed("`from` is after `to`; give them the other way round.")
        return self

    def begin(self) -> datetime | UUID | None:
        return None if self.from_ is None else moment_of(self.from_, name="from")

    def end(self) -> datetime | UUID | None:
        return None if self.to is None else moment_of(self.to, name="to")

    def last_known(self) -> str | None:
        """The moment whose picture is told."""
        return self.to if self.by == "known" else None

    def what(self) -> str:
        """What a cursor is bound to."""
        return self.model_dump_json(include={"from_", "to", "by"})


class Paged(Reading):
    """Reads that come in pages."""

    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    cursor: Annotated[str, Field(max_length=200)] | None = Field(None, description="`next` of the page before.")

    def query(self) -> str:
        """What a cursor is bound to: everything but the page."""
        return self.model_dump_json(exclude={"limit", "cursor", "after", "wait"})


class Listing(Paged, Filtered):
    """Lists that can be narrowed."""


class Sorted(Listing):
    """Lists by time of the fact."""

    sort: Literal["newest", "oldest"] = Field("newest", description="By the time of the fact.")

    @property
    def newest_first(self) -> bool:
        return self.sort == "newest"


class SortedByDue(Sorted):
    """Lists of what is due at some time."""

    sort: Literal["newest", "oldest", "due"] = Field(  # type: ignore[assignment]
        "newest", description="By the time of the fact; due: what is due first, without what has no time."
    )
