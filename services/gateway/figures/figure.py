"""One figure: the numbers that are counted, and what is stated beside them."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from schemas.metric_names import nearest
from schemas.metrics import METRICS, Metric, UnknownMetric, metric
from services.gateway.asked import Filtered
from services.gateway.figures.amounts import Sums, number
from services.gateway.figures.breakdown import breakdown
from services.gateway.figures.questions import Figure, address
from services.gateway.figures.small_numbers import WITHHELD, Hushed, credit_withheld, is_protected, whole_of, withheld
from services.gateway.figures.statements import Statements, statements_by_metric
from services.gateway.figures.sums import Counts, counts
from services.gateway.picture import Picture
from services.gateway.problems import NoSuchMetric


async def all_figures(
    picture: Picture, asked: Filtered, *, family: str | None = None, credited: bool = True
) -> list[dict[str, Any]]:
    """Every figure that the catalogue lists, and those of families for which the viewer sees something.

    Of one family, when one is named: then no other is added up. With whose credit they are, where that is asked for.
    """
    counted = await counts(picture, asked, name=family, credited=credited)
    stated = await statements_by_metric(picture, asked)
    parts = _parts(counted)
    names = set(METRICS) | {name for known in parts.values() for name in known} | set(stated)
    if family is not None:
        names = {name for name in names if whole_of(name) == family}
    hushed = await withheld(picture, asked, counted, name=family)
    return [_figure(picture, metric(name), asked, counted, stated, parts, hushed) for name in sorted(names, key=_order)]


async def one_figure(picture: Picture, name: str, asked: Figure) -> dict[str, Any]:
    """One figure; zero where nothing is seen of it."""
    known = known_metric(name)
    stated = await statements_by_metric(picture, asked, name=name)
    # The parts of victims and children tell of each other, so that all of them are looked at.
    counted = await counts(picture, asked, name=whole_of(name) if is_protected(name) else name)
    hushed = await withheld(picture, asked, counted, name=name, by=asked.by)
    figure = _figure(picture, known, asked, counted, stated, _parts(counted), hushed)
    if asked.by and not hushed.of(name).whole(asked):
        path = _path(picture, known, "events")
        figure["breakdown"] = await breakdown(picture, known, asked, counted, hushed=hushed.of(name), path=path)
    return figure


async def numbers_of(picture: Picture, known: Metric, asked: Filtered) -> dict[str, Any]:
    """The four numbers of a figure, without what goes with them."""
    stated = await statements_by_metric(picture, asked, name=known.name)
    counted = await counts(picture, asked, name=known.name, credited=False)
    hushed = await withheld(picture, asked, counted, name=known.name)
    figure = _figure(picture, known, asked, counted, stated, _parts(counted), hushed)
    said = ("value", "qualifier", "unit", "agency", "entry")
    return {
        "reported": figure["reported"],
        "deduplicated": figure["deduplicated"],
        "duplicates_pending": figure["duplicates_pending"],
        "validated": {name: figure["validated"][name] for name in said} if figure["validated"] else None,
        "released": [{name: one[name] for name in ("released_to", *said)} for one in figure["released"]],
        "disputed": [{name: one[name] for name in said} for one in figure["disputed"]],
    }


def known_metric(name: str) -> Metric:
    """The metric of this name. Raises NoSuchMetric, which names those that are like it."""
    try:
        return metric(name)
    except UnknownMetric:
        raise NoSuchMetric(nearest(name)) from None


def _figure(
    picture: Picture,
    known: Metric,
    asked: Filtered,
    counted: Counts,
    stated: defaultdict[str, Statements],
    parts_of: defaultdict[str | None, list[str]],
    hushed: Hushed,
) -> dict[str, Any]:
    """One figure. Where places are asked for of which it is not told, only what leads state of them stands."""
    quiet = hushed.of(known.name).whole(asked)
    reported, deduplicated = counted.reported[known.name], counted.deduplicated[known.name]
    total = deduplicated.in_one_unit(known.unit)
    unit = total.unit if total else known.unit
    parts = sorted(parts_of[known.name])
    now = WITHHELD if quiet else deduplicated.quantity(known.unit)
    return {
        "metric": known.name,
        "title": known.title,
        "unit": unit,
        "moment": picture.moment.said(),
        "reported": WITHHELD if quiet else reported.quantity(known.unit),
        "deduplicated": now,
        **stated[known.name].told(now, unit),
        "duplicates_pending": 0 if quiet else counted.pending[known.name],
        "part_of": known.part_of,
        "parts": [] if quiet else parts,
        "unattributed": _unattributed(known, now["value"], [counted.deduplicated[part] for part in parts]),
        "not_stated": 0 if quiet else deduplicated.not_stated,
        "credit": [] if quiet else _credit(picture, known, counted),
        "events": address(_path(picture, known, "events"), asked),
        "history": address(_path(picture, known, "history"), asked),
    }


def _path(picture: Picture, known: Metric, what: str) -> str:
    return f"/v1/operations/{picture.viewer.operation}/figures/{known.name}/{what}"


def _unattributed(known: Metric, total: Any, parts: list[Sums]) -> Any:
    """What of the total is in none of its categories: never scaled, never hidden."""
    if not known.by_category or total is None:
        return 0
    return number(Decimal(total) - sum((part.total for part in parts), Decimal()))


def _credit(picture: Picture, known: Metric, counted: Counts) -> list[dict[str, Any]]:
    """What each agency reported or is named for. It is beside the count and sums to nothing."""
    if known.kind == "distinct":
        return []
    hidden = credit_withheld(picture, known.name, counted.credit)
    return [
        {"agency": agency, **sums.quantity(known.unit)}
        for agency, sums in sorted(counted.credit[known.name].items())
        if agency not in hidden and not sums.is_empty
    ]


def _parts(counted: Counts) -> defaultdict[str | None, list[str]]:
    """What anything was reported of, by what it is a part of; None: of nothing."""
    found: defaultdict[str | None, list[str]] = defaultdict(list)
    for name, sums in counted.reported.items():
        if not sums.is_empty:
            found[metric(name).part_of].append(name)
    return found


def _order(name: str) -> tuple[int, str]:
    return _ORDER.get(name, len(_ORDER)), name


_ORDER = {name: index for index, name in enumerate(METRICS)}
