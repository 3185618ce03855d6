"""Database hits: raised, verified by the record's authority, acted upon."""

from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, StringConstraints, ValidationInfo, model_validator

from schemas.blocks import Document, Person, Vehicle
from schemas.codes import INTERPOL_DATABASES
from schemas.door import at_the_door, fault
from schemas.event import By, Event, Fact
from schemas.vocabulary import SECRET, AgencyCode, CountryCode, EntryId, Reference, ShortText, Word
from schemas.wording import AN_ENTRY, command_example, fact_example, spoken

__all__ = ["INTERPOL_DATABASES", "Database", "HitActioned", "HitRaised", "HitVerified"]

Database = Literal["Nominals", "SLTD", "TDAWN", "SMV", "iARMS", "WoA", "SIS", "EIS", "national", "other"]

ROUNDING_BITS = 0.051
SIRENE_CLOCK = timedelta(hours=12)
"""How long the SIRENE Bureau of the state that issued a SIS alert has (Regulation (EU) 2018/1862 Art. 8(3))."""


Spelt = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]


class MatchReason(Word):
    """One feature of two records: on which level it agrees, and what that weighs. It repeats nothing of them."""

    feature: Spelt = Field(description="name, birth, document, plate, ...")
    level: Spelt = Field(description="same, similar, swapped, ...")
    bits: float = Field(ge=-100, le=100, description="Log2 of how much more often it comes with one person than two.")
    words: ShortText = Field(description="The same for people.")


class Matched(Word):
    """Why a machine raised the hit. A lead for people: never an identification, and nothing follows from it alone."""

    band: Literal["exact", "strong", "possible"] = Field(
        description="exact: an equal number of one issuer or country; strong: name and date of birth; possible: less."
    )
    bits: float = Field(ge=-1000, le=1000, description="The sum of the reasons'.")
    weights: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,6}$")] = Field(
        description="The version of the weights."
    )
    reasons: list[MatchReason] = Field(min_length=1, max_length=20)

    @model_validator(mode="after")
    def _reasons_sum_to_the_bits(self) -> Self:
        if abs(sum(reason.bits for reason in self.reasons) - self.bits) > ROUNDING_BITS:
            raise fault("bits", "the sum of what the reasons weigh")
        return self


class HitRaised(Fact):
    """A search matched a record. Raw: whether it holds is for the record's authority to say.

    INTERPOL raises hits in its own databases, and only states that have access to SIS raise hits in it.
    """

    type: ClassVar = "hit.raised.v1"
    title: ClassVar = "Hit"
    posted_by: ClassVar = frozenset({By.NATIONAL, By.FRONTEX, By.INTERPOL, By.SYSTEM})
    opens: ClassVar = "hit"

    database: Database
    object: Literal["person", "document", "vehicle", "organisation", "vessel", "weapon", "artwork", "other"] = Field(
        description="What matched. A document's holder may be innocent."
    )
    query_route: Literal["online", "FIND", "MIND", "manual"] = Field(
        description="MIND is an offline copy: may be stale."
    )
    record_owner_country: CountryCode | None = Field(description="Whose record it is; null only in INTERPOL's and EIS.")
    record_ref: Annotated[Reference | None, SECRET] = None
    subject: Person | None = None
    document: Document | None = None
    vehicle: Vehicle | None = None
    requested_action: ShortText | None = Field(None, description="What the record asks for, in a few words.")
    result_of: EntryId | None = Field(None, description="The check that raised it.")
    record: EntryId | None = Field(None, description="What was contributed here and matched.")
    asked_by: AgencyCode | None = Field(
        None, description="Of a hit that whoever asked may not see, because its owner shows only that something exists."
    )
    matched: Matched | None = Field(None, description="Of a hit that a machine raised: how it came to it.")

    @model_validator(mode="after")
    def _somebody_can_verify(self) -> Self:
        if self.database in ("SIS", "national", "other") and self.record_owner_country is None:
            raise fault("record_owner_country", "required: the record's owner verifies the hit")
        return self

    def posters(self) -> frozenset[By]:
        if self.database in INTERPOL_DATABASES:
            return self.posted_by
        national = By.SIS_STATE if self.database == "SIS" else By.NATIONAL
        return frozenset({national, By.FRONTEX, By.SYSTEM})

    def parties(self) -> dict[By, frozenset[str]]:
        if self.database in INTERPOL_DATABASES:
            return {By.AUTHORITY: frozenset({"INTERPOL"})}
        if self.database == "EIS":
            return {By.AUTHORITY: frozenset({"EUROPOL"})}
        return {By.AUTHORITY: frozenset({f"country:{self.record_owner_country}"})}

    def combined(self, named: Event | None) -> tuple[EntryId, ...]:
        return tuple(one for one in (self.result_of, self.record) if one is not None)

    def due(self, recorded_at: datetime) -> datetime | None:
        return recorded_at + SIRENE_CLOCK if self.database == "SIS" else None

    def headline(self) -> str:
        owner = f", record of {self.record_owner_country}" if self.record_owner_country else ""
        return f"Hit in {self.database}: {self.object}{owner}"

    @classmethod
    def example(cls) -> dict[str, Any]:
        return fact_example(
            database="Nominals",
            object="person",
            query_route="online",
            record_owner_country="IL",
            record_ref="INVENTED/2022/1",
            subject={"subject_category": "suspect", "names": [{"family": "Invented"}], "birth_date": "1961"},
        )


class HitVerified(Event):
    """The authority that keeps the record said whether the hit holds."""

    type: ClassVar = "hit.verified.v1"
    title: ClassVar = "Hit verified"
    posted_by: ClassVar = frozenset({By.AUTHORITY})
    changes: ClassVar = "hit"

    hit: EntryId
    outcome: Literal["confirmed", "refuted", "undetermined"]

    def headline(self) -> str:
        return f"Hit {self.outcome}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(hit=AN_ENTRY, outcome="confirmed")


class HitActioned(Event):
    """What was done about the hit."""

    type: ClassVar = "hit.actioned.v1"
    title: ClassVar = "Hit actioned"
    posted_by: ClassVar = frozenset({By.NATIONAL})
    changes: ClassVar = "hit"

    hit: EntryId
    action: Literal["arrested", "seized", "refused", "located", "discreet_done", "none"]
    reason: ShortText | None = Field(None, description="Why nothing was done; nothing about persons.")

    @model_validator(mode="after")
    def _discreet_is_not_shown(self, info: ValidationInfo) -> Self:
        if self.action == "discreet_done" and self.audience.scope != "named":
            raise fault("audience/scope", "a discreet check needs an audience with the scope named")
        if self.action == "discreet_done" and at_the_door(info) and not self.audience.lists_its_own:
            raise fault("audience/roles", "a discreet check is for agencies or groups that are named")
        return self

    def headline(self) -> str:
        return f"Hit actioned: {spoken(self.action)}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(hit=AN_ENTRY, action="arrested")
