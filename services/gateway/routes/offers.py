"""What a caller may do: the types it may post, what it may say about a record, what waits for it."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.gateway import documented
from services.gateway.answering import json_response, list_response
from services.gateway.dependencies import Acting, OneLook
from services.gateway.offers import offers_about, offers_to_report
from services.gateway.waiting import waiting_for

router = APIRouter(prefix="/v1/operations/{operation}", tags=["commands"])


@router.get("/offers", responses=documented.OFFERS)
async def get_offers(asking: Acting, look: OneLook) -> Response:
    """The event types that the caller may post now; `for_others`: on behalf of a country's agency alone."""
    return list_response(look.picture, offers_to_report(asking), None)


@router.get("/offers/{entry}", responses=documented.OFFERS_ABOUT)
async def get_offers_about(entry: UUID, asking: Acting, look: OneLook) -> Response:
    """What the caller may say about the record of this entry, with the version and the audience that it carries."""
    return json_response(await offers_about(asking, look.picture, entry))


@router.get("/waiting", responses=documented.WAITING)
async def get_waiting(asking: Acting, look: OneLook) -> Response:
    """What waits for the caller's agency, oldest first: hits to verify or act on, requests to answer, ..."""
    return list_response(look.picture, await waiting_for(asking, look.picture), None)
