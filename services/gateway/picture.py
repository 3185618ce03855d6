"""Picture: what one viewer may see of one operation, at one moment. Every read passes here."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Select, and_, func, select, text, true
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.gateway.asked import Paged, Reading
from services.gateway.cursors import Seals, from_micros
from services.gateway.ledger_index import LedgerIndex
from services.gateway.problems import Malformed, PictureBehind
from services.gateway.progress import Progress
from services.shared.disclosures import Disclosures
from services.shared.tables import audience_changes, checkpoints, entries, parked
from services.shared.vault import Vault

Swept = Callable[[str], Awaitable[object]]
"""Returns once no key of an operation's persons outlives their erasure; before one is used."""

_SET_VIEWER = text(
    "select set_config('vcp.viewer', :viewer, true), set_config('vcp.operation', :operation, true),"
    " set_config('search_path', (select schema from desk.live), true)"
)
_WALK_THE_INDEX = text(
    "select set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true),"
    " set_config('enable_seqscan', 'off', true), set_config('max_parallel_workers_per_gather', '0', true)"
)
_GROUP_WITHOUT_SORTING = text("select set_config('enable_sort', 'off', true)")
_PLAN_ONCE = text(
    "select set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true),"
    " set_config('max_parallel_workers_per_gather', '0', true)"
)
_PLAN_EACH_TIME = text(
    "select set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'on', true)"
)
_FIND_STANDING = text(
    "select set_config('enable_sort', 'on', true), set_config('enable_bitmapscan', 'on', true),"
    " set_config('enable_seqscan', 'off', true)"
)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who takes part in one operation, and what is true of them there."""

    operation: str
    agency: str
    tokens: tuple[str, ...]
    exercise: bool = False
    """Whether the operation has a clock of its own, which stands at the last report."""
    time_zone: str = "UTC"
    fewest_told: int = 5
    """The smallest number of victims or children that is told of one country or agency; 1: all are."""
    actor: str = field(default="system", compare=False)
    purpose: str | None = field(default=None, compare=False)
    """As the reader said it, for the ledger. From which desk and what for changes nothing of what is seen."""
    takes_away: bool = field(default=False, compare=False)
    """Whether what is read leaves as a file: then the ledger says so, and wants to know what for."""

    @property
    def binding(self) -> tuple[str, ...]:
        return (self.operation, self.agency, *self.tokens)


@dataclass(frozen=True, slots=True)
class Moment:
    """The moment that an answer shows. `position` stays inside.

    `seen` is the last position of which the viewer sees the entry: what cursors are made from, so that hidden
    entries change none. `rights_of` is where the viewer last gained or lost sight of something after that, else 0.
    """

    position: int
    seen: int
    as_of: datetime
    at: datetime | None
    live: bool
    clock: datetime
    """What ages and deadlines are measured against: the moment asked for; live, the time of now."""
    rights_of: int = 0
    incomplete: bool = False
    """Whether a view could not take something that the viewer may see, up to here."""

    def said(self) -> dict[str, Any]:
        said = {"as_of": self.as_of, "at": self.at, "live": self.live}
        return {**said, "incomplete": True} if self.incomplete else said


@dataclass(frozen=True, slots=True)
class Spot:
    """An operation and a position of it: known ones, or the parameters of a statement that is made once for all."""

    operation: Any
    position: Any

    def true_then(self, table: FromClause) -> ColumnElement[bool]:
        """The rows of the operation that were true at the position."""
        position = self.position
        return and_(table.c.operation == self.operation, table.c.since <= position, table.c.until > position)


@dataclass(frozen=True, slots=True)
class Picture:
    """One viewer's view at one moment. Row-level security says the same."""

    connection: AsyncConnection
    viewer: Viewer
    moment: Moment
    seals: Seals
    vault: Vault
    swept: Swept
    ledger: Disclosures
    index: LedgerIndex

    def true_then(self, table: FromClause) -> ColumnElement[bool]:
        """The rows of this operation that were true at the moment."""
        return self.spot.true_then(table)

    @property
    def spot(self) -> Spot:
        return Spot(self.viewer.operation, self.moment.position)

    async def rows(self, query: Select[Any], parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        found = await self.connection.execute(query, parameters)
        names = tuple(found.keys())
        # A row has as many values as the answer has names; to ask that of each takes as long again.
        return [dict(zip(names, row)) for row in found]  # noqa: B905

    async def known_at(self, time: datetime) -> "Picture | None":
        """The same, as it was known at another time; None when nothing was known that the viewer may see."""
        position = await _position_by(self.connection, self.viewer.operation, time)
        if position is None:
            return None
        at = self.moment.at
        return replace(self, moment=Moment(position, position, time, at, live=False, clock=_earlier(time, at)))

    async def as_of(self, moment: datetime | UUID, *, name: str) -> "Picture":
        """The same, as of another moment, which is asked for by this name. Raises Malformed for none that there is."""
        found = await _moment(self.connection, self.viewer, moment, at=self.moment.at, name=name)
        return replace(self, moment=found)

    async def walk_the_index(self) -> None:
        """For pages: walk the index of the page's order and stop, whatever the planner thinks of the filters."""
        await self.connection.execute(_WALK_THE_INDEX)

    async def group_without_sorting(self) -> None:
        """For sums over many rows in few groups: the planner overrates the groups, and would sort all rows first."""
        await self.connection.execute(_GROUP_WITHOUT_SORTING)

    @asynccontextmanager
    async def planned_once(self) -> AsyncIterator[None]:
        """For long statements that lead along indexes wherever they are asked: to plan them takes as long as to answer.

        Made for any position, the plan would read a table through for what went within a stretch of the log.
        """
        await self.connection.execute(_PLAN_ONCE)
        yield
        await self.connection.execute(_PLAN_EACH_TIME)

    async def find_standing(self) -> None:
        """For queues: find what stands in a state by the index of states, and sort it."""
        await self.connection.execute(_FIND_STANDING)

    def tail(self) -> str:
        """The cursor from which `live` goes on without gap or double."""
        return live_cursor(self.seals, self.viewer, self.moment.seen, rights_of=self.moment.rights_of)


def live_cursor(seals: Seals, viewer: Viewer, position: int, *, rights_of: int = 0, base: int | None = None) -> str:
    """Where a viewer stands in the log, and whether a snapshot of there was seen with later rights.

    Up to `rights_of`, entries of `base` and before need not be told anew: the snapshot had them.
    """
    if rights_of <= position:
        rights_of = base = 0
    places = (position, rights_of, position if base is None else base)
    content = b"".join(place.to_bytes(8, "big") for place in places)
    return seals.cursor(content, bound_to=("live", *viewer.binding))


class Pictures:
    """Opens pictures. There is no other way to the read models."""

    def __init__(
        self,
        engine: AsyncEngine,
        progress: Progress,
        *,
        seals: Seals,
        vault: Vault,
        swept: Swept,
        ledger: Disclosures,
        index: LedgerIndex,
    ) -> None:
        self._engine = engine
        self._progress = progress
        self._seals = seals
        self._vault = vault
        self._swept = swept
        self.ledger = ledger
        self._index = index

    @asynccontextmanager
    async def open(self, viewer: Viewer, asked: Reading) -> AsyncIterator[Picture]:
        """The picture at the moment asked for. Raises Malformed or PictureBehind."""
        as_of = asked.as_of_moment()
        if asked.after is not None:
            await self._wait_for(viewer, asked.after, seconds=asked.wait)
        async with self._connected(viewer) as connection:
            if as_of is None:
                moment = await _now(connection, viewer, at=asked.at)
            else:
                found = await _moment(connection, viewer, as_of, at=asked.at, name=asked.asks_as)
                moment = await _completed(connection, viewer.operation, found)
            yield self._of(connection, viewer, moment)

    @asynccontextmanager
    async def turn_to(self, viewer: Viewer, asked: Paged, *, name: str) -> AsyncIterator[Picture]:
        """The picture of a page: the first one at the moment asked for, later ones at the moment of the first."""
        if asked.cursor is None:
            async with self.open(viewer, asked) as picture:
                yield picture
        else:
            content = self._seals.read(asked.cursor, bound_to=(name, asked.query(), *viewer.binding))
            position, clock = int.from_bytes(content[:8], "big"), from_micros(content[8:16])
            async with self.at_position(viewer, position, at=asked.at, clock=clock) as picture:
                yield picture

    @asynccontextmanager
    async def at_position(
        self, viewer: Viewer, position: int, *, at: datetime | None = None, clock: datetime | None = None
    ) -> AsyncIterator[Picture]:
        """The picture at a position that was read before; its clock stands where it stood then.

        Raises PictureBehind when a crash has set it back since.
        """
        async with self._connected(viewer) as connection:
            if await _checkpoint(connection, viewer.operation) < position:
                raise PictureBehind("The picture is being made again up to here; try again.")
            moment = await _at_position(connection, viewer, position, at=at, clock=clock)
            moment = await _completed(connection, viewer.operation, moment)
            yield self._of(connection, viewer, moment)

    async def seen(self, viewer: Viewer) -> int:
        """The last position of which the viewer sees the entry."""
        async with self._connected(viewer) as connection:
            return await _last_seen_now(connection, viewer.operation)

    def _of(self, connection: AsyncConnection, viewer: Viewer, moment: Moment) -> Picture:
        return Picture(connection, viewer, moment, self._seals, self._vault, self._swept, self.ledger, self._index)

    @asynccontextmanager
    async def _connected(self, viewer: Viewer) -> AsyncIterator[AsyncConnection]:
        async with self._engine.connect() as connection:
            await connection.execute(_SET_VIEWER, {"viewer": ",".join(viewer.tokens), "operation": viewer.operation})
            yield connection
            # Nothing was written. A rollback would have the driver forget the statements that it has prepared.
            await connection.commit()

    async def _wait_for(self, viewer: Viewer, entry: UUID, *, seconds: float) -> None:
        """Waits for an entry; a hidden one and an unknown one alike wait the whole time."""
        deadline = datetime.now(UTC).timestamp() + seconds
        while True:
            async with self._connected(viewer) as connection:
                if await _position_of(connection, viewer.operation, entry) is not None:
                    return
            left = deadline - datetime.now(UTC).timestamp()
            if left <= 0:
                raise PictureBehind("The entry is not in the picture yet.")
            await self._progress.next(viewer.operation, seconds=min(left, 0.25))


async def _now(connection: AsyncConnection, viewer: Viewer, *, at: datetime | None) -> Moment:
    """The latest moment, whole with one question: most reads ask for it."""
    operation, columns = viewer.operation, entries.c
    stands = select(func.coalesce(func.max(checkpoints.c.position), 0).label("position"))
    stands_at = stands.where(checkpoints.c.operation == operation).cte("stands")
    position = stands_at.c.position
    up_to = select(columns.since, columns.moment).where(columns.operation == operation, columns.since <= position)
    seen = up_to.order_by(columns.since.desc()).limit(1).lateral("seen")
    lacks = _lacking(operation).where(parked.c.position <= position).exists()
    query = select(position, seen.c.since, seen.c.moment, lacks.label("lacks")).join_from(
        stands_at, seen, true(), isouter=True
    )
    found = (await connection.execute(query)).one()
    last = found.moment or datetime.now(UTC)
    now = last if viewer.exercise else max(last, datetime.now(UTC))
    moment = Moment(found.position, found.since or 0, last, at, live=at is None, clock=_earlier(now, at))
    return replace(moment, incomplete=True) if found.lacks else moment


async def _moment(
    connection: AsyncConnection,
    viewer: Viewer,
    as_of: datetime | UUID,
    *,
    at: datetime | None,
    name: str = "as_of",
) -> Moment:
    operation = viewer.operation
    if isinstance(as_of, UUID):
        found = await _position_of(connection, operation, as_of)
        if found is None:
            raise Malformed(f"{name} names no entry that you can see.")
        return await _at_position(connection, viewer, found, at=at)
    found = await _position_by(connection, operation, as_of)
    if found is None or as_of > datetime.now(UTC):
        first = await _first_moment(connection, operation)
        span = f"from {first.isoformat()} to now" if first else "nothing yet"
        raise Malformed(f"{name} lies outside the operation's span: {span}.")
    rights_of = await _last_change_of_rights(connection, operation, after=found)
    return Moment(found, found, as_of, at, live=False, clock=_earlier(as_of, at), rights_of=rights_of)


async def _at_position(
    connection: AsyncConnection,
    viewer: Viewer,
    position: int,
    *,
    at: datetime | None = None,
    clock: datetime | None = None,
) -> Moment:
    seen, as_of = await _last_seen(connection, viewer.operation, position)
    rights_of = await _last_change_of_rights(connection, viewer.operation, after=position)
    return Moment(position, seen, as_of, at, live=False, clock=clock or _earlier(as_of, at), rights_of=rights_of)


def _earlier(known: datetime, at: datetime | None) -> datetime:
    return known if at is None else min(known, at)


async def _completed(connection: AsyncConnection, operation: str, moment: Moment) -> Moment:
    """The moment, marked where the picture lacks something of it."""
    query = _lacking(operation).where(parked.c.position <= moment.position)
    return moment if await connection.scalar(query.limit(1)) is None else replace(moment, incomplete=True)


def _lacking(operation: str) -> Select[tuple[int]]:
    """Where something is parked that the viewer may see. What is hidden and parked marks nothing."""
    seen = and_(entries.c.operation == parked.c.operation, entries.c.since == parked.c.position)
    return select(parked.c.position).join_from(parked, entries, seen).where(parked.c.operation == operation)


async def _checkpoint(connection: AsyncConnection, operation: str) -> int:
    query = select(checkpoints.c.position).where(checkpoints.c.operation == operation)
    return int(await connection.scalar(query) or 0)


async def _position_of(connection: AsyncConnection, operation: str, entry: UUID) -> int | None:
    query = select(entries.c.since).where(entries.c.operation == operation, entries.c.key == entry)
    return await connection.scalar(query)


async def _position_by(connection: AsyncConnection, operation: str, time: datetime) -> int | None:
    """The last entry of that time or before, among those that the viewer may see."""
    columns = entries.c
    query = select(columns.since).where(columns.operation == operation, columns.moment <= time)
    return await connection.scalar(query.order_by(columns.moment.desc(), columns.since.desc()).limit(1))


async def _last_seen(connection: AsyncConnection, operation: str, position: int) -> tuple[int, datetime]:
    """The last entry that the viewer sees up to a position, and its moment."""
    columns = entries.c
    query = select(columns.since, columns.moment).where(columns.operation == operation, columns.since <= position)
    row = (await connection.execute(query.order_by(columns.since.desc()).limit(1))).one_or_none()
    return (row.since, row.moment) if row is not None else (0, datetime.now(UTC))


async def _last_change_of_rights(connection: AsyncConnection, operation: str, *, after: int) -> int:
    """The last position after this one at which the viewer gained or lost sight of a record; 0 when there is none."""
    columns = audience_changes.c
    query = select(func.max(columns.since)).where(columns.operation == operation, columns.since > after)
    return await connection.scalar(query) or 0


async def _last_seen_now(connection: AsyncConnection, operation: str) -> int:
    position = await _checkpoint(connection, operation)
    return (await _last_seen(connection, operation, position))[0]


async def _first_moment(connection: AsyncConnection, operation: str) -> datetime | None:
    columns = entries.c
    query = select(columns.moment).where(columns.operation == operation)
    return await connection.scalar(query.order_by(columns.since).limit(1))
