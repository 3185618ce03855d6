"""Health: is the process there, and can it keep its promises."""

from fastapi import APIRouter, Response

from services.gateway import documented
from services.gateway.answering import json_response
from services.gateway.dependencies import GatewayParts
from services.gateway.readiness import incomplete, unready

router = APIRouter(prefix="/health", tags=["health"])


@router.get("/live", responses=documented.LIVE_HEALTH)
async def get_live() -> Response:
    """The process answers."""
    return json_response({"status": "live"})


@router.get("/ready", responses=documented.READINESS)
async def get_ready(gateway: GatewayParts) -> Response:
    """Log and database answer, and the log is as durable as asked. What is parked makes the picture `incomplete`."""
    reasons = await unready(gateway)
    lacks = [] if reasons else await incomplete(gateway)
    status = "unready" if reasons else "incomplete" if lacks else "ready"
    answer = json_response({"status": status, "reasons": reasons + lacks})
    answer.status_code = 503 if reasons else 200
    return answer
