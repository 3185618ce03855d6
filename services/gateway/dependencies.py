"""The annotated types a route may ask for: who calls, the door, a picture. Never a session."""

import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Header, Path, Query, Request

from services.gateway.asked import Filtered, Listing, Paged, Reading
from services.gateway.callers import Shown
from services.gateway.concerned import Targets
from services.gateway.credentials import Caller
from services.gateway.offers import Asking
from services.gateway.officer_sessions import Session
from services.gateway.outage import OUT_OF_REACH
from services.gateway.parts import Parts
from services.gateway.picture import Picture, Viewer
from services.gateway.problems import NotFound, Problem
from services.gateway.starting import parts_of
from services.shared.audiences import SAFEGUARDING

Asked = TypeVar("Asked", bound=Reading)
_HOLDS_SECONDS = 0.25
"""How long a stream goes on without asking; a changed credential makes it ask at once."""


class Still:
    """Whether a viewer may still see what it is being sent: for streams, which last longer than the rights to them."""

    def __init__(self, shown: Shown, seen_by: Viewer, gateway: Parts) -> None:
        self._shown = shown
        self._seen_by = seen_by
        self._gateway = gateway
        self._holds = (gateway.credentials.changes, time.monotonic() + _HOLDS_SECONDS)

    async def holds(self) -> bool:
        """False once the token has ended, or its agency has another place in the operation."""
        credentials = self._gateway.credentials
        changes, until = self._holds
        if changes == credentials.changes and time.monotonic() < until:
            return True
        changes = credentials.changes
        try:
            caller = await self._gateway.people.callers.caller(self._shown, active=False)
            seen_by = await viewer(self._seen_by.operation, caller, self._gateway)
        except (Problem, *OUT_OF_REACH):
            return False  # Nor is anything sent while nobody can tell; the client resumes from its cursor.
        self._holds = (changes, time.monotonic() + _HOLDS_SECONDS)
        return seen_by == self._seen_by


@dataclass(frozen=True, slots=True)
class Look(Generic[Asked]):
    """A picture, and what was asked of it."""

    picture: Picture
    asked: Asked


def parts(request: Request) -> Parts:
    return parts_of(request.app.state)


GatewayParts = Annotated[Parts, Depends(parts)]


def _shown(request: Request, gateway: GatewayParts) -> Shown:
    return Shown.by(request, gateway.people.cookies)


ShownBy = Annotated[Shown, Depends(_shown)]


async def _caller(shown: ShownBy, gateway: GatewayParts) -> Caller:
    caller = await gateway.people.callers.caller(shown)
    gateway.rates.count(caller)
    return caller


SignedIn = Annotated[Caller, Depends(_caller)]


async def _session(shown: ShownBy, gateway: GatewayParts) -> Session:
    return await gateway.people.callers.session(shown)


OfficersSession = Annotated[Session, Depends(_session)]


OperationPath = Annotated[str, Path(pattern=r"^[a-z0-9-]{3,40}$", description="The operation's code.")]


TAKES_AWAY = "vcp.takes_away"
"""In the scope of a request that the gateway makes of itself for a file; no client can put it there."""


async def viewer(
    operation: str, caller: Caller, gateway: Parts, *, purpose: str | None = None, takes_away: bool = False
) -> Viewer:
    """The caller as one who takes part in this operation and may read. Raises NotFound."""
    if not caller.may_read:
        raise NotFound
    roster = await gateway.rosters.joined(operation, caller)
    tokens = roster.tokens(caller)
    return Viewer(
        operation,
        caller.agency,
        tokens,
        exercise=roster.exercise,
        time_zone=roster.time_zone,
        fewest_told=1 if SAFEGUARDING in tokens else gateway.settings.fewest_told,
        actor=caller.actor,
        purpose=purpose or caller.purpose,
        takes_away=takes_away,
    )


Purpose = Annotated[
    str | None,
    Header(
        alias="Vcp-Purpose",
        min_length=3,
        max_length=200,
        description="Why persons are looked at: it is kept in the disclosure ledger. "
        "Without it, what the session says, or the agency's role.",
    ),
]


async def _viewer(
    request: Request, operation: OperationPath, caller: SignedIn, gateway: GatewayParts, purpose: Purpose = None
) -> Viewer:
    takes_away = request.scope.get(TAKES_AWAY, False)
    return await viewer(operation, caller, gateway, purpose=purpose, takes_away=takes_away)


SeenBy = Annotated[Viewer, Depends(_viewer)]


async def _still_seen_by(shown: ShownBy, seen_by: SeenBy, gateway: GatewayParts) -> Still:
    return Still(shown, seen_by, gateway)


StillSeenBy = Annotated[Still, Depends(_still_seen_by)]


async def _acting(operation: OperationPath, caller: SignedIn, seen_by: SeenBy, gateway: GatewayParts) -> Asking:
    """The caller as one who may act here, as far as they may read at all."""
    return Asking(caller, await gateway.rosters.joined(operation, caller), Targets(gateway.pool))


Acting = Annotated[Asking, Depends(_acting)]


def _opened(form: type[Asked], name: str | None = None) -> Callable[..., AsyncIterator[Look[Asked]]]:
    """A dependency that opens the picture at the moment asked for, or at that of the cursor."""

    async def look(seen_by: SeenBy, asked: Annotated[Any, Query()], gateway: GatewayParts) -> AsyncIterator[Look[Any]]:
        if name is not None:
            async with gateway.pictures.turn_to(seen_by, asked, name=name) as picture:
                yield Look(picture, asked)
        else:
            async with gateway.pictures.open(seen_by, asked) as picture:
                yield Look(picture, asked)

    look.__annotations__["asked"] = Annotated[form, Query()]
    return look


def pages_of(name: str, asked: type[Paged] = Listing) -> Any:
    """The dependency of a list whose cursors are bound to this name."""
    return Depends(_opened(asked, name))


def looks_at(asked: type[Reading]) -> Any:
    """The dependency of an answer for the whole."""
    return Depends(_opened(asked))


OneLook = Annotated[Look[Reading], Depends(_opened(Reading))]
FilteredLook = Annotated[Look[Filtered], Depends(_opened(Filtered))]
ListLook = Annotated[Look[Listing], Depends(_opened(Listing))]
