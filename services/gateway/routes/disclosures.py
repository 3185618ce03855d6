"""Who was given an entry: for whoever provided it; and the whole ledger, for an auditor. For nobody else."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.gateway import documented
from services.gateway.answering import json_response
from services.gateway.auditing import Audited
from services.gateway.dependencies import GatewayParts, OneLook, OperationPath, Purpose, SignedIn
from services.gateway.problems import NotFound
from services.gateway.recipients import recipients

router = APIRouter(prefix="/v1/operations/{operation}/disclosures", tags=["disclosures"])


@router.get("", responses=documented.LEDGER)
async def get_ledger(
    operation: OperationPath,
    caller: SignedIn,
    gateway: GatewayParts,
    asked: Annotated[Audited, Query()],
    purpose: Purpose = None,
) -> Response:
    """The disclosure ledger of the operation, the latest line first: for an officer whose role is auditor.

    Each page that is read is a line of the ledger too.
    """
    if not caller.audits(operation):
        raise NotFound
    await gateway.rosters.of(operation)
    return json_response(await gateway.audits.page(operation, caller, asked, purpose=purpose))


@router.get("/{entry}", responses=documented.DISCLOSURES)
async def get_disclosures(entry: UUID, look: OneLook) -> Response:
    """Who was shown the persons of an entry of the caller's agency, when and why, and who acknowledged it."""
    return json_response(await recipients(look.picture, entry))
