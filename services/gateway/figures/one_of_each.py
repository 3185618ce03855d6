"""Which records are left out because another stands for them: confirmed pairs, worked out as one viewer sees them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that people hold to be one, and which of them is kept."""

    kept: UUID
    other: UUID
    position: int
    """Of the decision: the first decides where decisions contradict each other."""


def left_out(pairs: Iterable[Pair], claims: Mapping[UUID, frozenset[str]]) -> frozenset[UUID]:
    """The records that do not count. `claims`: what is in force for the viewer, and the figures that it adds to.

    Records that are paired, also over others between them, count once. A record that is retracted or hidden ties
    nothing together: then those that were paired with it count again.
    """
    tied = [pair for pair in pairs if claims.get(pair.kept, _NOTHING) & claims.get(pair.other, _NOTHING)]
    tied.sort(key=lambda pair: (pair.position, pair.kept, pair.other))
    dropped: set[UUID] = set()
    for group in _groups(tied):
        dropped |= {record for pair in group for record in (pair.kept, pair.other)} - {_standing(group)}
    return frozenset(dropped)


def _groups(pairs: list[Pair]) -> list[list[Pair]]:
    """Pairs that hang together."""
    neighbours: dict[UUID, set[UUID]] = defaultdict(set)
    for pair in pairs:
        neighbours[pair.kept].add(pair.other)
        neighbours[pair.other].add(pair.kept)
    group_of: dict[UUID, int] = {}
    for number, first in enumerate(neighbours):
        waiting = [first]
        while waiting:
            record = waiting.pop()
            if record not in group_of:
                group_of[record] = number
                waiting.extend(neighbours[record])
    groups: dict[int, list[Pair]] = defaultdict(list)
    for pair in pairs:
        groups[group_of[pair.kept]].append(pair)
    return list(groups.values())


def _standing(group: list[Pair]) -> UUID:
    """The record that counts for all: the one that no decision gave up; in a circle, the first that was kept."""
    given_up = {pair.other for pair in group}
    return next((pair.kept for pair in group if pair.kept not in given_up), group[0].kept)


_NOTHING: frozenset[str] = frozenset()
