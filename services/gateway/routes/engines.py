"""The cross-check engines of an agency: what each of them attends."""

from uuid import UUID

from fastapi import APIRouter, Response

from schemas.events.listing import is_list
from services.gateway import documented
from services.gateway.answering import json_response
from services.gateway.dependencies import GatewayParts, SignedIn
from services.gateway.engines import LEASE_SECONDS
from services.gateway.opening import operations_of
from services.gateway.policy import check_engine

router = APIRouter(prefix="/v1/engines", tags=["operations"])


@router.put("/{engine}", responses=documented.ENGINES_SHARE)
async def put_engine(engine: UUID, caller: SignedIn, gateway: GatewayParts) -> Response:
    """Says that this engine is there, and is told which of its agency's operations to attend.

    Every engine of an agency gets about as many. It says so again within `seconds`; else what it attended is given to
    others. `lists` are the watch lists, which each of them reads.
    """
    check_engine(caller)
    found = [one["operation"] for one in await operations_of(caller, gateway)]
    share = await gateway.engines.share(caller.agency, engine, [one for one in found if not is_list(one)])
    return json_response(
        {
            "operations": share.operations,
            "lists": [one for one in found if is_list(one)],
            "engines": share.engines,
            "seconds": LEASE_SECONDS,
        }
    )


@router.delete("/{engine}", status_code=204, responses=documented.ENGINE_LEFT)
async def delete_engine(engine: UUID, caller: SignedIn, gateway: GatewayParts) -> Response:
    """This engine goes; others may attend at once what it attended."""
    check_engine(caller)
    await gateway.engines.leave(caller.agency, engine)
    return Response(status_code=204, headers={"Cache-Control": "no-store"})
