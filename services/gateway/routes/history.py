"""The course of the timeline: for whoever shows one moment after the other."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from services.gateway import documented
from services.gateway.answering import packed_response
from services.gateway.asked import Reading
from services.gateway.dependencies import GatewayParts, SeenBy
from services.gateway.history import FIELDS, AskedHistory, course

router = APIRouter(prefix="/v1/operations/{operation}/history", tags=["picture"])


@router.get("", responses=documented.HISTORY)
async def get_history(
    viewer: SeenBy,
    gateway: GatewayParts,
    asked: Annotated[AskedHistory, Query()],
    accept_encoding: Annotated[str, Header()] = "",
) -> Response:
    """Every version of every line of the timeline, and from when to when it was what was known.

    `rows` are in the order of `fields`. `changes` is a cursor too: it asks for what changed after this answer; an ended
    version is told again with its `known_until`. `tail` is where `live` goes on.
    """
    async with gateway.pictures.open(viewer, Reading()) as picture:
        found = await course(picture, asked)
        return await packed_response(
            {
                "moment": picture.moment.said(),
                "fields": FIELDS,
                "rows": found.rows,
                "next": found.next,
                "changes": found.changes,
                "tail": picture.tail(),
            },
            accept_encoding,
        )
