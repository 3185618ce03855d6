"""Cuts a drill into waves: reports that may be posted at the same moment, whichever arrives first."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from uuid import UUID

from services.drill.story import Posting


def waves(postings: Iterable[Posting]) -> Iterator[tuple[datetime, list[Posting]]]:
    """Waves in order. One minute is one wave, unless a report needs another of the same minute before it."""
    for time, minute in groupby(postings, key=lambda posting: posting.time):
        for wave in _in_turn(minute):
            yield time, wave


def _in_turn(minute: Iterable[Posting]) -> list[list[Posting]]:
    turns: list[list[Posting]] = []
    turn_of_entry: dict[UUID, int] = {}
    turn_of_thing: dict[UUID, int] = {}
    for posting in minute:
        before = [turn_of_entry[name] for name in posting.names if name in turn_of_entry]
        # Two commands on one thing are never in one wave: the second needs the version that the first leaves.
        before += [turn_of_thing[posting.thing]] if posting.thing in turn_of_thing else []
        turn = max(before, default=-1) + 1
        if turn == len(turns):
            turns.append([])
        turns[turn].append(posting)
        turn_of_entry[posting.entry] = turn
        turn_of_thing[posting.thing] = turn
    return turns
