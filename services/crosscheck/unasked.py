"""What is compared although nobody asked: facts of the types that the operation has checked by themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from schemas.events.cross_check import CrossCheckRequested
from services.crosscheck.held import Held
from services.crosscheck.rights import Members, all_see


@dataclass
class Unasked:
    """The operation's rule, as one agency follows it."""

    agency: str
    _rule: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def follow(self, opening: Mapping[str, Any]) -> None:
        """Takes the rule from the `data` of operation.created.v1."""
        self._rule = opening.get("checks") or {}

    def __bool__(self) -> bool:
        return bool(self._rule)

    def asks(self, record: Held) -> bool:
        """Whether it is compared for whoever posted it, as if they had asked this agency."""
        return self.agency in self._rule.get(record.type, ())

    def asks_here(self, record: Held) -> bool:
        """Whether it is compared with what was contributed, too: one agency does that, or each hit would come twice."""
        return list(self._rule.get(record.type, ()))[:1] == [self.agency]

    def leaves(self, question: Held, record: Held, seen_by: Mapping[str, Members], *, withheld: bool) -> bool:
        """Whether a pair is raised for the other side, or by another agency.

        Of two facts that are both compared by themselves the later one asks, unless it may not see the earlier one.
        """
        if question.type == CrossCheckRequested.type or not self:
            return False
        if not self.asks_here(question):
            return True
        if not self.asks_here(record):
            return False
        return (withheld or _order(record) > _order(question)) and all_see(record.posters, question.members, seen_by)


def _order(held: Held) -> tuple[Any, str]:
    return held.recorded_at, held.entry
