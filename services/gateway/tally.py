"""What is counted of the things that a batch opens and rewrites, from one of its reports to the next."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.gateway.drafts import Draft
from services.gateway.histories import History, opened, rewritten
from services.gateway.numbers import Number, numbers_of
from services.shared.thing import Thing


class Tally:
    """Of a thing that a command rewrites it knows all; what the picture says of it is not needed."""

    def __init__(self, histories: Mapping[UUID, History]) -> None:
        self._things = {entry: history[0].thing for entry, history in histories.items()}
        self._histories = {history[0].thing: history for history in histories.values()}
        self._by_key: defaultdict[tuple[Any, ...], list[Number]] = defaultdict(list)
        for history in self._histories.values():
            self._stand(numbers_of(Thing(history)))

    @property
    def rewritten(self) -> list[UUID]:
        return list(self._histories)

    def added_by(self, one: Draft) -> list[Number]:
        """What a report adds to what is counted of its thing, or has counted otherwise."""
        before, after = self._before_and_after(one)
        counted = {number.counted for number in before}
        return [number for number in after if number.counted not in counted]

    def counts_twice(self, number: Number) -> bool:
        return any(number.counts_twice_beside(other) for other in self._by_key[number.key])

    def take(self, one: Draft) -> None:
        """From now on the report is among what was said."""
        before, after = self._before_and_after(one)
        for number in before:
            self._by_key[number.key].remove(number)
        self._stand(after)
        if (thing := self._thing_of(one)) is not None and (now := rewritten(self._histories[thing], one)) is not None:
            self._histories[thing] = now.history

    def _before_and_after(self, one: Draft) -> tuple[list[Number], list[Number]]:
        if one.event.changes is None:
            return [], numbers_of(opened(one))
        thing = self._thing_of(one)
        if thing is None or (now := rewritten(self._histories[thing], one)) is None:
            return [], []
        return numbers_of(Thing(self._histories[thing])), numbers_of(now)

    def _thing_of(self, one: Draft) -> UUID | None:
        named = one.event.changed
        return self._things.get(named) if named is not None else None

    def _stand(self, numbers: list[Number]) -> None:
        for number in numbers:
            self._by_key[number.key].append(number)
