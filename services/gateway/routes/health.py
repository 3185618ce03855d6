"""Health: is the process there, and can it keep its promises."""

from fastapi import APIRouter, Request, Response

from services.gateway import documented
from services.gateway.answering import json_response
from services.gateway.dependencies import parts
from services.gateway.problems import NotStarted
from services.gateway.readiness import incomplete, unready

router = APIRouter(prefix="/health", tags=["health"])


@router.get("/live", responses=documented.LIVE_HEALTH)
async def get_live() -> Response:
    """The process answers."""
    return json_response({"status": "live"})


@router.get("/ready", responses=documented.READINESS)
async def get_ready(request: Request) -> Response:
    """Log and database answer, and the log is as durable as asked. What is parked makes the picture `incomplete`."""
    lacks: list[str] = []
    try:
        gateway = parts(request)
    except NotStarted as waiting:
        reasons = [waiting.detail]
    else:
        reasons = await unready(gateway)
        lacks = [] if reasons else await incomplete(gateway)
    status = "unready" if reasons else "incomplete" if lacks else "ready"
    answer = json_response({"status": status, "reasons": reasons + lacks})
    answer.status_code = 503 if reasons else 200
    return answer
