"""When the owner of a record looks again whether its persons are still needed."""

from datetime import UTC, date, datetime, time
from uuid import UUID

import msgspec

from schemas.events.correction import CorrectionProposed
from schemas.events.person import PersonErased
from schemas.events.record import RecordCorrected, RecordReviewed
from services.shared.lines import Line
from services.shared.thing import Thing

_LONGEST_YEARS = 3
"""Regulation (EU) 2016/794 Art. 31(1): no later than three years after the data came, and after each review."""
_SEALED = b'"sealed":{'
"""Within a text the quotation marks would be escaped, and no event has a member of this name."""
_CARRIED = "/corrected"


class _Blocks(msgspec.Struct):
    sealed: dict[str, msgspec.Raw]


_blocks = msgspec.json.Decoder(_Blocks).decode


def review_at(thing: Thing) -> datetime | None:
    """The beginning of the day that was said last, else three years on; None where nobody is named any more."""
    review = thing.last(RecordReviewed) if len(thing.history) > 1 else None
    said = review.event.next_review_on if review else thing.opened.review_on
    naming = [line for line in thing.history if _SEALED in line.body]
    if naming and not _left(thing, naming):
        return None
    if said is not None:
        return datetime.combine(said, time(), UTC)
    began = review.line if review else thing.opening
    return datetime.combine(_in_years(began.recorded_at.date()), time(), UTC) if naming else None


def _left(thing: Thing, naming: list[Line]) -> list[Line]:
    """The entries that still name somebody: what erased a record erased the corrections of it as well."""
    erasures = [(line.position, line.event) for line in thing.history if isinstance(line.event, PersonErased)]
    return [line for line in naming if not any(_erases(event, line) for at, event in erasures if at > line.position)]


def _erases(erasure: PersonErased, line: Line) -> bool:
    below = _CARRIED if _corrects(line) == erasure.target else ""
    if not below and line.entry != erasure.target:
        return False
    return erasure.blocks is None or set(_blocks(line.body).sealed) <= {
        f"{below}{pointer}" for pointer in erasure.blocks
    }


def _corrects(line: Line) -> UUID | None:
    return line.event.target if isinstance(line.event, RecordCorrected | CorrectionProposed) else None


def _in_years(day: date) -> date:
    try:
        return day.replace(year=day.year + _LONGEST_YEARS)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year + _LONGEST_YEARS, day=28)
