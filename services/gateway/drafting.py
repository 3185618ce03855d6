"""Drafts of what is posted, one or many."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from services.gateway.credentials import Caller
from services.gateway.drafts import Clock, Draft, draft
from services.gateway.problems import Problem
from services.gateway.roster import Roster
from services.reading.many import read_reports
from services.reading.reports import Posted, read_report

READ_TOGETHER = 100
"""How many reports of a batch are read at a time: more would spare nothing further, and be held in memory."""


def now() -> datetime:
    return datetime.now(UTC)


class Drafting:
    """Reads reports for callers, by a clock."""

    def __init__(self, *, accredited: bool, clock: Clock = now) -> None:
        self._accredited = accredited
        self._clock = clock

    def one(self, raw: bytes, caller: Caller, roster: Roster, *, imported: bool = False) -> Draft:
        """The report as it will be kept. Raises what `read_report` and `draft` raise."""
        return self._draft(read_report(raw, accredited=self._accredited), caller, roster, imported=imported)

    def each(
        self, raws: Sequence[bytes], caller: Caller, roster: Roster, *, imported: bool = False
    ) -> Iterator[Draft | Problem]:
        """What `one` returns for each report, or raises."""
        for start in range(0, len(raws), READ_TOGETHER):
            for posted in read_reports(raws[start : start + READ_TOGETHER], accredited=self._accredited):
                yield posted if isinstance(posted, Problem) else self._tried(posted, caller, roster, imported=imported)

    def _tried(self, posted: Posted, caller: Caller, roster: Roster, *, imported: bool) -> Draft | Problem:
        try:
            return self._draft(posted, caller, roster, imported=imported)
        except Problem as refused:
            return refused

    def _draft(self, posted: Posted, caller: Caller, roster: Roster, *, imported: bool) -> Draft:
        operation, exercise, moment = roster.operation, roster.exercise, self._clock()
        return draft(posted, caller=caller, operation=operation, exercise=exercise, now=moment, imported=imported)
