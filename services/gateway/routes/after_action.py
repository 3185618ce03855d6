"""The after-action report as a page to read, print and keep."""

from fastapi import APIRouter, Response

from services.gateway import documented
from services.gateway.after_action.gathering import gathered
from services.gateway.after_action.page import written
from services.gateway.dependencies import OneLook
from services.gateway.problems import NotFound

router = APIRouter(prefix="/v1/operations/{operation}", tags=["picture"])


@router.get("/report", responses=documented.AFTER_ACTION)
async def get_report(look: OneLook) -> Response:
    """The after-action report, as the caller may know it: one HTML document that prints on A4 and needs nothing else.

    It names no person. Its figures, map and times are those of the views as of the same moment.
    """
    report = await gathered(look.picture, look.asked)
    if report is None:
        raise NotFound
    page, headers = written(report)
    return Response(page, media_type="text/html; charset=utf-8", headers=headers)
