"""What a command changes, as its poster may see it: looked up under the poster's own rights."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from services.gateway.policy import Concerned
from services.gateway.problems import PictureBehind
from services.gateway.sessions import SET_VIEWER
from services.shared.lines import Line, read_line
from services.shared.tables import OPEN

_LOOK_UP = """
select c.position, e.thing, e.since, e.body, t.kind, t.state, t.version, t.last_position, t.audience_id, t.detail,
       t.country
  from checkpoints c
  left join (entries e
             join things t on t.operation = e.operation and t.key = e.thing and t.line = 0 and t.until = %(open)s)
    on e.operation = c.operation and e.key = %(target)s
 where c.operation = %(operation)s
"""


@dataclass(frozen=True, slots=True)
class Target:
    """The thing that a command changes, and the entry by which the command named it."""

    thing: UUID
    kind: str
    state: str
    version: UUID
    last_position: int
    line: Line
    concerned: Concerned
    detail: dict[str, Any]
    """The thing's own members as they stand, sealed ones left out."""

    @property
    def opens(self) -> bool:
        """Whether the entry by which it was named is the one that opened it."""
        return self.line.opens


class Targets:
    """Looks up what commands name."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def find(
        self, operation: str, target: UUID, *, tokens: tuple[str, ...], by_entry: bool, shown: int = 0
    ) -> Target | None:
        """The target, or None when it does not exist or is hidden from the poster.

        `by_entry`: the owner is whoever posted that very entry (corrections), not who opened its thing. Raises
        PictureBehind when it is not found in a picture that does not show the log up to the position `shown`.
        """
        values = {"open": OPEN, "operation": operation, "target": target}
        async with self._pool.connection() as connection, connection.transaction():
            await connection.execute(SET_VIEWER, (",".join(tokens), operation))
            row = await (await connection.execute(_LOOK_UP, values)).fetchone()
        reached, *found = row if row is not None else (0, None)
        if found[0] is not None:
            return _target(tuple(found), by_entry=by_entry)
        if reached < shown:
            raise PictureBehind("The picture may not show what this names yet; try again.")
        return None


def _target(row: tuple[Any, ...], *, by_entry: bool) -> Target:
    thing, position, body, kind, state, version, last_position, audience_id, detail, country = row
    line = read_line(position, body.encode())
    openers = tuple(detail["posters"])
    posters = _posters(line) if by_entry else openers
    concerned = Concerned(posters, openers, audience_id, detail.get("parties") or {}, country)
    return Target(thing, kind, state, version, last_position, line, concerned, detail)


def _posters(line: Line) -> tuple[str, ...]:
    behalf = line.event.on_behalf_of
    return (line.agency, behalf) if behalf else (line.agency,)
