"""The after-action report: a page to print."""

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from services.gateway import documented
from services.gateway.dependencies import OneLook
from services.gateway.problems import NotFound
from services.gateway.report.gathered import gathered
from services.gateway.report.rendered import rendered

router = APIRouter(prefix="/v1/operations/{operation}/report", tags=["picture"])


@router.get("", response_class=HTMLResponse, responses=documented.REPORT)
async def get_report(look: OneLook) -> Response:
    """The operation at one moment as a page that prints to A4: figures, releases, course, and the hash of the log."""
    found = await gathered(look.picture)
    if found is None:
        raise NotFound
    page, policy = rendered(look.picture, found)
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": policy}
    return Response(page, media_type="text/html", headers=headers)
