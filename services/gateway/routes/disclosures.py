"""Who was given an entry: for whoever provided it, and for nobody else."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.gateway import documented
from services.gateway.answering import json_response
from services.gateway.dependencies import OneLook
from services.gateway.recipients import recipients

router = APIRouter(prefix="/v1/operations/{operation}/disclosures", tags=["disclosures"])


@router.get("/{entry}", responses=documented.DISCLOSURES)
async def get_disclosures(entry: UUID, look: OneLook) -> Response:
    """Who was shown the persons of an entry of the caller's agency, when and why, and who acknowledged it."""
    return json_response(await recipients(look.picture, entry))
