"""Commands: events that change a thing, taken only from whom the catalogue says, on the version they saw."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from schemas.event import By, Event
from schemas.events.permission import PermissionGranted
from schemas.events.person import PersonErased
from schemas.naming import named_in
from schemas.vocabulary import Audience
from services.gateway import policy
from services.gateway.answers import Taken
from services.gateway.circles import Circles
from services.gateway.combining import Combining
from services.gateway.concerned import Target, Targets
from services.gateway.corrections import check_corrected
from services.gateway.credentials import Caller
from services.gateway.cursors import Seals, version_of
from services.gateway.drafts import Draft, seal_all
from services.gateway.erasing import Erasing, Erasure, check_blocks
from services.gateway.links import NOTHING, Kinds, Links
from services.gateway.problems import (
    AlreadyDecided,
    ChangedMeanwhile,
    Fault,
    IdAlreadyUsed,
    LogIsUnavailable,
    NotAcceptable,
    OnHold,
    PictureBehind,
    Problem,
    VersionNeeded,
)
from services.gateway.progress import Progress
from services.gateway.receipts import receipt
from services.gateway.roster import Roster, Rosters
from services.reading.faults import unfit
from services.shared.bus import Log
from services.shared.nats_rights import CLOSED, OPEN, SEALED
from services.shared.records import Appended
from services.shared.refusals import ThingMoved
from services.shared.together import Together
from services.shared.vault import Vault

logger = logging.getLogger(__name__)

_BY_ENTRY = "target"
"""The member by which record.* and handling.changed name what they change: any entry of a thing."""
_TRIES = 5


class Commands:
    """Judges and stores commands."""

    def __init__(
        self,
        *,
        log: Log,
        targets: Targets,
        links: Links,
        circles: Circles,
        accredited: bool,
        rosters: Rosters,
        progress: Progress,
        vault: Vault,
        seals: Seals,
        known: Together[tuple[str, UUID], UUID],
        erasing: Erasing,
        combining: Combining,
    ) -> None:
        self._log = log
        self._targets = targets
        self._links = links
        self._circles = circles
        self._accredited = accredited
        self._rosters = rosters
        self._progress = progress
        self._vault = vault
        self._seals = seals
        self._known = known
        self._erasing = erasing
        self._combining = combining

    async def take(
        self, one: Draft, caller: Caller, roster: Roster, *, ifmatch: str | None, faults: Sequence[Fault]
    ) -> Taken:
        """Stores one command. A retry of one that succeeded is a replay, whatever has changed since."""
        for _ in range(_TRIES):
            target, replayed = await self.judged(one, caller, roster, ifmatch=ifmatch, faults=faults)
            if replayed is not None:
                return replayed
            names = named_in(one.event)
            await self._combining.write(one, caller, roster, names=names, named=target.line.event)
            try:
                return await self.finished(one, await self._append(one, target))
            except ThingMoved as moved:
                if not await self._progress.reach(one.operation, moved.position):
                    raise PictureBehind("The thing has newer entries than the picture shows; try again.") from None
        raise PictureBehind("The thing changes faster than this could be stored; try again.")

    async def judged(
        self,
        one: Draft,
        caller: Caller,
        roster: Roster,
        *,
        ifmatch: str | None,
        faults: Sequence[Fault],
        beside: Kinds = NOTHING,
    ) -> tuple[Target, Taken | None]:
        """What a command changes, once it may be stored; with the receipt, when it was stored before.

        `faults`: what was found against it; `beside`: what is stored together with it.
        """
        for _ in range(_TRIES):
            tokens = roster.tokens(caller)
            target = await self._with_parties(one, await self._target(one, tokens), tokens)
            try:
                await self._judge(one, target, caller, roster, ifmatch=ifmatch, beside=beside, faults=faults)
            except Problem:
                if (replayed := await self.stored_before(one, target)) is not None:
                    return target, await self.finished(one, replayed)
                if (latest := await self._latest_roster(one, target, roster)) is not None:
                    roster = latest
                    continue
                raise
            return target, None
        raise PictureBehind("The thing changes faster than this could be judged; try again.")

    async def _target(self, one: Draft, tokens: tuple[str, ...]) -> Target:
        """What the command names. A hidden thing and an unknown one are refused in the same words."""
        named, member = one.event.changed, one.event.changes
        assert named is not None and member is not None
        by_entry = one.event.owned_by_entry
        found = await self._targets.find(one.operation, named, tokens=tokens, by_entry=by_entry)
        if found is None:
            # What the log has already is no unknown thing, however far behind the picture is.
            tail = await self._log.tail(one.operation)
            await self._progress.reach(one.operation, tail)
            found = await self._targets.find(one.operation, named, tokens=tokens, by_entry=by_entry, shown=tail)
        wanted = one.event.thing_named or member
        if found is None or (member != _BY_ENTRY and (found.thing != named or found.kind != wanted)):
            kind = "entry" if member == _BY_ENTRY else wanted
            raise NotAcceptable([{"pointer": f"/data/{member}", "detail": f"This names no {kind} that you can see."}])
        return found

    async def _with_parties(self, one: Draft, target: Target, tokens: tuple[str, ...]) -> Target:
        """The target with the owners of the records that it speaks of, where the catalogue asks who they are."""
        if By.CONCERNED not in one.event.posted_by:
            return target
        owners: set[str] = set()
        for record in target.line.event.about:
            found = await self._targets.find(one.operation, record, tokens=tokens, by_entry=False)
            owners.update(found.concerned.posters if found else ())
        parties = {**target.concerned.parties, By.CONCERNED.value: sorted(owners)}
        return replace(target, concerned=replace(target.concerned, parties=parties))

    async def prepared(self, one: Draft) -> None:
        """Has the log closed to facts before the entry that says so: then none can come after it."""
        if one.event.closes_log and not await self._log.ask_archivist(one.operation, CLOSED):
            raise LogIsUnavailable("The log cannot be closed to facts now; send it again with the same id.")

    async def finished(self, one: Draft, taken: Taken) -> Taken:
        """Has the log sealed, or opened again, or a person erased, after the entry that says so.

        Where that fails, a retry makes up for it, and the archivist by itself. An erasure has its receipt only when
        the keys are gone.
        """
        if isinstance(one.event, PersonErased):
            await self._erasing.erase(Erasure.of_draft(one, one.event))
        wish = SEALED if one.event.seals_log else OPEN if one.event.reopens_log else None
        if wish is not None and not await self._log.ask_archivist(one.operation, wish):
            logger.warning("the log is not yet as its last entry says", extra={"operation": one.operation})
        return taken

    async def _judge(
        self,
        one: Draft,
        target: Target,
        caller: Caller,
        roster: Roster,
        *,
        ifmatch: str | None,
        beside: Kinds,
        faults: Sequence[Fault],
    ) -> None:
        """Rights, validity, version, closing: in this order."""
        concerned, imported = target.concerned, one.imported
        policy.check_post(one.event, caller=caller, roster=roster, concerned=concerned, imported=imported)
        policy.check_audience(one.event.audience, target.concerned)
        if found := unfit(one.event, target.detail, named=target.line.event):
            raise NotAcceptable([found])
        if isinstance(one.event, PersonErased):
            check_blocks(one.event, target.line.body)
        tokens, operation = roster.tokens(caller), one.operation
        await self._links.check(named_in(one.event), operation=operation, tokens=tokens, beside=beside)
        if (audience := one.event.moved_audience()) is not None:
            await self._check_moved(audience, target, roster, tokens)
        if isinstance(one.event, PermissionGranted) and target.detail["use"] == "disseminate":
            record, to = UUID(target.detail["target"]), target.detail["to"]
            await self._links.check_given(record, to, roster=roster, tokens=tokens, pointer="/data/permission")
        if one.event.carries:
            named = check_corrected(one, target, caller, roster, accredited=self._accredited)
            below = f"/data/{one.event.carries}"
            await self._links.check(named, operation=operation, tokens=tokens, beside=beside, below=below)
        if not one.event.beside:
            etag = self._seals.etag(target.thing, target.version)
            if ifmatch is None:
                raise VersionNeeded
            if version_of(ifmatch) != etag:
                raise ChangedMeanwhile(etag)
        if faults:
            raise NotAcceptable(faults)
        if isinstance(one.event, PersonErased) and target.detail.get("held"):
            raise OnHold
        if target.state in one.event.decided:
            raise AlreadyDecided
        await self._circles.check(one.event, target, operation=operation, tokens=tokens)
        policy.check_open(one.event, roster=roster)

    async def _check_moved(self, audience: Audience, target: Target, roster: Roster, tokens: tuple[str, ...]) -> None:
        """What is about other records is not told to more than those who see them."""
        opened = await self._targets.find(roster.operation, target.thing, tokens=tokens, by_entry=False)
        if opened is not None:
            event, pointer = opened.line.event, "/data/new_audience"
            await self._links.check_shared(event, audience, roster=roster, tokens=tokens, pointer=pointer)

    async def _append(self, one: Draft, target: Target) -> Taken:
        key = one.operation, one.entry
        known = await self._known([key])
        if known.get(key, target.thing) != target.thing:
            raise IdAlreadyUsed
        # On the latest version nothing in the log's guards tells a retry from a new command.
        if key in known and (replayed := await self.stored_before(one, target)) is not None:
            return replayed
        (done,) = await seal_all([one], self._vault, target_types=target_types(one, target))
        if done is None:
            raise IdAlreadyUsed
        await self.prepared(one)
        outcome = await self._log.append(one.operation, done.record(thing=target.thing, expected=target.last_position))
        return receipt(done, outcome, etag=self.etag_after(one, target))

    async def _latest_roster(self, one: Draft, target: Target, roster: Roster) -> Roster | None:
        """The latest roster, when it or the thing had changed since they were read: then it is judged anew."""
        newer = await self._log.last_of(one.operation, target.thing) > target.last_position
        latest = await self._rosters.caught_up(one.operation)
        return latest if newer or latest != roster else None

    async def stored_before(self, one: Draft, target: Target) -> Taken | None:
        """The first receipt, when this very command is in the log already."""
        found = await self._log.find(one.operation, thing=target.thing, entry=one.entry)
        if found is None:
            return None
        (done,) = await seal_all([one], self._vault, target_types=target_types(one, target))
        if done is None:
            raise IdAlreadyUsed
        return receipt(done, Appended(found.position, False, found.body), etag=self.etag_after(one, target))

    def etag_after(self, one: Draft, target: Target) -> str:
        return self._seals.etag(target.thing, target.version if one.event.beside else one.entry)


def target_types(one: Draft, target: Target) -> dict[UUID, type[Event]]:
    """Where a correction carries a whole event, its secret members are those of the corrected type."""
    carried = one.event.carries and getattr(one.event, one.event.carries)
    return {one.entry: type(target.line.event)} if carried is not None else {}
