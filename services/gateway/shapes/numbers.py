"""Figures: the four numbers, what stands behind them, and how they moved."""

from datetime import date, datetime
from typing import NotRequired
from uuid import UUID

from typing_extensions import TypedDict

from services.gateway.shapes.words import Amount, Counts, Moment, Momentary


class InUnit(Amount):
    """A number with its unit."""

    unit: str


class Named(InUnit):
    """A number that an agency stated in an entry."""

    agency: str
    entry: UUID


class NamedRelease(Named):
    """A number that was released to a public."""

    released_to: str


class Statement(Named):
    """What a lead stated of a figure, and by how much the counted number differs from it now."""

    as_of: datetime | None
    recorded_at: datetime
    difference: float | None


class Validation(Statement):
    """A number that a lead stands by, and to which publics it was released."""

    note: str | None
    released_to: list[str]


class Release(Statement):
    """A number that was released to a public, in which words, and on which validation."""

    released_to: str
    wording: str | None
    validation: UUID | None
    latest: bool


class Dispute(Statement):
    """A number that an agency holds against one that was stated."""

    reason: str | None
    disputed: UUID | None


class Credit(Amount):
    """What an agency reported or is named for."""

    agency: str


class _Stated(TypedDict):
    reported: Amount
    deduplicated: Amount
    validated: Validation | None
    released: list[Release]


class Numbers(_Stated):
    """The numbers of a figure at one moment."""

    disputed: list[Dispute]
    duplicates_pending: int


class Part(_Stated):
    """A part of a figure; which one is said by the members that `by` names."""

    events: str
    country: NotRequired[str]
    agency: NotRequired[str]
    phase: NotRequired[str]
    strand: NotRequired[str]
    category: NotRequired[str]
    crime_area: NotRequired[str]
    day: NotRequired[date]
    scope: NotRequired[str]


class Both(TypedDict):
    """What was reported, and what of it was counted."""

    reported: Amount
    deduplicated: Amount


class Remainder(Both):
    """What is attributed to no part."""

    events: str | None


class Withheld(Both):
    """Parts that are too small to be told."""

    parts: int


class Breakdown(TypedDict):
    """A figure in parts; they, what is attributed to none and what is hidden sum to it."""

    by: list[str]
    time_zone: str
    items: list[Part]
    unattributed: Remainder
    restricted: Both
    withheld: NotRequired[Withheld]


class Figure(Numbers):
    """A number that can be defended event by event, and what leads state of it."""

    metric: str
    title: str
    unit: str
    moment: Moment
    validations: list[Validation]
    validations_differ_by: float | None
    part_of: str | None
    parts: list[str]
    unattributed: float
    not_stated: int
    credit: list[Credit]
    events: str
    history: str
    breakdown: NotRequired[Breakdown]


class Contribution(TypedDict):
    """What one entry adds to a figure; one that the caller may not see is neither named nor dated."""

    entry: UUID | None
    agency: str | None
    occurred: datetime | None
    headline: str
    contribution: InUnit


class FigureMoved(TypedDict):
    """What moved a figure, and what it was from then on."""

    entry: UUID | None
    type: str | None
    agency: str | None
    headline: str
    recorded_at: datetime | None
    reported: Amount
    deduplicated: Amount
    duplicates_pending: int
    validated: Named | None
    released: list[NamedRelease]
    disputed: list[Named]


class Moved(TypedDict):
    """A figure at two moments."""

    metric: str
    title: str
    unit: str
    before: Numbers | None
    after: Numbers | None
    delta: float | None


FiguresMoved = TypedDict("FiguresMoved", {"moment": Moment, "from": Moment, "items": list[Moved]})


class Beside(TypedDict):
    """A figure at the cut-off beside yesterday's."""

    metric: str
    title: str
    unit: str
    value: Amount | None
    yesterday: Amount | None
    delta: float | None


DaySheet = TypedDict(
    "DaySheet",
    {
        "moment": Moment,
        "day": date,
        "time_zone": str,
        "from": datetime,
        "to": datetime,
        "is_over": bool,
        "figures": list[Beside],
        "recorded": Counts,
        "late": int,
        "open": Counts,
    },
)


class OfDatabase(TypedDict):
    """From searches in one database to arrests."""

    database: str
    searches: Amount | None
    raised: int
    confirmed: int
    refuted: int
    undetermined: int
    actioned: int
    confirmed_without_action: int
    led_to_arrest: int
    arrests: int


class Funnel(Momentary):
    """From searches to arrests, by database; databases are never added."""

    items: list[OfDatabase]
    searches_without_system: Amount | None


class InMoney(Both):
    """What was seized, by its value in one currency."""

    unit: str
    figure: str


class Seized(Both):
    """What was seized of one category in one unit."""

    category: str
    unit: str
    figure: str
    records: int
    pending_inventory: int
    values: list[InMoney]


class Ledger(Momentary):
    """The ledger of seizures."""

    items: list[Seized]
    pending_inventory: int
