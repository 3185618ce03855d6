"""Auditing: the whole disclosure ledger of an operation, for an auditor alone, whose reading is a line of it too."""

from datetime import UTC, datetime
from typing import Annotated, Any, Self, get_args
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from schemas.door import fault
from schemas.vocabulary import AgencyCode
from services.gateway.credentials import Caller
from services.gateway.cursors import Seals
from services.gateway.ledger_index import LedgerIndex
from services.shared.disclosures import Act, Disclosure, Disclosures

_NAME = "disclosures"
_BY_DEFAULT = "audit"
_POSITION_BYTES = 8


class Audited(BaseModel):
    """What of the ledger is asked for; a repeated filter means any of its values."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    entry: UUID | None = Field(None, description="Only lines by which this entry was given.")
    originator: Annotated[list[AgencyCode], Field(max_length=60)] = Field([], description="Whose records were given.")
    agency: Annotated[list[AgencyCode], Field(max_length=60)] = Field([], description="To whom they were given.")
    actor: Annotated[list[Annotated[str, Field(max_length=128)]], Field(max_length=20)] = Field(
        [], description="Which desk or officer of it, as the ledger calls them."
    )
    act: Annotated[list[Act], Field(max_length=len(get_args(Act)))] = []
    from_: AwareDatetime | None = Field(None, alias="from", description="Given at or after.")
    to: AwareDatetime | None = Field(None, description="Given before.")
    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    cursor: Annotated[str, Field(max_length=200)] | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_ is not None and self.to is not None and self.to < self.from_:
            raise fault("to", "lies before `from`")
        return self

    def about(self) -> str:
        """The filters, in one fixed spelling."""
        return self.model_dump_json(exclude={"limit", "cursor"}, exclude_defaults=True, by_alias=True)

    def conditions(self) -> list[tuple[str, Any]]:
        """The filters as conditions of SQL, each with its value."""
        lists = ("originator", "agency", "actor", "act")
        said = [(f"{name} = any(%s)", getattr(self, name)) for name in lists if getattr(self, name)]
        one_each = [
            ("entries && %s::uuid[]", [self.entry] if self.entry else None),
            ("at >= %s", self.from_),
            ("at < %s", self.to),
        ]
        return [*said, *((condition, value) for condition, value in one_each if value is not None)]


class Audits:
    """Gives auditors the ledger in pages, the latest line first."""

    def __init__(self, ledger: Disclosures, index: LedgerIndex, *, seals: Seals) -> None:
        self._ledger = ledger
        self._index = index
        self._seals = seals

    async def page(self, operation: str, caller: Caller, asked: Audited, *, purpose: str | None) -> dict[str, Any]:
        """One page. That it was read is in the ledger when this returns.

        Raises LedgerUnavailable, or Malformed for a cursor of another auditor or another question.
        """
        bound_to = (_NAME, operation, str(caller.credential), asked.about())
        before = self._read(asked.cursor, bound_to) if asked.cursor is not None else None
        found = await self._index.lines(operation, asked.conditions(), before=before, limit=asked.limit + 1)
        lines, more = found[: asked.limit], len(found) > asked.limit
        await self._ledger.write([_of(operation, caller, asked, purpose)])
        following = lines[-1]["position"].to_bytes(_POSITION_BYTES, "big") if more else None
        return {
            "items": [{name: value for name, value in line.items() if name != "position"} for line in lines],
            "next": self._seals.cursor(following, bound_to=bound_to) if following is not None else None,
        }

    def _read(self, cursor: str, bound_to: tuple[str, ...]) -> int:
        return int.from_bytes(self._seals.read(cursor, bound_to=bound_to)[:_POSITION_BYTES], "big")


def _of(operation: str, caller: Caller, asked: Audited, purpose: str | None) -> Disclosure:
    """The line of an audit: it gives nobody's records, so it stands under the auditor's own agency."""
    why = purpose or caller.purpose or _BY_DEFAULT
    agency = caller.agency
    return Disclosure(datetime.now(UTC), operation, "audit", agency, agency, caller.actor, why, (), about=asked.about())
