"""The replay of an operation, as server-sent events."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from services.gateway import documented
from services.gateway.asked import Replaying
from services.gateway.dependencies import GatewayParts, SeenBy, StillSeenBy
from services.gateway.media import EventStream
from services.gateway.streaming import event_stream

router = APIRouter(prefix="/v1/operations/{operation}/replay", tags=["live"])


@router.get("", response_class=EventStream, responses=documented.STREAM)
async def get_replay(
    viewer: SeenBy,
    gateway: GatewayParts,
    still: StillSeenBy,
    asked: Annotated[Replaying, Query()],
    last_event_id: Annotated[str | None, Header(max_length=200)] = None,
) -> Response:
    """The operation again, in its own rhythm, `speed` times as fast, with the figures as they were.

    | Event | Says |
    |---|---|
    | `figures` | the figures that moved, and when; the first has all, as they were before `from` |
    | `entry` | an entry, and when it was known or happened |
    | `now` | nothing happens for a while: what time it is in the replay |
    | `paused` | `step` entries were told; go on from the last `id` |
    | `end` | there is no more |

    To seek, ask anew with another `from`. `id` is a cursor: from it the replay goes on at any speed or step.
    It shows what the caller may see today, and changes nothing.
    """
    return await event_stream(gateway.replays.frames(viewer, asked, last_event_id or asked.cursor), still)
