"""A batch as one: all its reports are stored, with no other entry between them, or none is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from schemas.naming import named_in
from services.gateway import policy
from services.gateway.answers import Taken
from services.gateway.combining import Combining
from services.gateway.commands import Commands, target_types
from services.gateway.concerned import Target
from services.gateway.credentials import Caller
from services.gateway.door import Door, Replayed
from services.gateway.drafts import Draft, SealedDraft, seal_all
from services.gateway.histories import concerns_checks
from services.gateway.links import Kinds
from services.gateway.problems import Fault, IdAlreadyUsed, NotAcceptable, PictureBehind, Problem, TryAgain
from services.gateway.progress import Progress
from services.gateway.receipts import of_log, receipt
from services.gateway.roster import Roster
from services.reading.faults import pointer
from services.shared.bus import Log
from services.shared.records import Appended
from services.shared.refusals import BatchRefused, ThingMoved
from services.shared.together import Together
from services.shared.vault import Vault

_TRIES = 5


@dataclass(frozen=True, slots=True)
class _Judged:
    """A report that may be stored: what it changes; None when it opens a thing."""

    index: int
    one: Draft
    target: Target | None

    @property
    def thing(self) -> UUID:
        return self.target.thing if self.target else self.one.entry


class AtomicDoor:
    """Judges and stores whole batches, by the rules of the one door."""

    def __init__(
        self,
        *,
        door: Door,
        commands: Commands,
        log: Log,
        vault: Vault,
        progress: Progress,
        known: Together[tuple[str, UUID], UUID],
        combining: Combining,
    ) -> None:
        self._door = door
        self._commands = commands
        self._log = log
        self._vault = vault
        self._progress = progress
        self._known = known
        self._combining = combining

    async def take_all(
        self, raws: Sequence[bytes], *, caller: Caller, operation: str, imported: bool = False
    ) -> list[Taken]:
        """Stores all reports, and those that were stored before give their first receipts. Raises one Problem for all.

        A command's thing must be there already: its version is known to nobody before it is in the log.
        """
        roster = await self._door.roster(caller, operation)
        if imported:
            policy.check_import(caller, roster)
        drafts = self._read(raws, caller, roster, imported=imported)
        taken: dict[int, Taken] = {}
        async with self._door.series.turn(operation, caller) as turn:
            if any(concerns_checks(one) for _, one in drafts):
                await turn.begin()
            for _ in range(_TRIES):
                waiting = await self._judge([pair for pair in drafts if pair[0] not in taken], taken, caller, roster)
                if not waiting or await self._store(waiting, taken, caller, roster):
                    await self._door.changed(operation, [one.event for _, one in drafts])
                    return [taken[index] for index, _ in drafts]
        raise PictureBehind("What the batch changes, changes faster than it could be stored; try again.")

    def _read(
        self, raws: Sequence[bytes], caller: Caller, roster: Roster, *, imported: bool
    ) -> list[tuple[int, Draft]]:
        drafts, problems = [], {}
        for index, one in enumerate(self._door.drafting.each(raws, caller, roster, imported=imported)):
            if isinstance(one, Problem):
                problems[index] = one
            else:
                drafts.append((index, one))
        _refuse(problems)
        return drafts

    async def _judge(
        self, drafts: list[tuple[int, Draft]], taken: dict[int, Taken], caller: Caller, roster: Roster
    ) -> list[_Judged]:
        """What is still to be stored; replays are put among the taken."""
        waiting: list[_Judged] = []
        beside = {one.entry: one.event.opens for _, one in drafts}
        problems: dict[int, Problem] = {}
        things: set[UUID] = set()
        faults = await of_log(self._door.series.faults(drafts, caller, roster))
        for index, one in drafts:
            if one.event.closes_log:
                problems[index] = _by_itself()
                continue
            try:
                judging = self._judge_one(one, caller, roster, beside, faults.get(index, ()))
                target, replayed = await of_log(judging)
            except Problem as refused:
                problems[index] = refused
                continue
            judged = _Judged(index, one, target)
            if judged.thing in things:
                problems[index] = _same_thing(one)
            elif replayed is not None:
                taken[index] = replayed
            else:
                waiting.append(judged)
            things.add(judged.thing)
        _refuse(problems)
        return waiting

    async def _judge_one(
        self, one: Draft, caller: Caller, roster: Roster, beside: Kinds, faults: Sequence[Fault]
    ) -> tuple[Target | None, Taken | None]:
        if one.event.changes is not None:
            version = one.posted.envelope.ifmatch
            return await self._commands.judged(one, caller, roster, ifmatch=version, faults=faults, beside=beside)
        try:
            await self._door.admit(one, caller, roster, named=named_in(one.event), faults=faults, beside=beside)
        except Replayed as found:
            return None, found.taken
        return None, None

    async def _store(self, waiting: list[_Judged], taken: dict[int, Taken], caller: Caller, roster: Roster) -> bool:
        """Writes what waits, all or none. False when it must be judged anew."""
        operation = roster.operation
        known = await self._known([(operation, judged.one.entry) for judged in waiting])
        if await self._replayed(waiting, taken, known):
            return False
        sealed = await self._sealed(waiting, operation, known)
        records = [
            done.record(thing=judged.thing, expected=judged.target.last_position if judged.target else 0)
            for judged, done in zip(waiting, sealed, strict=True)
        ]
        for judged in waiting:
            named = judged.target.line.event if judged.target else None
            beside = [other.one for other in waiting]
            names = named_in(judged.one.event)
            await self._combining.write(judged.one, caller, roster, names=names, named=named, beside=beside)
        try:
            outcomes = await of_log(self._log.append_all(operation, records))
        except BatchRefused as refused:
            await self._settle(refused.faults, waiting, sealed, taken)
            return False
        for judged, done, outcome in zip(waiting, sealed, outcomes, strict=True):
            stored = self._receipt(judged, done, outcome)
            taken[judged.index] = await self._commands.finished(judged.one, stored)
        return True

    async def _replayed(
        self, waiting: list[_Judged], taken: dict[int, Taken], known: Mapping[tuple[str, UUID], UUID]
    ) -> bool:
        """Whether a command on the latest version is a retry all the same: its first receipt is put among the taken."""
        found = False
        for judged in waiting:
            if judged.target is None or known.get((judged.one.operation, judged.one.entry)) != judged.thing:
                continue
            stored = await of_log(self._commands.stored_before(judged.one, judged.target))
            if stored is not None:
                taken[judged.index], found = stored, True
        return found

    async def _sealed(
        self, waiting: list[_Judged], operation: str, known: Mapping[tuple[str, UUID], UUID]
    ) -> list[SealedDraft]:
        types = {}
        for judged in waiting:
            types.update(target_types(judged.one, judged.target) if judged.target else {})
        sealed = await seal_all([judged.one for judged in waiting], self._vault, target_types=types)
        problems: dict[int, Problem] = {}
        ready = []
        for judged, done in zip(waiting, sealed, strict=True):
            if done is None or known.get((operation, judged.one.entry), judged.thing) != judged.thing:
                problems[judged.index] = IdAlreadyUsed()
            else:
                ready.append(done)
        _refuse(problems)
        return ready

    async def _settle(
        self,
        faults: Mapping[int, Appended | ThingMoved],
        waiting: list[_Judged],
        sealed: list[SealedDraft],
        taken: dict[int, Taken],
    ) -> None:
        """What stands in the log already is a replay or a conflict; for what moved on, the picture is awaited."""
        if not faults:
            raise IdAlreadyUsed
        problems: dict[int, Problem] = {}
        for at, fault in faults.items():
            judged = waiting[at]
            if isinstance(fault, ThingMoved):
                if not await self._progress.reach(judged.one.operation, fault.position):
                    raise PictureBehind("A thing has newer entries than the picture shows; try again.")
                continue
            try:
                taken[judged.index] = self._receipt(judged, sealed[at], fault)
            except Problem as refused:
                problems[judged.index] = refused
        _refuse(problems)

    def _receipt(self, judged: _Judged, done: SealedDraft, outcome: Appended) -> Taken:
        if judged.target is not None:
            return receipt(done, outcome, etag=self._commands.etag_after(judged.one, judged.target))
        return receipt(done, outcome, etag=self._door.etag_of_opened(judged.one.entry))


def _same_thing(one: Draft) -> NotAcceptable:
    member = pointer("data", one.event.changes) if one.event.changes else ""
    return NotAcceptable(
        [{"pointer": member, "detail": "An earlier report of this batch concerns the same thing; post them apart."}]
    )


def _by_itself() -> NotAcceptable:
    """The log is closed to facts before this is stored: then no fact beside it could be."""
    return NotAcceptable([{"pointer": "/type", "detail": "An operation is closed by a report by itself."}])


def _refuse(problems: Mapping[int, Problem]) -> None:
    """Raises the first problem, or the first that may pass, as the whole batch's: every report's faults, by index."""
    if not problems:
        return
    faults: list[Fault] = []
    for index, problem in sorted(problems.items()):
        own = problem.faults or [{"pointer": "", "detail": problem.detail}]
        faults += [{**fault, "pointer": pointer(index) + fault["pointer"]} for fault in own]
    # Whether something is stored already is what the one that is to be asked again knows; it may be an erasure's.
    unsure = [index for index, problem in problems.items() if isinstance(problem, TryAgain)]
    first = problems[min(unsure or problems)]
    first.faults = faults
    if not unsure:
        first.detail = "Nothing of the batch was stored; `errors` names each report by its index."
    raise first
