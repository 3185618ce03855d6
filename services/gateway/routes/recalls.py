"""What the caller was given and must now read otherwise."""

from fastapi import APIRouter, Response

from services.gateway import documented
from services.gateway.answering import list_response
from services.gateway.dependencies import OneLook
from services.gateway.recalls import recalls

router = APIRouter(prefix="/v1/operations/{operation}/recalls", tags=["disclosures"])


@router.get("", responses=documented.RECALLS)
async def get_recalls(look: OneLook) -> Response:
    """What the caller's agency was given, live, by reading or in an export, and has since been corrected or retracted.

    `to_acknowledge` asks for `record.acknowledged.v1` about the entry. `withdrawn` is what the agency sees no longer.
    """
    return list_response(look.picture, await recalls(look.picture), None)
