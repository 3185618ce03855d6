"""The live stream, as server-sent events."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import StreamingResponse

from services.gateway import documented
from services.gateway.dependencies import GatewayParts, SeenBy, StillSeenBy

router = APIRouter(prefix="/v1/operations/{operation}/live", tags=["live"])


@router.get("", responses=documented.LIVE)
async def get_live(
    viewer: SeenBy,
    gateway: GatewayParts,
    still: StillSeenBy,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    last_event_id: Annotated[str | None, Header()] = None,
) -> Response:
    """What comes into the picture from now on, or from a cursor: events `entry`, `now` and `resync`.

    `id` is a cursor; the `tail` of a list is one too. The stream resumes by `Last-Event-ID` or `?cursor=`.
    It ends when the token does, or when the agency's place in the operation changes.
    """
    frames = gateway.live.frames(viewer, last_event_id or cursor)
    first = await anext(frames)

    async def stream():  # type: ignore[no-untyped-def]
        yield first
        async for frame in frames:
            if not await still.holds():
                return
            yield frame

    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(stream(), media_type="text/event-stream", headers=headers)
