"""The entries of one thing as the agency's own eyes read them, and what of them is in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from schemas.event import REGISTER
from schemas.events.handling import HandlingChanged
from schemas.events.record import RecordCorrected, RecordRetracted

REWRITING = (HandlingChanged.type, RecordCorrected.type, RecordRetracted.type)


@dataclass(frozen=True, slots=True)
class Told:
    """One entry of the log, opened."""

    entry: str
    thing: str
    type: str
    agency: str
    actor: str
    report_id: str
    recorded_at: datetime
    data: Mapping[str, Any]

    @property
    def posters(self) -> tuple[str, ...]:
        behalf = self.data.get("on_behalf_of")
        return (self.agency, behalf) if behalf else (self.agency,)

    @property
    def opens(self) -> bool:
        return self.entry == self.thing


def read_told(entry: Mapping[str, Any]) -> Told:
    """An entry as the API gives it."""
    report = entry["report"]
    return Told(
        entry["entry"],
        entry["thing"],
        report["type"],
        entry["agency"],
        entry["actor"],
        report["id"],
        datetime.fromisoformat(entry["recorded_at"]),
        report["data"],
    )


@dataclass(frozen=True, slots=True)
class InForce:
    """A thing as it holds now: who may see it, how it may be used, and what its entries say."""

    audience: Mapping[str, Any]
    codes: tuple[str, ...]
    data: Mapping[str, Mapping[str, Any]]
    """By entry; nothing of a thing whose opening was retracted."""
    shows_existence: bool = False
    """Whether its owner lets those know of it who may not see it."""


def version_of(history: Sequence[Told]) -> str:
    """The version of a thing as the API tells it: the last entry that changed it."""
    return next(told.entry for told in reversed(history) if not REGISTER[told.type].beside)


def in_force(history: Sequence[Told]) -> InForce:
    """From last to first: whether a retraction or a correction holds is decided by what came after it."""
    retracted: set[str] = set()
    corrected: dict[str, Mapping[str, Any]] = {}
    audience = handling = None
    for told in reversed(history):
        if told.entry in retracted:
            continue
        data = corrected.get(told.entry, told.data)
        if told.type == RecordRetracted.type:
            retracted.add(data["target"])
        elif told.type == RecordCorrected.type:
            corrected.setdefault(data["target"], data["corrected"])
        elif told.type == HandlingChanged.type:
            audience, handling = audience or data["new_audience"], handling or data["new_handling"]
    opening = history[0]
    holds = (
        {}
        if opening.entry in retracted
        else {
            told.entry: corrected.get(told.entry, told.data)
            for told in history
            if told.entry not in retracted and told.type not in REWRITING
        }
    )
    # As for the picture: a correction moves how a record is handled, and never who may see it.
    said = handling or corrected.get(opening.entry, opening.data)["handling"]
    shows = bool(holds.get(opening.entry, {}).get("show_existence")) and "H2" in said["codes"]
    return InForce(audience or opening.data["audience"], tuple(said["codes"]), holds, shows)
