"""Whether checks go on being counted in one way: increments add, and a cumulative number has them in it already."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg_pool import AsyncConnectionPool

from schemas.events.border_check import BorderCheckReported
from services.gateway.credentials import Caller
from services.gateway.drafts import Draft
from services.gateway.problems import Fault, Problem
from services.gateway.progress import Progress
from services.gateway.roster import Roster
from services.gateway.sessions import SET_VIEWER
from services.shared.audiences import audience_id, members
from services.shared.bus import Log
from services.shared.tables import OPEN

_SAME = """
select 1 from facts
 where operation = %(operation)s and until = %(open)s and metric = %(metric)s and agency = %(agency)s
   and manner = %(manner)s and audience_id = %(audience_id)s and not credit_only
   and (country, place, phase, strand) is not distinct from
       (%(country)s::text, %(place)s::text, %(phase)s::text, %(strand)s::text)
"""
_CUMULATIVE = f"{_SAME} and latest_of is not null and (not includes_itemised or %(itemised)s) limit 1"
_INCREMENTS = f"{_SAME} and latest_of is null and (includes_itemised or not %(itemised)s) limit 1"
"""An aggregate that includes what is reported singly does so with increments, and not with other aggregates."""

_BEHIND_SECONDS = 1.0
"""How long the picture is waited for; then it is judged by as it stands, for a report must not wait for a reader."""

_INSTEAD_OF_INCREMENT = (
    "You report this as a number to date, which an increment would be counted beside. Post the new number to date, or "
    "retract those that there are."
)
_INSTEAD_OF_CUMULATIVE = (
    "You report this in increments, which a number to date would be counted beside. Go on in increments, say "
    "includes_itemised, or retract those that there are."
)


@dataclass(frozen=True, slots=True)
class _Line:
    """One number of one report, and what makes it one of a series."""

    index: int
    line: int
    cumulative: bool
    itemised: bool
    key: tuple[Any, ...]

    def counts_twice_beside(self, other: "_Line") -> bool:
        if self.key != other.key or self.cumulative == other.cumulative:
            return False
        to_date, increment = (self, other) if self.cumulative else (other, self)
        return not to_date.itemised or increment.itemised

    @property
    def fault(self) -> Fault:
        detail = _INSTEAD_OF_CUMULATIVE if self.cumulative else _INSTEAD_OF_INCREMENT
        return {"pointer": f"/data/lines/{self.line}", "detail": detail}


class Series:
    """Looks for numbers of the same agency, metric, place, phase, strand and audience that are counted otherwise."""

    def __init__(self, pool: AsyncConnectionPool, log: Log, progress: Progress) -> None:
        self._pool = pool
        self._log = log
        self._progress = progress

    async def faults(
        self, drafts: Sequence[tuple[int, Draft | Problem]], caller: Caller, roster: Roster
    ) -> dict[int, list[Fault]]:
        """What stands against each report, by its index; also beside those before it in the same batch."""
        reports = [list(_lines(index, one)) for index, one in drafts if isinstance(one, Draft)]
        lines = [line for report in reports for line in report]
        if not lines:
            return {}
        # What was posted a moment ago is in the log, and in the picture soon.
        operation = roster.operation
        await self._progress.reach(operation, await self._log.tail(operation), seconds=_BEHIND_SECONDS)
        on_record = await self._on_record(lines, operation, roster.tokens(caller))
        found: dict[int, list[Fault]] = {}
        before: defaultdict[tuple[Any, ...], list[_Line]] = defaultdict(list)
        for report in reports:
            faults = [
                line.fault
                for line in report
                if line in on_record or any(line.counts_twice_beside(other) for other in before[line.key])
            ]
            if faults:
                found[report[0].index] = faults
                continue
            for line in report:
                before[line.key].append(line)
        return found

    async def _on_record(self, lines: Sequence[_Line], operation: str, tokens: tuple[str, ...]) -> set[_Line]:
        """Those that would be counted beside what the picture shows; numbers of one series are asked for once."""
        alike: defaultdict[tuple[Any, ...], list[_Line]] = defaultdict(list)
        for line in lines:
            alike[line.cumulative, line.itemised, *line.key].append(line)
        found: set[_Line] = set()
        async with self._pool.connection() as connection, connection.transaction():
            await connection.execute(SET_VIEWER, (",".join(tokens), operation))
            for (cumulative, itemised, *key), those in alike.items():
                values = dict(zip(_KEY, key, strict=True)) | {"operation": operation, "open": OPEN}
                question = _INCREMENTS if cumulative else _CUMULATIVE
                rows = await connection.execute(question, {**values, "itemised": itemised})
                if await rows.fetchone() is not None:
                    found.update(those)
        return found


_KEY = ("agency", "audience_id", "country", "place", "phase", "strand", "metric", "manner")


def _lines(index: int, one: Draft) -> Iterator[_Line]:
    report = one.event
    if not isinstance(report, BorderCheckReported) or report.credit_only:
        return
    owner = report.on_behalf_of or one.agency
    posters = (one.agency, report.on_behalf_of) if report.on_behalf_of else (one.agency,)
    seen_by = audience_id(members(report.audience, posters=posters))
    spot = report.place.spot if report.place else None
    of_report = (owner, seen_by, report.country_for(owner), spot, report.phase, report.strand)
    cumulative = report.mode == "cumulative_to_date"
    for number, line in enumerate(report.lines):
        yield _Line(index, number, cumulative, report.includes_itemised, (*of_report, line.metric, line.manner))
