"""Numbers of checks: what makes each one of a series, and which of them would be counted twice beside each other."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from schemas.events.border_check import BorderCheckReported
from services.shared.audiences import audience_id
from services.shared.thing import Thing

KEY = ("agency", "audience_id", "country", "place", "phase", "strand", "metric", "manner")
"""What the numbers of a series have in common, as the columns of the facts are called."""


@dataclass(frozen=True, slots=True)
class Number:
    """One number of one report as it holds."""

    thing: UUID
    line: int
    cumulative: bool
    itemised: bool
    key: tuple[Any, ...]

    @property
    def counted(self) -> tuple[Any, ...]:
        """How it is counted, whatever its quantity."""
        return self.cumulative, self.itemised, self.key

    def counts_twice_beside(self, other: Self) -> bool:
        if self.key != other.key or self.cumulative == other.cumulative or self.thing == other.thing:
            return False
        to_date, increment = (self, other) if self.cumulative else (other, self)
        return not to_date.itemised or increment.itemised


def numbers_of(thing: Thing) -> list[Number]:
    """What counts of a report now: nothing once it is retracted, or claims mere credit."""
    return list(_numbers(thing))


def _numbers(thing: Thing) -> Iterator[Number]:
    report = thing.opened
    if thing.retracted or not isinstance(report, BorderCheckReported) or report.credit_only:
        return
    spot = report.place.spot if report.place else None
    of_report = (thing.owner, audience_id(thing.audience), thing.country, spot, report.phase, report.strand)
    cumulative = report.mode == "cumulative_to_date"
    for line, one in enumerate(report.lines):
        yield Number(thing.id, line, cumulative, report.includes_itemised, (*of_report, one.metric, one.manner))
