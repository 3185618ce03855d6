"""Whether checks go on being counted in one way: increments add, and a cumulative number has them in it already."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Self
from uuid import UUID
from weakref import WeakValueDictionary

from psycopg_pool import AsyncConnectionPool

from services.gateway.credentials import Caller
from services.gateway.drafts import Draft
from services.gateway.histories import Histories, History, is_check, pointer_of_change, rewrites
from services.gateway.numbers import KEY, Number
from services.gateway.problems import Fault
from services.gateway.progress import Progress
from services.gateway.roster import Roster
from services.gateway.sessions import SET_VIEWER
from services.gateway.tally import Tally
from services.shared.bus import Log
from services.shared.tables import OPEN

_SAME = """
select 1 from facts
 where operation = %(operation)s and until = %(open)s and metric = %(metric)s and agency = %(agency)s
   and manner = %(manner)s and audience_id = %(audience_id)s and not credit_only and key <> all(%(rewritten)s)
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
_NO_SUCH_INCREMENT = (
    "By this an increment would be counted beside a number to date of yours. Leave it as it is, or retract the number "
    "to date first."
)
_NO_SUCH_CUMULATIVE = (
    "By this a number to date would be counted beside increments of yours. Leave it as it is, or retract the "
    "increments first."
)


class Turn:
    """One at a time of what an agency posts of an operation and what concerns checks, until it is stored.

    Else two posts at the same moment would each be judged without the other, and both counted. Another gateway
    has turns of its own.
    """

    def __init__(self, lock: asyncio.Lock) -> None:
        self._lock = lock
        self._is_held = False

    async def begin(self) -> None:
        """Wait until it is this one's turn; at once where it is already."""
        if not self._is_held:
            await self._lock.acquire()
            self._is_held = True

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._is_held:
            self._lock.release()


class Series:
    """Looks for numbers of the same agency, metric, place, phase, strand and audience that are counted otherwise.

    Judged is what a report opens, and what a command adds to what is counted; not what it leaves as it was.
    """

    def __init__(self, pool: AsyncConnectionPool, log: Log, progress: Progress) -> None:
        self._pool = pool
        self._log = log
        self._progress = progress
        self._histories = Histories(pool)
        self._locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    def turn(self, operation: str, caller: Caller) -> Turn:
        """A turn of this agency's, that ends with the block; a series is of one agency."""
        return Turn(self._locks.setdefault((operation, caller.agency), asyncio.Lock()))

    async def faults(
        self, drafts: Sequence[tuple[int, Draft]], caller: Caller, roster: Roster, *, stored: Sequence[Draft] = ()
    ) -> dict[int, list[Fault]]:
        """What stands against each report, by its index; also beside those before it in the same batch.

        `stored`: what came before them a moment ago, which the picture may not show yet.
        """
        operation, tokens = roster.operation, roster.tokens(caller)
        histories = await self._rewritten([*stored, *(one for _, one in drafts)], operation, tokens)
        judged = [(index, one) for index, one in drafts if is_check(one) or one.event.changed in histories]
        if not judged:
            return {}
        tally = Tally(histories)
        for one in stored:
            tally.take(one)
        added = {index: tally.added_by(one) for index, one in judged}
        every = [number for numbers in added.values() for number in numbers]
        on_record = await self._on_record(every, tally.rewritten, operation, tokens)
        found: dict[int, list[Fault]] = {}
        for index, one in judged:
            wrong = [number for number in added[index] if number in on_record or tally.counts_twice(number)]
            if wrong:
                found[index] = _faults(wrong, one, histories)
            else:
                tally.take(one)
        return found

    async def _rewritten(self, drafts: list[Draft], operation: str, tokens: tuple[str, ...]) -> dict[UUID, History]:
        """By the entries that commands name, the histories of checks. The picture has caught up, where it matters."""
        targets = [one.event.changed for one in drafts if rewrites(one) and one.event.changed is not None]
        are_checks = await self._histories.are_checks(targets, operation, tokens)
        unknown = len(are_checks) < len(set(targets))
        if unknown or any(are_checks.values()) or any(map(is_check, drafts)):
            # What was posted a moment ago is in the log, and in the picture soon.
            await self._progress.reach(operation, await self._log.tail(operation), seconds=_BEHIND_SECONDS)
        if unknown:
            are_checks = await self._histories.are_checks(targets, operation, tokens)
        return await self._histories.of([one for one, is_one in are_checks.items() if is_one], operation, tokens)

    async def _on_record(
        self, numbers: Sequence[Number], rewritten: list[UUID], operation: str, tokens: tuple[str, ...]
    ) -> set[Number]:
        """Those that would be counted beside what the picture shows; numbers of one series are asked for once."""
        alike: defaultdict[tuple[Any, ...], list[Number]] = defaultdict(list)
        for number in numbers:
            alike[number.counted].append(number)
        found: set[Number] = set()
        if not alike:
            return found
        async with self._pool.connection() as connection, connection.transaction():
            await connection.execute(SET_VIEWER, (",".join(tokens), operation))
            for (cumulative, itemised, key), those in alike.items():
                of_series = {**dict(zip(KEY, key, strict=True)), "operation": operation, "itemised": itemised}
                question = _INCREMENTS if cumulative else _CUMULATIVE
                rows = await connection.execute(question, {**of_series, "open": OPEN, "rewritten": rewritten})
                if await rows.fetchone() is not None:
                    found.update(those)
        return found


def _faults(numbers: Sequence[Number], one: Draft, histories: Mapping[UUID, History]) -> list[Fault]:
    """At each line of a report; of a command that has no lines, at what changes how those of the report count."""
    if one.event.changed is None:
        details = (_INSTEAD_OF_INCREMENT, _INSTEAD_OF_CUMULATIVE)
        return [{"pointer": f"/data/lines/{one.line}", "detail": details[one.cumulative]} for one in numbers]
    details = (_NO_SUCH_INCREMENT, _NO_SUCH_CUMULATIVE)
    member, has_lines = pointer_of_change(one, histories[one.event.changed])
    if not has_lines:
        return [{"pointer": member, "detail": details[numbers[0].cumulative]}]
    return [{"pointer": f"{member}/lines/{one.line}", "detail": details[one.cumulative]} for one in numbers]
