"""The one door: reports in, receipts out. What it acknowledges is on disk, once, for ever."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from schemas.event import Event, Lifecycle
from schemas.naming import Named, named_in
from services.gateway import policy
from services.gateway.answers import Answer, Taken
from services.gateway.combining import Combining
from services.gateway.command_ids import CommandIds
from services.gateway.commands import Commands
from services.gateway.credentials import Caller
from services.gateway.cursors import Seals
from services.gateway.drafting import Drafting
from services.gateway.drafts import Draft, SealedDraft, Unsealed, seal_all, sealed, unsealed
from services.gateway.foreseen import Foreseen
from services.gateway.histories import concerns_checks
from services.gateway.links import NOTHING, Kinds, Links
from services.gateway.problems import Fault, IdAlreadyUsed, NotAcceptable, PictureBehind, Problem
from services.gateway.receipts import of_log, receipt, refusal
from services.gateway.roster import Roster, Rosters
from services.gateway.series import Series, Turn
from services.gateway.trawling import Questions
from services.shared.bus import Log
from services.shared.records import Appended
from services.shared.refusals import LogUnavailable
from services.shared.vault import Vault


class Door:
    """Judges and stores reports, one or many."""

    def __init__(
        self,
        *,
        log: Log,
        rosters: Rosters,
        vault: Vault,
        commands: Commands,
        links: Links,
        series: Series,
        drafting: Drafting,
        seals: Seals,
        command_ids: CommandIds,
        questions: Questions,
        combining: Combining,
    ) -> None:
        self.drafting = drafting
        self.series = series
        self._log = log
        self._rosters = rosters
        self._vault = vault
        self._commands = commands
        self._links = links
        self._seals = seals
        self._command_ids = command_ids
        self._questions = questions
        self._combining = combining

    async def take(
        self, raw: bytes, *, caller: Caller, operation: str, ifmatch: str | None = None, imported: bool = False
    ) -> Taken:
        """Stores one report. Raises the Problem that stands against it."""
        roster = await self.roster(caller, operation)
        if imported:
            policy.check_import(caller, roster)
        one = self.drafting.one(raw, caller, roster, imported=imported)
        async with self.series.turn(operation, caller) as turn:
            return await self._take(one, caller, roster, turn, ifmatch=ifmatch)

    async def _take(self, one: Draft, caller: Caller, roster: Roster, turn: Turn, *, ifmatch: str | None) -> Taken:
        try:
            faults: Sequence[Fault] = ()
            if concerns_checks(one):
                await turn.begin()
                faults = (await of_log(self.series.faults([(0, one)], caller, roster))).get(0, ())
            if one.event.changes is not None:
                version = ifmatch or one.posted.envelope.ifmatch
                return await of_log(self._commands.take(one, caller, roster, ifmatch=version, faults=faults))
            named = named_in(one.event)
            await self.admit(one, caller, roster, named=named, faults=faults)
            await self._combining.write(one, caller, roster, names=named)
            return await self._open_alone(one)
        except Replayed as found:
            return found.taken
        finally:
            if isinstance(one.event, Lifecycle):
                await self._rosters.renew(one.operation)

    async def take_each(
        self,
        raws: Sequence[bytes],
        *,
        caller: Caller,
        operation: str,
        ifmatch: str | None = None,
        imported: bool = False,
    ) -> list[Answer]:
        """Stores each report by itself, in their order as far as one builds on another; one answer each."""
        roster = await self.roster(caller, operation)
        if imported:
            policy.check_import(caller, roster)
        async with self.series.turn(operation, caller) as turn:
            return await self._take_each(raws, caller, roster, turn, ifmatch=ifmatch, imported=imported)

    async def _take_each(
        self,
        raws: Sequence[bytes],
        caller: Caller,
        roster: Roster,
        turn: Turn,
        *,
        ifmatch: str | None,
        imported: bool,
    ) -> list[Answer]:
        operation = roster.operation
        answers: list[Answer | None] = [None] * len(raws)
        opening: list[tuple[int, SealedDraft | Unsealed]] = []
        waiting: set[UUID] = set()
        lifecycle = False
        read = enumerate(self.drafting.each(raws, caller, roster, imported=imported))
        foreseen = Foreseen(self.series, read, caller, roster)
        for index, one in foreseen:
            if isinstance(one, Problem):
                answers[index] = one
                continue
            try:
                lifecycle = lifecycle or isinstance(one.event, Lifecycle)
                named = named_in(one.event)
                builds = bool(named) and any(each.entry in waiting for each in named)
                if concerns_checks(one):
                    await turn.begin()
                    await of_log(foreseen.look_ahead(index, one))
                turns = foreseen.turns_on_others(index, one)
                if builds or turns or one.event.changes is not None:
                    await self._open(operation, opening, answers)
                    opening, waiting = [], set()
                faults = await of_log(foreseen.against(index, one, answers)) if turns else ()
                if one.event.changes is None:
                    await self.admit(one, caller, roster, named=named, faults=faults)
                    await self._combining.write(one, caller, roster, names=named)
                    # No more of it waits than what will be kept: what was read is let go.
                    opening.append((index, unsealed(one, self._vault)))
                    waiting.add(one.entry)
                else:
                    version = ifmatch or one.posted.envelope.ifmatch
                    command = self._commands.take(one, caller, roster, ifmatch=version, faults=faults)
                    answers[index] = await of_log(command)
            except Replayed as found:
                answers[index] = found.taken
            except Problem as refused:
                answers[index] = refused
        await self._open(operation, opening, answers)
        if lifecycle:
            await self._rosters.renew(operation)
        return [answer for answer in answers if answer is not None]

    async def take_first(self, raw: bytes, *, caller: Caller, roster: Roster) -> Taken:
        """Stores the report that opens an operation, whose roster cannot be read yet."""
        return await self._open_alone(self.drafting.one(raw, caller, roster))

    async def _open_alone(self, one: Draft) -> Taken:
        """Stores one opening event. What `_open` does for many costs a single one more than its checks."""
        of_commands = await of_log(self._command_ids.among(one.operation, (one.entry,)))
        ready = unsealed(one, self._vault)
        done = ready if isinstance(ready, SealedDraft) else (await sealed([ready], self._vault))[0]
        if done is None or done.entry in of_commands:
            raise IdAlreadyUsed
        (outcome,) = await self._log.append_each(one.operation, (done.record(thing=done.entry, expected=0),))
        answer = self._answer(done, outcome)
        if isinstance(answer, Problem):
            raise answer
        return answer

    async def roster(self, caller: Caller, operation: str) -> Roster:
        """The roster of an operation in which the caller's agency takes part. Raises NotFound."""
        return await self._rosters.joined(operation, caller)

    async def changed(self, operation: str, events: Iterable[Event]) -> None:
        """What this gateway was told of the operation itself is felt by its next judgement."""
        if any(isinstance(event, Lifecycle) for event in events):
            await self._rosters.renew(operation)

    def etag_of_opened(self, entry: UUID) -> str:
        """Of a thing that has its opening entry alone."""
        return self._seals.etag(entry, entry)

    async def admit(
        self,
        one: Draft,
        caller: Caller,
        roster: Roster,
        *,
        named: Sequence[Named],
        faults: Sequence[Fault],
        beside: Kinds = NOTHING,
    ) -> None:
        """Rights, what is named, and closing, judged on the latest roster before anything is refused.

        A replay is never refused. `faults`: what was found against it; `beside`: what is stored together with it.
        """
        try:
            await self._judge(one, caller, roster, named, faults, beside)
        except Problem as refused:
            if (replayed := await self._stored_before(one)) is not None:
                raise Replayed(replayed) from None
            if isinstance(refused, PictureBehind):
                raise
            await self._judge(one, caller, await self._rosters.caught_up(one.operation), named, faults, beside)

    async def _judge(
        self,
        one: Draft,
        caller: Caller,
        roster: Roster,
        named: Sequence[Named],
        faults: Sequence[Fault],
        beside: Kinds,
    ) -> None:
        policy.check_post(one.event, caller=caller, roster=roster, concerned=None, imported=one.imported)
        if one.event.opens_log:
            raise NotAcceptable([{"pointer": "/type", "detail": "An operation is opened at POST /v1/operations."}])
        if faults:
            raise NotAcceptable(faults)
        if named:
            tokens = roster.tokens(caller)
            await self._links.check(named, operation=one.operation, tokens=tokens, beside=beside)
            await self._links.check_shared(
                one.event, one.event.audience, roster=roster, tokens=tokens, pointer="/data/audience"
            )
        policy.check_open(one.event, roster=roster)
        if not one.imported and self._questions.new(one.event, one.entry):
            if (replayed := await self._stored_before(one)) is not None:
                raise Replayed(replayed)
            self._questions.count(one.entry, caller.agency)

    async def _open(
        self, operation: str, opening: list[tuple[int, SealedDraft | Unsealed]], answers: list[Answer | None]
    ) -> None:
        """Stores opening events, all in one write where the log can."""
        if not opening:
            return
        try:
            of_commands = await self._command_ids.among(operation, [one.entry for _, one in opening])
        except LogUnavailable as failed:
            for index, _ in opening:
                answers[index] = refusal(failed)
            return
        ready: list[tuple[int, SealedDraft]] = []
        for (index, one), done in zip(opening, await sealed([one for _, one in opening], self._vault), strict=True):
            if done is None or one.entry in of_commands:
                answers[index] = IdAlreadyUsed()
            else:
                ready.append((index, done))
        records = [done.record(thing=done.entry, expected=0) for _, done in ready]
        outcomes = await self._log.append_each(operation, records)
        for (index, done), outcome in zip(ready, outcomes, strict=True):
            answers[index] = self._answer(done, outcome)

    def _answer(self, done: SealedDraft, outcome: Appended | BaseException) -> Answer:
        if isinstance(outcome, Appended):
            try:
                return receipt(done, outcome, etag=self.etag_of_opened(done.entry))
            except Problem as refused:
                return refused
        if (problem := refusal(outcome)) is not None:
            return problem
        raise outcome

    async def _stored_before(self, one: Draft) -> Taken | None:
        """The first receipt, when this very report is in the log already."""
        found = await of_log(self._log.find(one.operation, thing=one.entry, entry=one.entry))
        if found is None:
            return None
        (done,) = await seal_all([one], self._vault)
        if done is None:
            raise IdAlreadyUsed
        return receipt(done, Appended(found.position, False, found.body), etag=self.etag_of_opened(one.entry))


class Replayed(Exception):
    def __init__(self, taken: Taken) -> None:
        super().__init__()
        self.taken = taken
