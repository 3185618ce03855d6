"""Who is asking: what a token says of its bearer."""

from fastapi import APIRouter, Response

from services.gateway import documented
from services.gateway.answering import json_response
from services.gateway.dependencies import SignedIn

router = APIRouter(prefix="/v1/me", tags=["operations"])


@router.get("", responses=documented.ME)
async def get_me(caller: SignedIn) -> Response:
    """The agency and desk that this token speaks for, and what it may do."""
    return json_response(
        {
            "agency": caller.agency,
            "kind": caller.kind,
            "country": caller.country,
            "groups": list(caller.groups),
            "may_read": caller.may_read,
            "may_post": caller.may_post,
            "types": sorted(caller.types) if caller.types is not None else None,
        }
    )
