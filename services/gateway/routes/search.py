"""Search by names and numbers: posted, because an address is written down in many places."""

from typing import Any

from fastapi import APIRouter, Request, Response

from services.gateway import documented
from services.gateway.answering import json_response
from services.gateway.dependencies import OneLook
from services.gateway.search import search, sought_in

router = APIRouter(prefix="/v1/operations/{operation}/search", tags=["picture"])


@router.post("", openapi_extra=documented.SOUGHT, responses=documented.SEARCH)
async def post_search(look: OneLook, request: Request) -> Response:
    """Records in which a name, in any script, or a number of a document, vehicle, telephone or organisation stands.

    In bands: `exact`, an equal number; `strong`, a name with the same full date of birth; `possible` and `weak`. A
    band is a lead for people, and no identification. Only records that the caller sees are looked through and told.
    """
    # Read here and not by the framework, which would read it before the token.
    sought = await sought_in(request.headers, request.stream())
    found: dict[str, Any] = await search(look.picture, sought)
    return json_response({"moment": look.picture.moment.said(), **found})
