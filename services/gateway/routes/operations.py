"""Operations: opened by a report like any other, listed for those who take part."""

from fastapi import APIRouter, Request, Response

from services.gateway import documented
from services.gateway.answering import json_response
from services.gateway.dependencies import GatewayParts, OneLook, SignedIn
from services.gateway.opening import open_operation, operations_of
from services.gateway.posting import form_of, read_one
from services.gateway.problems import NotFound
from services.gateway.views.things import operation_seen

router = APIRouter(prefix="/v1/operations", tags=["operations"])


@router.post("", status_code=201, openapi_extra=documented.OPERATION, responses=documented.POSTED)
async def post_operation(request: Request, caller: SignedIn, gateway: GatewayParts) -> Response:
    """Opens an operation with one report of `operation.created.v1`; the caller's agency is among its leads."""
    raw = await read_one(form_of(request.headers), request.headers, request.stream())
    taken = await open_operation(raw, caller=caller, gateway=gateway)
    return Response(taken.body(), status_code=taken.status, headers=taken.headers(), media_type="application/json")


@router.get("", responses=documented.OPERATIONS)
async def get_operations(caller: SignedIn, gateway: GatewayParts) -> Response:
    """The operations in which the caller's agency takes part."""
    return json_response({"items": await operations_of(caller, gateway)})


@router.get("/{operation}", responses=documented.OPERATION_SEEN)
async def get_operation(look: OneLook) -> Response:
    """One operation: its window, its leads, its state."""
    found = await operation_seen(look.picture)
    if found is None:
        raise NotFound
    return json_response(found, headers={"ETag": found["etag"]})
