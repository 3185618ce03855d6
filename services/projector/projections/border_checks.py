"""Border checks and database searches: aggregates, where a composite count stays composite."""

from collections.abc import Iterator

from schemas.events.border_check import BorderCheckReported, CheckLine
from services.projector import projection
from services.projector.projection import Contribution, stated
from services.shared.thing import Thing


@projection.counts(BorderCheckReported)
def counted(thing: Thing) -> Iterator[Contribution]:
    report = thing.opened
    assert isinstance(report, BorderCheckReported)
    for line in report.lines:
        yield Contribution(
            metric=line.metric,
            by=thing.opening_in_force,
            category="+".join(sorted(line.covers)),
            latest_of=_replaces(thing, line) if report.mode == "cumulative_to_date" else None,
            manner=line.manner,
            includes_itemised=report.includes_itemised,
            until=report.occurred.until,
            **stated(line.quantity),
        )


def _replaces(thing: Thing, line: CheckLine) -> str:
    """What a cumulative number replaces: the same agency's, of the same metric, place, phase and strand.

    The audience belongs to it too; it is a column of its own, because it may change.
    """
    report = thing.opened
    place = report.place
    where = [place.country, place.border_section, place.crossing_point, place.text] if place else []
    what = [line.metric, line.level, line.direction, thing.owner, *where, report.phase, report.strand]
    return "|".join(part or "" for part in what)
