"""Server-sent events as an answer: refused before it begins, and ended with the right to it."""

from collections.abc import AsyncIterator

from fastapi import Response
from fastapi.responses import StreamingResponse

from services.gateway.dependencies import Still


async def event_stream(frames: AsyncIterator[bytes], still: Still) -> Response:
    """Frames as they come, while the viewer may still see them. A problem of the first one is answered as such."""
    first = await anext(frames)

    async def stream() -> AsyncIterator[bytes]:
        yield first
        async for frame in frames:
            if not await still.holds():
                return
            yield frame

    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(stream(), media_type="text/event-stream", headers=headers)
