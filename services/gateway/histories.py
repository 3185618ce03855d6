"""Histories of checks, and what a report makes of them: a new one, or one that a command rewrites."""

from datetime import datetime
from uuid import UUID

from psycopg_pool import AsyncConnectionPool
from pydantic import ValidationError

from schemas.events.border_check import BorderCheckReported
from schemas.events.handling import HandlingChanged
from schemas.events.record import RecordCorrected
from services.gateway.drafts import Draft
from services.gateway.sessions import SET_VIEWER
from services.shared.lines import Line, read_line
from services.shared.tables import OPEN
from services.shared.thing import REWRITING, Thing

_CONCERNED = (BorderCheckReported, *REWRITING)
_KIND = BorderCheckReported.type.partition(".")[0]

_KINDS = """
select e.key, t.kind
  from entries e
  join things t on t.operation = e.operation and t.key = e.thing and t.line = 0 and t.until = %s
 where e.operation = %s and e.key = any(%s)
"""

_HISTORIES = """
select t.key, e.since, e.body
  from entries t
  join entries e on e.operation = t.operation and e.thing = t.thing
 where t.operation = %s and t.key = any(%s)
 order by e.since
"""

History = tuple[Line, ...]


def is_check(one: Draft) -> bool:
    return isinstance(one.event, BorderCheckReported)


def rewrites(one: Draft) -> bool:
    """Whether it may change how a report that was stored before is counted."""
    return isinstance(one.event, REWRITING)


class Histories:
    """Looks up what commands rewrite, as far as the poster sees it."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def are_checks(self, entries: list[UUID], operation: str, tokens: tuple[str, ...]) -> dict[UUID, bool]:
        """Of the entries that the poster sees, whether each is of a check."""
        if not entries:
            return {}
        async with self._pool.connection() as connection, connection.transaction():
            await connection.execute(SET_VIEWER, (",".join(tokens), operation))
            rows = await connection.execute(_KINDS, (OPEN, operation, entries))
            return {entry: kind == _KIND for entry, kind in await rows.fetchall()}

    async def of(self, entries: list[UUID], operation: str, tokens: tuple[str, ...]) -> dict[UUID, History]:
        """By each entry, all that was said of its thing, in order."""
        if not entries:
            return {}
        found: dict[UUID, list[Line]] = {}
        async with self._pool.connection() as connection, connection.transaction():
            await connection.execute(SET_VIEWER, (",".join(tokens), operation))
            rows = await connection.execute(_HISTORIES, (operation, entries))
            for entry, position, body in await rows.fetchall():
                found.setdefault(entry, []).append(read_line(position, body.encode()))
        return {entry: tuple(lines) for entry, lines in found.items()}


def concerns_checks(one: Draft) -> bool:
    """Whether it must be held against how checks are counted; most of what is posted need not be."""
    return isinstance(one.event, _CONCERNED)


def opened(one: Draft) -> Thing:
    """The thing that a report opens."""
    return Thing((_line(one, one.entry, 1),))


def rewritten(history: History, one: Draft) -> Thing | None:
    """The thing as a command makes it; None where what it carries cannot be read, for which it is refused anyway."""
    if any(line.entry == one.entry for line in history):
        return Thing(history)
    last = history[-1]
    try:
        return Thing((*history, _line(one, last.thing, last.position + 1)))
    except ValidationError:
        return None


def pointer_of_change(one: Draft, history: History) -> tuple[str, bool]:
    """The member by which a command changes what is counted; and whether that is a report, with lines of its own."""
    event = one.event
    if isinstance(event, HandlingChanged):
        return "/data/new_audience", False
    if not isinstance(event, RecordCorrected):
        return "/data/target", False
    of_handling = any(line.entry == event.target and isinstance(line.event, HandlingChanged) for line in history)
    return ("/data/corrected/new_audience", False) if of_handling else ("/data/corrected", True)


def _line(one: Draft, thing: UUID, position: int) -> Line:
    at = datetime.fromisoformat(one.recorded_at)
    return Line(position, one.entry, one.operation, thing, one.agency, one.actor, at, "", one.event, b"", one.imported)
