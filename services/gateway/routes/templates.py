"""Templates: what an operation of a kind usually is, for whoever opens one."""

from fastapi import APIRouter, Response

from schemas.templates import templates
from services.gateway import documented
from services.gateway.answering import json_response
from services.gateway.dependencies import SignedIn
from services.gateway.problems import NotFound

router = APIRouter(prefix="/v1/templates", tags=["operations"])


@router.get("", responses=documented.TEMPLATES)
async def get_templates(caller: SignedIn) -> Response:
    """All templates; their members go into the report that opens an operation, which names the template."""
    return json_response({"items": [one.model_dump(mode="json") for one in templates().values()]})


@router.get("/{template}", responses=documented.TEMPLATE)
async def get_template(template: str, caller: SignedIn) -> Response:
    """One template: members of `operation.created.v1`, planned phases in days, and who usually takes part."""
    found = templates().get(template)
    if found is None:
        raise NotFound
    return json_response(found.model_dump(mode="json"))
