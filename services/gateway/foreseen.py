"""What stands against each report of a batch: foreseen for all at once, and asked again where it may be otherwise."""

from collections.abc import Sequence

from services.gateway.answers import Answer, Taken
from services.gateway.credentials import Caller
from services.gateway.drafts import Draft
from services.gateway.histories import concerns_checks, is_check, rewrites
from services.gateway.problems import Fault, Problem
from services.gateway.roster import Roster
from services.gateway.series import Series


class Foreseen:
    """Before anything is stored nobody knows what else is refused, nor what commands make of what was counted."""

    def __init__(
        self, series: Series, drafts: Sequence[tuple[int, Draft | Problem]], caller: Caller, roster: Roster
    ) -> None:
        self._series = series
        self._caller = caller
        self._roster = roster
        self._said = [(index, one) for index, one in drafts if isinstance(one, Draft) and concerns_checks(one)]
        self._first_command = min((index for index, one in self._said if rewrites(one)), default=len(drafts))
        self._faults: dict[int, list[Fault]] = {}
        self._otherwise = len(drafts)
        """From which report on it came otherwise: one stands that was to be refused."""

    async def look_ahead(self) -> None:
        checks = [(index, one) for index, one in self._said if is_check(one)]
        self._faults = await self._series.faults(checks, self._caller, self._roster)

    def turns_on_others(self, index: int, one: Draft) -> bool:
        """Whether those before it are to be stored first, for it may be judged by what became of them."""
        if not self._said:
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
