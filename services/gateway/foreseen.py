"""What stands against each report of a batch: foreseen for all at once, and asked again where it may be otherwise."""

import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from services.gateway.answers import Answer, Taken
from services.gateway.credentials import Caller
from services.gateway.drafts import Draft
from services.gateway.histories import concerns_checks, is_check, rewrites
from services.gateway.problems import Fault, Problem
from services.gateway.roster import Roster
from services.gateway.series import Series

_NONE = sys.maxsize


class Foreseen:
    """The reports of a batch in their order, which is read to its end only where something is to be foreseen.

    Before anything is stored nobody knows what else is refused, nor what commands make of what was counted.
    """

    def __init__(
        self, series: Series, drafts: Iterable[tuple[int, Draft | Problem]], caller: Caller, roster: Roster
    ) -> None:
        self._series = series
        self._caller = caller
        self._roster = roster
        self._coming = iter(drafts)
        self._ahead: deque[tuple[int, Draft | Problem]] = deque()
        self._looked = False
        self._said: list[tuple[int, Draft]] = []
        self._first_command = _NONE
        self._faults: dict[int, list[Fault]] = {}
        self._otherwise = _NONE
        """From which report on it came otherwise: one stands that was to be refused."""

    def __iter__(self) -> Iterator[tuple[int, Draft | Problem]]:
        return self

    def __next__(self) -> tuple[int, Draft | Problem]:
        return self._ahead.popleft() if self._ahead else next(self._coming)

    async def look_ahead(self, index: int, one: Draft) -> None:
        """At a report that concerns checks: judges it, and all those that are to come, once.

        Raises what asking the log raises; then the next such report asks again.
        """
        if self._looked:
            return
        self._ahead.extend(self._coming)
        to_come = ((at, each) for at, each in self._ahead if isinstance(each, Draft) and concerns_checks(each))
        self._said = [(index, one), *to_come]
        self._first_command = min((at for at, each in self._said if rewrites(each)), default=_NONE)
        checks = [(at, each) for at, each in self._said if is_check(each)]
        self._faults = await self._series.faults(checks, self._caller, self._roster)
        self._looked = True

    def turns_on_others(self, index: int, one: Draft) -> bool:
        """Whether those before it are to be stored first, for it may be judged by what became of them."""
        if not self._looked:
            return False
        unforeseen = min(self._first_command, self._otherwise)
        return rewrites(one) or (is_check(one) and (index in self._faults or index > unforeseen))

    async def against(self, index: int, one: Draft, answers: Sequence[Answer | None]) -> Sequence[Fault]:
        """Of a report that turns on others. `answers`: those given to the reports before it."""
        before = {at: each for at, each in self._said if at < index}
        fresh = [at for at in before if isinstance(taken := answers[at], Taken) and not taken.replayed]
        if index < min(self._first_command, self._otherwise) and fresh == [
            at for at in before if at not in self._faults
        ]:
            return self._faults.get(index, ())
        stored = [before[at] for at in fresh]
        found = await self._series.faults([(index, one)], self._caller, self._roster, stored=stored)
        if index in self._faults and index not in found:
            self._otherwise = min(self._otherwise, index)
        return found.get(index, ())
