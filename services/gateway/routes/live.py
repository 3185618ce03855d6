"""The live stream, as server-sent events."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from services.gateway import documented
from services.gateway.asked import Watching
from services.gateway.dependencies import GatewayParts, SeenBy, StillSeenBy
from services.gateway.frames import Chosen
from services.gateway.media import EventStream
from services.gateway.streaming import event_stream

router = APIRouter(prefix="/v1/operations/{operation}/live", tags=["live"])


@router.get("", response_class=EventStream, responses=documented.STREAM)
async def get_live(
    viewer: SeenBy,
    gateway: GatewayParts,
    still: StillSeenBy,
    asked: Annotated[Watching, Query()],
    last_event_id: Annotated[str | None, Header(max_length=200)] = None,
) -> Response:
    """What happens in the picture from now on, or from a cursor; it resumes by `Last-Event-ID` or `?cursor=`.

    | Event | Says |
    |---|---|
    | `entry` | an entry came, or an earlier one is open to the caller from now on |
    | `corrected` | an earlier entry reads otherwise now: `entry`, and `by` which it was corrected |
    | `withdrawn` | an earlier entry is to be taken out: it was retracted `by` another, or is no longer for the caller |
    | `now` | nothing else happened; sent every ten seconds |
    | `resync` | the caller read too slowly: the stream ends, and nothing is lost by resuming from the last `id` |

    `id` is a cursor; the `tail` of a list is one too. `type` reads the entry itself, `country` and `category` the
    record that it belongs to. The stream ends when the token does, or when the agency's place in the operation changes.
    """
    chosen = Chosen(frozenset(asked.type), frozenset(asked.country), frozenset(asked.category))
    return await event_stream(gateway.live.frames(viewer, last_event_id or asked.cursor, chosen=chosen), still)
