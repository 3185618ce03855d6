"""The code lists, versioned, with labels in the language that a reader asks for."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from schemas.codes import LISTS, CodeList, languages
from schemas.vocabulary import Language
from services.gateway import documented
from services.gateway.answering import json_response
from services.gateway.dependencies import SignedIn
from services.gateway.problems import NotFound

router = APIRouter(prefix="/v1/codes", tags=["schemas"])
_KEPT = {"Cache-Control": "private, max-age=300"}
Asked = Annotated[Language, Query(description="`de`, `de-AT`; what it has no label for is told in English.")]


@router.get("", responses=documented.CODES)
async def get_code_lists(caller: SignedIn) -> Response:
    """The lists, their versions, and the languages that have labels."""
    items = [{"list": one.name, "version": one.version, "codes": len(one.codes)} for one in LISTS.values()]
    return json_response({"items": items, "languages": ["en", *languages()]}, headers=_KEPT)


@router.get("/{list}", responses=documented.CODE_LIST)
async def get_code_list(list: str, caller: SignedIn, lang: Asked = "en") -> Response:
    """One list: its codes in their order, each with its label."""
    if list not in LISTS:
        raise NotFound
    return json_response(_labelled(LISTS[list], lang), headers=_KEPT)


def _labelled(found: CodeList, language: str) -> dict[str, Any]:
    labels = {code: found.label(code, language) for code in found.codes}
    return {"list": found.name, "version": found.version, "labels": labels}
