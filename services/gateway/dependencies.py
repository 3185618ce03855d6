"""The annotated types a route may ask for: who calls, the door, a picture. Never a session."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Path, Query, Request

from services.gateway.asked import Filtered, Listing, Reading
from services.gateway.credentials import Caller
from services.gateway.parts import Parts
from services.gateway.picture import Picture, Viewer

Asked = TypeVar("Asked", bound=Reading)


@dataclass(frozen=True, slots=True)
class Look(Generic[Asked]):
    """A picture, and what was asked of it."""

    picture: Picture
    asked: Asked


def parts(request: Request) -> Parts:
    found: Parts = request.app.state.parts
    return found


GatewayParts = Annotated[Parts, Depends(parts)]


async def _caller(request: Request, gateway: GatewayParts) -> Caller:
    return await gateway.credentials.caller(request.headers.get("authorization"))


SignedIn = Annotated[Caller, Depends(_caller)]


OperationPath = Annotated[str, Path(pattern=r"^[a-z0-9-]{3,40}$", description="The operation's code.")]


async def viewer(operation: str, caller: SignedIn, gateway: GatewayParts) -> Viewer:
    """The caller as one who takes part in this operation. Raises NotFound."""
    roster = await gateway.rosters.of(operation)
    if caller.agency not in roster.standings:
        roster = await gateway.rosters.caught_up(operation)
    return Viewer(operation, caller.agency, roster.tokens(caller))


async def _viewer(operation: OperationPath, caller: SignedIn, gateway: GatewayParts) -> Viewer:
    return await viewer(operation, caller, gateway)


SeenBy = Annotated[Viewer, Depends(_viewer)]


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


def pages_of(name: str) -> Any:
    """The dependency of a list whose cursors are bound to this name."""
    return Depends(_opened(Listing, name))


OneLook = Annotated[Look[Reading], Depends(_opened(Reading))]
FilteredLook = Annotated[Look[Filtered], Depends(_opened(Filtered))]
ListLook = Annotated[Look[Listing], Depends(_opened(Listing))]
