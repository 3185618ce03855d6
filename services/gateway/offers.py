"""What a caller may do here and now: the event types that the door would take from them, by the door's own rules."""

from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select

from schemas.event import REGISTER, By, Event
from schemas.vocabulary import Audience
from services.gateway import policy
from services.gateway.concerned import Target, Targets
from services.gateway.credentials import Caller
from services.gateway.picture import Picture
from services.gateway.policy import Concerned
from services.gateway.problems import NotFound, Problem
from services.gateway.roster import Roster
from services.shared.audiences import audience_id, members
from services.shared.tables import entries

_BY_ENTRY = "target"
"""The member by which commands about records name any entry."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, and in which operation."""

    caller: Caller
    roster: Roster
    targets: Targets

    def would_post(self, event: Event, concerned: Concerned | None) -> bool:
        """Whether the door would take an event of this type, as far as rights go."""
        try:
            policy.check_post(event, caller=self.caller, roster=self.roster, concerned=concerned, whatever_it_says=True)
            policy.check_open(event, roster=self.roster)
        except Problem:
            return False
        return True


def offers_to_report(asking: Asking) -> list[dict[str, Any]]:
    """The types that the caller may post by itself, and those that it may post for a country's agency alone."""
    countries = [code for code, standing in asking.roster.standings.items() if standing.kind == "national"]
    found = []
    for kind in REGISTER.values():
        if kind.changes is not None or kind.opens_log:
            continue
        if asking.would_post(probe(kind), None):
            found.append(_offer(kind, for_others=False))
        elif countries and asking.would_post(probe(kind).model_copy(update={"on_behalf_of": countries[0]}), None):
            found.append(_offer(kind, for_others=True))
    return found


async def offers_about(asking: Asking, picture: Picture, entry: UUID) -> dict[str, Any]:
    """What the caller may say about the thing of an entry, with its version and its audience. Raises NotFound."""
    found = {by_entry: await _target(asking, picture, entry, by_entry=by_entry) for by_entry in (False, True)}
    whole = found[False]
    concerned_too = await _with_owners(asking, picture, whole)
    offered = []
    for kind in REGISTER.values():
        names = kind.thing_named or kind.changes
        if kind.changes is None or names not in (whole.kind, _BY_ENTRY):
            continue
        target = found[kind.owned_by_entry]
        concerned = concerned_too if By.CONCERNED in kind.posted_by else target.concerned
        names_entry = names == _BY_ENTRY
        too_late = target.state in kind.decided or (
            names_entry and probe(kind).unfit(target.detail, named=target.line.event) is not None
        )
        if not too_late and asking.would_post(probe(kind), concerned):
            offered.append(_offer(kind, member=kind.changes, target=str(entry if names_entry else whole.thing)))
    return {
        "thing": whole.thing,
        "kind": whole.kind,
        "state": whole.state,
        "etag": picture.seals.etag(whole.thing, whole.version),
        "audience": await _audience(picture, whole),
        "handling": whole.line.event.handling.model_dump(mode="json", exclude_defaults=True),
        "items": offered,
    }


@cache
def probe(kind: type[Event]) -> Event:
    """An event of a type as the door would judge it: its invented example."""
    return kind.model_validate(kind.example())


def _offer(kind: type[Event], **more: Any) -> dict[str, Any]:
    return {
        "type": kind.type,
        "title": kind.title,
        "description": (kind.__doc__ or "").strip(),
        "needs_version": kind.changes is not None and not kind.beside,
        **more,
    }


async def _target(asking: Asking, picture: Picture, entry: UUID, *, by_entry: bool) -> Target:
    viewer = picture.viewer
    found = await asking.targets.find(viewer.operation, entry, tokens=viewer.tokens, by_entry=by_entry)
    if found is None:
        raise NotFound
    return found


async def _with_owners(asking: Asking, picture: Picture, target: Target) -> Concerned:
    """With the owners of the records that the thing speaks of: they decide on a pair, or on a permission."""
    owners: set[str] = set()
    for record in target.line.event.about:
        viewer = picture.viewer
        found = await asking.targets.find(viewer.operation, record, tokens=viewer.tokens, by_entry=False)
        owners.update(found.concerned.posters if found else ())
    parties = {**target.concerned.parties, By.CONCERNED.value: sorted(owners)}
    return replace(target.concerned, parties=parties)


async def _audience(picture: Picture, target: Target) -> dict[str, Any] | None:
    """The audience of the thing as its owner spelt it: a command carries exactly this one."""
    concerned = target.concerned
    query = select(entries.c.body).where(picture.true_then(entries), entries.c.thing == target.thing)
    for row in await picture.rows(query.order_by(entries.c.since.desc())):
        data = msgspec.json.decode(row["body"])["report"]["data"]
        for spelt in (data.get("new_audience"), data["audience"]):
            if spelt is None:
                continue
            audience = Audience.model_validate(spelt)
            if audience_id(members(audience, posters=concerned.audience_posters)) == concerned.audience_id:
                return audience.model_dump(mode="json", exclude_defaults=True)
    return None
